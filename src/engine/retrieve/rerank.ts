import { weigh } from "./evidence.ts";
import type { PagePosition } from "./cursor.ts";
import type { Ranked } from "./rankStore.ts";
import { combineScore } from "./score.ts";
import type { Weights } from "./weights.ts";

/** So many of the best results are read: reading takes milliseconds each. */
export const MOST_READ = 16;

/** What a reranker told of the best results. */
export interface Reading {
  /** The reranker, as people are told of it. */
  readonly model: string;
  /** By id of the memory, how well it answers, 0..1 in steps of a thousandth; those of the first page count where there is a cursor. */
  readonly shares?: ReadonlyMap<string, number>;
  /** Milliseconds that it took. */
  readonly ms?: number;
  /** Why nothing was read, for a person. */
  readonly why?: string;
}

export type ReadRow = NonNullable<PagePosition["read"]>[number];

/** How well a row answers, and what it therefore stands for in a cursor; undefined for one that was not read. */
export function readingOf(
  reading: Reading | undefined,
  position: PagePosition | undefined,
): (entry: Ranked) => number | undefined {
  if (position === undefined) return ({ memory }) => reading?.shares?.get(memory.id);
  const known = new Map(position.read?.map((one) => [`${one.store}:${one.row}`, one.share]));
  return ({ store, row }) => known.get(`${store}:${row}`);
}

/**
 * The same entries, the first 16 of them by the scores that they have with what a reranker told of them. Reading only ever lifts a score, so that
 * the first 16 stay the first 16, keys never rise, and what comes after them is as it was. `onRead` is told of each that was read.
 */
export function* rerank(
  ranking: Iterable<Ranked>,
  shareOf: (entry: Ranked) => number | undefined,
  weightsOf: (entry: Ranked) => Weights | undefined,
  onRead: (row: ReadRow) => void,
): Generator<Ranked> {
  const entries = ranking[Symbol.iterator]();
  const first: Ranked[] = [];
  while (first.length < MOST_READ) {
    const next = entries.next();
    if (next.done === true) break;
    const share = shareOf(next.value);
    const weights = weightsOf(next.value);
    if (share === undefined || weights === undefined) first.push(next.value);
    else {
      first.push(lifted(next.value, share, weights));
      onRead({ store: next.value.store, row: next.value.row, share });
    }
  }
  first.sort((a, b) => b.key - a.key || a.store - b.store || b.row - a.row);
  yield* first;
  for (let next = entries.next(); next.done !== true; next = entries.next()) yield next.value;
}

function lifted(entry: Ranked, reranker: number, weights: Weights): Ranked {
  if (entry.evidence === undefined || entry.qualities === undefined) return entry;
  const evidence = { ...entry.evidence, reranker };
  const key = Math.max(entry.key, combineScore(weigh(evidence, weights), entry.qualities, weights));
  return { ...entry, evidence, key, score: key };
}
