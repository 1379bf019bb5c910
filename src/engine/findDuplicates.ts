import type { RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { DuplicatePair } from "../contract/explore.ts";
import type { Kind } from "../contract/kinds.ts";
import type { Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { Settings } from "../contract/settings.ts";
import { type NearPair, nearPairs } from "./admit/nearPairs.ts";
import { Sketches } from "./admit/sketches.ts";
import { FUNCTION_WORDS } from "./indexing/functionWords.ts";
import { meaningThreshold } from "./judgeTexts.ts";
import { meaningPairs } from "./meaningPairs.ts";
import type { Clock } from "./ports.ts";
import type { Recall } from "./recall.ts";
import { Deadline } from "./retrieve/deadline.ts";
import { memoryRow } from "./retrieve/memoryRow.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

const MOST_PAIRS = 500;
/** A review is asked for by a person, who waits; it lets every other request pass meanwhile. */
const TIME_LIMIT_MS = 20_000;

/** But for those that turn a sentence around. */
const COMMON_WORDS = [...FUNCTION_WORDS].filter(
  (word) => !["no", "not", "nor", "only", "before", "after"].includes(word),
);

export interface DuplicatesParts {
  readonly recall: Recall;
  readonly clock: Clock;
  /** By the name of a store, kept from one call to the next. */
  readonly sketches: Map<SearchStore["name"], Sketches>;
  readonly settings: Pick<Settings, "duplicateMeaning">;
}

/** Pairs that say much the same and are two: their likeness is below what merges at capture, or they were imported as they are. */
export async function findDuplicates(
  { recall, clock, sketches, settings }: DuplicatesParts,
  { similarity, limit }: { readonly similarity: number; readonly limit: number },
  context: RequestContext,
): Promise<readonly DuplicatePair[]> {
  if (!(similarity > 0 && similarity <= 1))
    throw new HeirloomError("INVALID_INPUT", "similarity must be above 0, and 1 at most.");
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_PAIRS)
    throw new HeirloomError("INVALID_INPUT", `limit must be a whole number from 1 to ${MOST_PAIRS}.`);
  const deadline = new Deadline(clock, TIME_LIMIT_MS, context.signal, "Ask for pairs that are more alike.");
  const { stores } = await recall.standing(context);
  const pairs: DuplicatePair[] = [];
  for (const store of stores) {
    const known = sketches.get(store.name) ?? new Sketches(COMMON_WORDS);
    sketches.set(store.name, known);
    const threshold = (kind: Kind): number => Math.max(similarity, meaningThreshold(settings, kind));
    pairs.push(...(await pairsOf(store, known, { similarity, limit, threshold }, clock.now(), deadline)));
  }
  return pairs.sort((x, y) => y.similarity - x.similarity).slice(0, limit);
}

async function pairsOf(
  store: SearchStore,
  sketches: Sketches,
  asked: { readonly similarity: number; readonly limit: number; readonly threshold: (kind: Kind) => number },
  now: number,
  deadline: Deadline,
): Promise<readonly DuplicatePair[]> {
  const { projection, view } = store;
  const { similarity, limit, threshold } = asked;
  const living = projection.livingRows(now);
  const memoryOf = (row: number): Memory | undefined => (hasRow(living, row) ? projection.memory(row) : undefined);
  const found = await nearPairs({
    sketches,
    signatures: projection.signatures(),
    textOf: (row) => memoryOf(row)?.content,
    eligible: (a, b) => areOfOneScope(memoryOf(a), memoryOf(b)),
    eligibleByWords: (a, b) => memoryOf(a)?.kind !== "event" && memoryOf(b)?.kind !== "event",
    similarity,
    limit,
    check: () => deadline.check(),
  });
  const known = new Set(found.map(({ a, b }) => `${a} ${b}`));
  const eligible = (a: number, b: number): boolean => areOfOneScope(memoryOf(a), memoryOf(b));
  const close = await meaningPairs({ store, living, memoryOf, eligible, threshold, deadline });
  const more = close.filter(({ a, b }) => !known.has(`${a} ${b}`));
  const visible = projection.visibleRows(view, now);
  const all: readonly (NearPair & { readonly by?: "meaning" })[] = [...found, ...more];
  return all.flatMap((pair) => {
    const [a, b] = [memoryOf(pair.a), memoryOf(pair.b)];
    if (a === undefined || b === undefined) return [];
    const shown = (memory: Memory, row: number): DuplicatePair["a"] => ({
      ...memoryRow({ memory, visible: hasRow(visible, row) }),
      content: memory.content,
    });
    const by = pair.by === undefined ? {} : { by: pair.by };
    return { a: shown(a, pair.a), b: shown(b, pair.b), similarity: pair.similarity, ...by };
  });
}

/** What is said to one session, or to one workspace, does not repeat what is said elsewhere. */
const areOfOneScope = (a: Memory | undefined, b: Memory | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  (a.scope === "session") === (b.scope === "session") &&
  (a.scope !== "session" || a.sessionId === b.sessionId);
