import type { RequestContext } from "../contract/engineApi.ts";
import { RecentValues } from "../contract/recentValues.ts";
import type { BuildContextInput, BuildContextResult, ProgressiveInput } from "../contract/tools.ts";
import type { CodeFound } from "./bundleCode.ts";
import { splitPlace } from "./bundleRoots.ts";
import { readIntent } from "./code/intent/readIntent.ts";
import type { CodeRoots } from "./codeRoots.ts";
import { composeBundle } from "./compose/composeBundle.ts";
import { composeContext } from "./compose/composeContext.ts";
import { composedOf, KeptBundles } from "./keptBundles.ts";
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
  readonly #kept = new KeptBundles();

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
    const read = readIntent(query);
    const searching = recall.search(query, { ...input, read: true, intent: read.intent.name }, limit, context);
    const [page] = await Promise.all([searching, tokens.load()]);
    const found = await (await roots()).bundle({ query, read, budget, pack, specificFiles, includeRelated });
    const { items, missing } = found;
    const memories = composedOf(page.results);
    const composed = this.#kept.get(
      JSON.stringify([query, budget, detail, limit]),
      { memories, items, missing },
      (): BuildContextResult =>
        items.length === 0
          ? composeContext(query, memories, {
              ...{ budget, detail: detail ?? "implementation", tokens, limit, missing },
            })
          : composeBundle(query, memories, items, {
              ...{ budget, shape: read.shape, tokens: this.#counts, limit, missing },
              ...(detail === undefined ? {} : { detail }),
            }),
    );
    found.begin();
    return { ...composed, items: composed.items.map(withRoot), intent: read.intent, ...codeOf(found) };
  }
}

type Item = BuildContextResult["items"][number];

const withRoot = (item: Item): Item => ({ ...item, ...(item.path === undefined ? {} : splitPlace(item.path)) });

function codeOf({ state, pending }: CodeFound): Pick<BuildContextResult, "code"> {
  return { code: { state, ...(pending === 0 ? {} : { pending }) } };
}

/** UTF-16 units of the texts whose counts are kept, and of the longest of them: a whole bundle does not come again. */
const COUNTED_UNITS = 4_000_000;
const LONGEST_COUNTED = 12_000;

/** Passages are counted again and again as a question is asked again, or another one finds them too. */
function remembering(tokens: TokenCounter): TokenCounter {
  const known = new RecentValues<string, number>(COUNTED_UNITS);
  return {
    load: () => tokens.load(),
    count(text) {
      if (text.length > LONGEST_COUNTED) return tokens.count(text);
      const kept = known.get(text);
      if (kept !== undefined) return kept;
      const counted = tokens.count(text);
      known.keep(text, counted, text.length);
      return counted;
    },
  };
}
