/**
 * Everything that is no ASCII word has no row in a table of English and code. Such text is taken by its characters and their pairs, each hashed,
 * and each hash stands for a vector of its own that is drawn from it: the same words match, and others do not.
 */
export function strangeGrams(text: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [run] of text.matchAll(STRANGE_RUN)) {
    const characters = Array.from(run.toLowerCase());
    for (const [at, character] of characters.entries()) {
      count(counts, character);
      const next = characters[at + 1];
      if (next !== undefined) count(counts, character + next);
    }
  }
  return counts;
}

/** ASCII signs, for a text that holds nothing else. */
export function signGrams(text: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [sign] of text.matchAll(/\S/gu)) count(counts, sign);
  return counts;
}

/** Adds the vector that a hash stands for, of the given length, to `sums`. Deterministic: by Marsaglia's xorshift, "Xorshift RNGs" (2003). */
export function addDrawn(hash: number, length: number, sums: Float32Array): void {
  const component = length / Math.sqrt(sums.length);
  let state = hash === 0 ? 1 : hash;
  for (let at = 0; at < sums.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    sums[at] = (sums[at] ?? 0) + (state < 0 ? -component : component);
  }
}

/** Without diacritics: "Zürich" is found by "Zurich". */
export function folded(text: string): string {
  return BEYOND_ASCII.test(text) ? text.normalize("NFKD").replace(/\p{M}+/gu, "") : text;
}

/** The text that was folded holds something that is no ASCII. */
export const isStrange = (text: string): boolean => BEYOND_ASCII.test(text);

const BEYOND_ASCII = /\P{ASCII}/u;
const STRANGE_RUN = /[^\p{ASCII}\p{White_Space}]+/gu;

function count(counts: Map<number, number>, gram: string): void {
  let hash = 5381;
  for (let at = 0; at < gram.length; at++) hash = (Math.imul(hash, 33) ^ gram.charCodeAt(at)) | 0;
  // Mixed, as the draw begins with it: neighbours in an alphabet must not begin alike.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  counts.set(hash, (counts.get(hash) ?? 0) + 1);
}
