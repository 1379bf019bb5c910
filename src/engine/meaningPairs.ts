import { setImmediate } from "node:timers/promises";
import { HeirloomError } from "../contract/errors.ts";
import type { Kind } from "../contract/kinds.ts";
import type { Memory } from "../contract/memory.ts";
import type { RowSet } from "../contract/rowSet.ts";
import type { NearPair } from "./admit/nearPairs.ts";
import type { Deadline } from "./retrieve/deadline.ts";
import type { SearchStore, SearchVectors } from "./retrieve/storePlan.ts";

export interface MeaningPairsQuery {
  readonly store: SearchStore;
  readonly living: RowSet;
  /** Undefined where a row is not to be compared. */
  readonly memoryOf: (row: number) => Memory | undefined;
  /** Whether two rows may become one. */
  readonly eligible: (a: number, b: number) => boolean;
  /** From how alike on two of a kind are told. */
  readonly threshold: (kind: Kind) => number;
  readonly deadline: Deadline;
}

/** Rows that each row is paired with, the nearest. */
const NEIGHBOURS = 4;
/** Each row is compared with all others: a large store is reviewed as far as this time goes, the newest memories first. */
const TIME_MS = 4_000;
const SLICE_MS = 15;
const MOST_ROWS = 20_000;

/**
 * Pairs of rows that mean much the same, whatever their words: the cosine of their vectors, 0..1, as similarity. Memories of several passages are
 * left out, as one passage that is alike makes no duplicate, and events, which are many of a kind. Empty without a model, and while its vectors are
 * being made.
 */
export async function meaningPairs(
  query: MeaningPairsQuery,
): Promise<readonly (NearPair & { readonly by: "meaning" })[]> {
  const { store, living, memoryOf, eligible, threshold, deadline } = query;
  const pairs = new Map<string, NearPair & { readonly by: "meaning" }>();
  const end = deadline.now() + TIME_MS;
  let since = deadline.now();
  for (const { row } of store.projection.newest(living, MOST_ROWS)) {
    if (deadline.now() - since > SLICE_MS) {
      await setImmediate();
      deadline.check();
      since = deadline.now();
      if (since > end) break;
    }
    const memory = memoryOf(row);
    if (memory === undefined || !isCompared(memory)) continue;
    const vectors = vectorsOf(store, memory);
    if (vectors === undefined) break;
    for (const near of vectors.index.search(vectors.query, { limit: NEIGHBOURS + 1, rows: living })) {
      const [a, b] = [Math.max(row, near.row), Math.min(row, near.row)];
      const other = memoryOf(near.row);
      if (a === b || other === undefined || !isCompared(other) || !eligible(a, b)) continue;
      if (near.similarity < Math.max(threshold(memory.kind), threshold(other.kind))) continue;
      pairs.set(`${a} ${b}`, { a, b, similarity: Math.min(1, near.similarity), by: "meaning" });
    }
  }
  return [...pairs.values()];
}

const isCompared = ({ parts, kind }: Memory): boolean => parts.length === 0 && kind !== "event";

/** With the title, as the index was given it. */
function vectorsOf(store: SearchStore, { title = "", content }: Memory): SearchVectors | undefined {
  try {
    return store.vectors(content.startsWith(title) ? content : `${title}\n${content}`);
  } catch (error) {
    if (error instanceof HeirloomError && error.code === "EMBEDDING_FAILED") return undefined;
    throw error;
  }
}
