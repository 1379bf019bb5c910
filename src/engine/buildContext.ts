import type { RequestContext } from "../contract/engineApi.ts";
import { keepNewest } from "../contract/keepNewest.ts";
import type { BuildContextInput, BuildContextResult, ProgressiveInput } from "../contract/tools.ts";
import type { CodeFound } from "./bundleCode.ts";
import { splitPlace } from "./bundleRoots.ts";
import { readIntent } from "./code/intent/readIntent.ts";
import type { CodeRoots } from "./codeRoots.ts";
import { composeBundle } from "./compose/composeBundle.ts";
import { composeContext } from "./compose/composeContext.ts";
import type { Recall } from "./recall.ts";
import type { TokenCounter } from "./seams.ts";

export interface ContextBuilderParts {
  readonly recall: Recall;
  readonly tokens: TokenCounter;
}

const DEFAULT_BUDGET = 4_000;
const DEFAULT_CANDIDATES = 40;

/** Bundles of what is remembered and of the code. Where there is no code it is the bundle of memories alone, and not later. */
export class ContextBuilder {
  readonly #parts: ContextBuilderParts;
  readonly #counts: TokenCounter;

  constructor(parts: ContextBuilderParts) {
    this.#parts = parts;
    this.#counts = remembering(parts.tokens);
  }

  /** `roots`: whose code is asked. INVALID_INPUT, NOT_FOUND for a pack, QUERY_TIMEOUT. */
  async build(
    input: BuildContextInput & Partial<ProgressiveInput>,
    roots: () => Promise<CodeRoots>,
    context: RequestContext,
  ): Promise<BuildContextResult> {
    const { recall, tokens } = this.#parts;
    const { query, budget = DEFAULT_BUDGET, limit = DEFAULT_CANDIDATES, detail, pack } = input;
    const { specificFiles, includeRelated } = input;
    const searching = recall.search(query, { ...input, read: true }, limit, context);
    const [page] = await Promise.all([searching, tokens.load()]);
    const found = await (await roots()).bundle({ query, budget, pack, specificFiles, includeRelated });
    const { intent, shape } = readIntent(query);
    const about = { intent, ...codeOf(found) };
    const composed =
      found.items.length === 0
        ? composeContext(query, page.results, {
            ...{ budget, detail: detail ?? "implementation", tokens, limit },
            missing: found.missing,
          })
        : composeBundle(query, page.results, found.items, {
            budget,
            shape,
            tokens: this.#counts,
            limit,
            missing: found.missing,
            ...(detail === undefined ? {} : { detail }),
          });
    found.begin();
    return { ...composed, items: composed.items.map(withRoot), ...about };
  }
}

type Item = BuildContextResult["items"][number];

const withRoot = (item: Item): Item => ({ ...item, ...(item.path === undefined ? {} : splitPlace(item.path)) });

function codeOf({ state, pending }: CodeFound): Pick<BuildContextResult, "code"> {
  return { code: { state, ...(pending === 0 ? {} : { pending }) } };
}

const KEPT_COUNTS = 512;

/** Passages are counted again and again as a question is asked again, or another one finds them too. */
function remembering(tokens: TokenCounter): TokenCounter {
  const known = new Map<string, number>();
  return {
    load: () => tokens.load(),
    count(text) {
      const counted = known.get(text) ?? tokens.count(text);
      known.delete(text);
      known.set(text, counted);
      keepNewest(known, KEPT_COUNTS);
      return counted;
    },
  };
}
