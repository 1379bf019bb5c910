import { setImmediate } from "node:timers/promises";
import { shortPairs } from "./shortPairs.ts";
import { jaccard, shingles } from "./signature.ts";
import { SKETCH_BANDS, type Sketches } from "./sketches.ts";

export interface NearPair {
  /** The newer row. */
  readonly a: number;
  readonly b: number;
  /** Jaccard similarity of the word shingles, of short texts of the words, 0..1. */
  readonly similarity: number;
}

export interface NearPairsQuery {
  /** Kept from one call to the next, so that only what is new is sketched. */
  readonly sketches: Sketches;
  readonly signatures: Iterable<{ readonly row: number; readonly signature: string }>;
  /** Content of a row, undefined where it is not to be compared. */
  readonly textOf: (row: number) => string | undefined;
  /** Whether two rows may become one. */
  readonly eligible: (a: number, b: number) => boolean;
  /** Whether two short ones may be compared by their words. */
  readonly eligibleByWords: (a: number, b: number) => boolean;
  /** At least so alike. */
  readonly similarity: number;
  readonly limit: number;
  /** Called between slices of the work; throws when there is no more time. */
  readonly check: () => void;
}

/** Rows with the same band that each row is compared with: boilerplate that is everywhere would give a pair for every two. */
const NEIGHBOURS = 6;
/** Pairs whose texts are compared, those that share most bands first. */
const MOST_COMPARED = 4_000;
const SLICE_MS = 15;
/** A row and the value of a band in one number: 32 bits of the value above these. */
const ROWS = 2 ** 21;

/** The pairs of rows that say much the same, most alike first: candidates share a band of their sketches, and are then compared in full; short texts by their words. */
export async function nearPairs(query: NearPairsQuery): Promise<readonly NearPair[]> {
  const pause = pauses(query.check);
  const rows: number[] = [];
  for (const { row, signature } of query.signatures) {
    if (rows.length === ROWS) break;
    if (!query.sketches.holds(row, signature)) {
      await pause();
      const text = query.textOf(row);
      if (text === undefined) continue;
      query.sketches.set(row, signature, text);
    }
    rows.push(row);
  }
  const shared = new Map<number, number>();
  for (let band = 0; band < SKETCH_BANDS; band++) {
    await pause();
    countNeighbours(rows, query.sketches, band, shared);
  }
  const likely = [...shared].sort((x, y) => y[1] - x[1] || y[0] - x[0]);
  const made = new Map<number, Uint32Array | undefined>();
  const shinglesOf = (row: number): Uint32Array | undefined => {
    if (made.has(row)) return made.get(row);
    const text = query.textOf(row);
    const ofText = text === undefined ? undefined : shingles(text);
    made.set(row, ofText);
    return ofText;
  };
  const pairs: NearPair[] = [];
  let compared = 0;
  for (const [key] of likely) {
    const [a, b] = [rows[Math.floor(key / ROWS)] ?? 0, rows[key % ROWS] ?? 0];
    await pause();
    if (!query.eligible(a, b)) continue;
    if (compared++ === MOST_COMPARED) break;
    const [left, right] = [shinglesOf(a), shinglesOf(b)];
    if (left === undefined || right === undefined) continue;
    const similarity = jaccard(left, right);
    if (similarity >= query.similarity) pairs.push({ a: Math.max(a, b), b: Math.min(a, b), similarity });
  }
  const known = new Set(pairs.map(({ a, b }) => `${a} ${b}`));
  for (const pair of shortPairs(rows, (row) => query.sketches.words(row), query.similarity)) {
    await pause();
    if (pair === undefined) continue;
    const [a, b] = [Math.max(pair.a, pair.b), Math.min(pair.a, pair.b)];
    if (known.has(`${a} ${b}`) || !query.eligible(a, b) || !query.eligibleByWords(a, b)) continue;
    pairs.push({ a, b, similarity: pair.similarity });
  }
  return pairs.sort((x, y) => y.similarity - x.similarity || y.a - x.a).slice(0, query.limit);
}

/** Lets others have their turn every few milliseconds. */
function pauses(check: () => void): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await setImmediate();
    since = performance.now();
    check();
  };
}

/** Places with the same value in a band, sorted by value: each is paired with the few after it. The key of a pair is place * ROWS + place. */
function countNeighbours(rows: readonly number[], sketches: Sketches, band: number, shared: Map<number, number>): void {
  const keys = Float64Array.from(rows, (row, place) => sketches.band(row, band) * ROWS + place).sort();
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    const value = Math.floor(key / ROWS);
    for (let next = at + 1; next < keys.length && next <= at + NEIGHBOURS; next++) {
      const other = keys[next] ?? 0;
      if (Math.floor(other / ROWS) !== value) break;
      const pair = (key % ROWS) * ROWS + (other % ROWS);
      shared.set(pair, (shared.get(pair) ?? 0) + 1);
    }
  }
}
