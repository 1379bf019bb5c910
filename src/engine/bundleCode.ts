import type { RequestContext } from "../contract/engineApi.ts";
import { keepNewest } from "../contract/keepNewest.ts";
import { RecentValues } from "../contract/recentValues.ts";
import type { IndexedFile } from "./code/codeIndex.ts";
import { askedFiles } from "./code/askedFiles.ts";
import { bundleItems } from "./code/bundleItems.ts";
import { type Accepts, type CodeScope, scopeFilter } from "./code/codeAnswers.ts";
import type { CodeService } from "./code/codeService.ts";
import { evidenceOfTree } from "./code/locate/evidence.ts";
import type { ReadIntent } from "./code/intent/readIntent.ts";
import { locateQuestion } from "./code/locateQuestion.ts";
import type { CodeOfTrees } from "./codeOfTrees.ts";
import type { Packs } from "./packs.ts";
import type { Logger } from "./ports.ts";
import type { CodeItem } from "./seams.ts";

export interface BundleCodeParts {
  readonly code: CodeOfTrees;
  readonly packs: Packs;
  /** Takes secrets out of texts of a work tree. */
  readonly redact: (texts: readonly string[], root: string) => Promise<readonly string[]>;
  readonly logger: Logger;
}

export interface CodeAsked {
  readonly query: string;
  readonly read: ReadIntent;
  /** Tokens of the whole bundle. */
  readonly budget: number;
  readonly pack: string | undefined;
  /** Paths, or ends of paths, that lead; without `includeRelated` no other file is found. */
  readonly specificFiles: readonly string[] | undefined;
  readonly includeRelated: boolean | undefined;
}

/** What the code says to a question. */
export interface CodeFound {
  /** `none`: nothing is indexed yet, or nothing can be. `off`: a person switched it off. */
  readonly state: "ready" | "partial" | "none" | "off";
  /** Files that are not indexed yet. */
  readonly pending: number;
  readonly items: readonly CodeItem[];
  /** Files that were asked for and are not in the index. */
  readonly missing: readonly { readonly ref: string; readonly why: string }[];
  /** How much of the question the code has, 0..1, to compare it with that of other folders. */
  readonly evidence: () => number;
  /** Begins what was not waited for; called when the answer is made, which it must not slow down. */
  readonly begin: () => void;
}

/** Files that are weighed. */
const MOST_FILES = 20;
/** Questions that are kept for when they are asked again, and UTF-16 units of texts that other questions may find too. */
const MOST_QUESTIONS = 32;
const MOST_UNITS = 4_000_000;

interface Kept {
  readonly version: number;
  readonly items: readonly CodeItem[];
  readonly missing: CodeFound["missing"];
  readonly evidence: CodeFound["evidence"];
}

/** The code's part of bundles. What it found is kept as long as the index says the same; secrets are taken out each time, since they may be new. */
export class BundleCode {
  readonly #parts: BundleCodeParts;
  readonly #questions = new WeakMap<CodeService, Map<string, Kept>>();
  readonly #texts = new RecentValues<IndexedFile, string>(MOST_UNITS);

  constructor(parts: BundleCodeParts) {
    this.#parts = parts;
  }

  /** Where the code cannot be read a bundle is made without it. NOT_FOUND for a pack. */
  async find(asked: CodeAsked, context: RequestContext, of: CodeScope): Promise<CodeFound> {
    const { code, packs, logger } = this.#parts;
    const pack = await packs.scope(asked.pack, context);
    const scope = { key: JSON.stringify([of, pack?.key]), accepts: scopeFilter(of, pack?.accepts) };
    try {
      const { service, begin } = await code.atHand(context);
      const { files, pending, state } = service.status();
      if (state === "off") return { ...NOTHING, state };
      if (files === 0) return { ...NOTHING, state: service.isIndexed ? "ready" : "none", pending, begin };
      const { items, missing, evidence } = await this.#itemsOf(service, asked, scope);
      const shown = await this.#redacted(items, service.root);
      return {
        state: pending > 0 || !service.isIndexed ? "partial" : "ready",
        ...{ pending, items: shown, missing, evidence, begin },
      };
    } catch (error) {
      logger.log("warn", "a bundle is made without the code", { error });
      return NOTHING;
    }
  }

  async #itemsOf(
    service: CodeService,
    { query, read, budget, specificFiles, includeRelated = false }: CodeAsked,
    scope: { readonly key: string; readonly accepts: Accepts | undefined },
  ): Promise<Omit<Kept, "version">> {
    const kept = this.#questions.get(service) ?? new Map<string, Kept>();
    this.#questions.set(service, kept);
    const key = JSON.stringify([query, budget, specificFiles, includeRelated, scope.key]);
    const { version } = service;
    const known = kept.get(key);
    if (known?.version === version) return known;
    const narrowed = scope.accepts === undefined ? {} : { accepts: scope.accepts };
    const { located, asked, unknown } =
      specificFiles === undefined || specificFiles.length === 0
        ? {
            located: locateQuestion(query, service.sources(), { limit: MOST_FILES, ...narrowed }, read),
            asked: NONE,
            unknown: [],
          }
        : askedFiles(query, specificFiles, service.sources(), { related: includeRelated, read, ...narrowed });
    const missing = unknown.map((ref) => ({ ref, why: "no file of the index has this path" }));
    const items = await bundleItems(located, {
      asked,
      budget,
      textOf: ({ file }) => this.#textOf(service, file),
    });
    let share: number | undefined;
    const evidence = (): number =>
      (share ??= evidenceOfTree(located.question, service.sources().index, located.places));
    // While it is being indexed the same version is not the same index.
    if (service.version === version && service.status().state === "ready") {
      kept.delete(key);
      kept.set(key, { version, items, missing, evidence });
      keepNewest(kept, MOST_QUESTIONS);
    }
    return { items, missing, evidence };
  }

  async #textOf(service: CodeService, file: IndexedFile): Promise<string | undefined> {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = await service.textOf(file);
    if (text !== undefined) this.#texts.keep(file, text, text.length);
    return text;
  }

  async #redacted(items: readonly CodeItem[], root: string): Promise<readonly CodeItem[]> {
    const texts = items.flatMap(({ reasons, symbols, passages, whole = "" }) => [
      ...reasons,
      ...symbols.map(({ signature }) => signature),
      ...passages.map(({ text }) => text),
      whole,
    ]);
    const safe = await this.#parts.redact(texts, root);
    let next = 0;
    const take = (): string => safe[next++] ?? "";
    return items.map((item) => {
      const reasons = item.reasons.map(take);
      const symbols = item.symbols.map((symbol) => ({ ...symbol, signature: take() }));
      const passages = item.passages.map((passage) => ({ ...passage, text: take() }));
      const { whole, ...rest } = { ...item, reasons, symbols, passages };
      const text = take();
      return whole === undefined ? rest : { ...rest, whole: text };
    });
  }
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING: CodeFound = {
  state: "none",
  pending: 0,
  items: [],
  missing: [],
  evidence: () => 0,
  begin: () => undefined,
};
