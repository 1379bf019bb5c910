import { jaccard } from "./signature.ts";

/** Of two texts that are compared by their words the shorter has so many at most: longer ones have triples enough to be alike by. */
const FEW_WORDS = 8;
/** A text of more words is not half of a short one. */
export const MOST_WORDS = 2 * FEW_WORDS;
/** Rows with the same rare word that each row is compared with, the nearest first. */
const NEIGHBOURS = 16;

export interface ShortPair {
  /** The later of the rows as they are given. */
  readonly a: number;
  readonly b: number;
  /** Jaccard similarity of the words, 0..1. */
  readonly similarity: number;
}

/**
 * Pairs of short texts that share at least `similarity` of their words. Only what shares one of its rarest words can be so alike, so that only
 * those are compared (prefix filtering: Chaudhuri, Ganti, Kaushik 2006). `wordsOf`: distinct hashes, ascending; undefined of a longer text.
 */
export function* shortPairs(
  rows: readonly number[],
  wordsOf: (row: number) => Uint32Array | undefined,
  similarity: number,
): Generator<ShortPair | undefined> {
  const holding = new Map<number, number>();
  for (const row of rows) for (const word of wordsOf(row) ?? []) holding.set(word, (holding.get(word) ?? 0) + 1);
  const listed = new Map<number, number[]>();
  for (const row of rows) {
    // The caller may want to pause.
    yield undefined;
    const words = wordsOf(row);
    if (words === undefined) continue;
    const byRarity = [...words].sort((x, y) => (holding.get(x) ?? 0) - (holding.get(y) ?? 0) || x - y);
    const rarest = byRarity.slice(0, words.length - Math.ceil(similarity * words.length) + 1);
    const others = new Set(rarest.flatMap((word) => (listed.get(word) ?? []).slice(-NEIGHBOURS)));
    for (const other of others) {
      const theirs = wordsOf(other);
      if (theirs === undefined || Math.min(words.length, theirs.length) > FEW_WORDS) continue;
      const shared = jaccard(words, theirs);
      if (shared >= similarity) yield { a: row, b: other, similarity: shared };
    }
    for (const word of rarest) {
      const list = listed.get(word);
      if (list === undefined) listed.set(word, [row]);
      else list.push(row);
    }
  }
}
