/**
 * Tells of most words that they are none of some terms before they are analysed. A word of the letters a to z, the first maybe in upper
 * case, has one term, which begins with the same letter and is no longer: neither folding nor stemming changes that.
 */
export class TermSieve {
  /** By first letter, the length of the shortest term that begins with it. */
  readonly #shortest = new Uint8Array(LETTERS).fill(NONE);

  constructor(terms: Iterable<string>) {
    for (const term of terms) {
      const letter = term.charCodeAt(0) - SMALL_A;
      const shortest = this.#shortest[letter];
      if (shortest !== undefined && term.length < shortest) this.#shortest[letter] = term.length;
    }
  }

  /** Whether the chunk between the two places is a word that is none of the terms. False may mean either. */
  refuses(text: string, start: number, end: number): boolean {
    const shortest = this.#shortest[(text.charCodeAt(start) | LOWER_CASE) - SMALL_A];
    if (shortest === undefined || shortest <= end - start) return false;
    for (let at = start + 1; at < end; at++) {
      const letter = text.charCodeAt(at) - SMALL_A;
      if (letter < 0 || letter >= LETTERS) return false;
    }
    return true;
  }
}

const LETTERS = 26;
const SMALL_A = 0x61;
const LOWER_CASE = 0x20;
/** Longer than any chunk. */
const NONE = 255;
