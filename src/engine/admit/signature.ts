import { mix } from "../../contract/mix.ts";
import { factHash } from "./facts.ts";
import { hashText, wordHashes } from "./words.ts";

/** Bands of the signature, each of `BAND_ROWS` minimum hashes. Two texts of Jaccard similarity J share a band with 1 - (1 - J^4)^10: 99.9 % at 0.85. */
export const BANDS = 10;
const BAND_ROWS = 4;
const SHINGLE_WORDS = 3;
/** A text of fewer shingles is compared as a whole. */
const FEWEST_SHINGLES = 8;
const SCHEME = "m1:";

/** Distinct hashes of the word triples of a text in ascending order; of a very short text the one hash of all its words. */
export const shingles = (content: string): Uint32Array => distinct(shingleHashes(content).sort());

/** The same in the order of the text, with repetitions. */
function shingleHashes(content: string): Uint32Array {
  const words = wordHashes(content);
  const count = words.length - SHINGLE_WORDS + 1;
  if (count < FEWEST_SHINGLES)
    return Uint32Array.of(words.length === 0 ? hashText(content) : hashWords(words, 0, words.length));
  const all = new Uint32Array(count);
  for (let at = 0; at < count; at++) all[at] = hashWords(words, at, at + SHINGLE_WORDS);
  return all;
}

/**
 * MinHash of the shingles (Broder 1997) in bands (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4), mixed with the facts of the text, so
 * that texts that differ in a fact share no band. "m1:" and the base64 of the bands, 32 bits each, little-endian.
 */
export function signature(content: string): string {
  const minima = minimumHashes(content, BANDS * BAND_ROWS);
  const facts = factHash(content);
  const bytes = Buffer.allocUnsafe(BANDS * 4);
  for (let band = 0; band < BANDS; band++) {
    let hash = mix(facts ^ band);
    for (let row = band * BAND_ROWS; row < (band + 1) * BAND_ROWS; row++)
      hash = mix(Math.imul(hash, 31) ^ (minima[row] ?? 0));
    bytes.writeUInt32LE(hash, band * 4);
  }
  return SCHEME + bytes.toString("base64");
}

/** The least value of each of the first `count` hash functions over the shingles; at most BANDS * BAND_ROWS. */
export function minimumHashes(content: string, count: number): Uint32Array {
  const hashes = shingleHashes(content);
  const minima = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const multiplier = MULTIPLIERS[row] ?? 1;
    const increment = INCREMENTS[row] ?? 0;
    let lowest = 0xffffffff;
    for (let at = 0; at < hashes.length; at++) {
      const hash = (Math.imul(hashes[at] ?? 0, multiplier) + increment) >>> 0;
      if (hash < lowest) lowest = hash;
    }
    minima[row] = lowest;
  }
  return minima;
}

/** The bands of a signature, written to `into` from `offset`; false when it is of another scheme. */
export function readBands(text: string, into: Uint32Array, offset: number): boolean {
  if (!text.startsWith(SCHEME)) return false;
  const bytes = Buffer.from(text.slice(SCHEME.length), "base64");
  if (bytes.length !== BANDS * 4) return false;
  for (let band = 0; band < BANDS; band++) into[offset + band] = bytes.readUInt32LE(band * 4);
  return true;
}

/** Shared members over all members of two ascending lists. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return shared / (a.length + b.length - shared);
}

function hashWords(words: Uint32Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (words[at] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
  return mix(hash);
}

function distinct(sorted: Uint32Array): Uint32Array {
  let count = 0;
  for (let at = 0; at < sorted.length; at++)
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[count++] = sorted[at] ?? 0;
  return sorted.subarray(0, count);
}

/** Odd multipliers and increments of the hash functions, from one fixed seed: they are part of the scheme's name. */
const [MULTIPLIERS, INCREMENTS] = [0x1234567, 0x89abcde].map((seed, list) =>
  Uint32Array.from({ length: BANDS * BAND_ROWS }, (_, row) => mix(seed + row * 0x9e3779b1) | (list === 0 ? 1 : 0)),
) as [Uint32Array, Uint32Array];
