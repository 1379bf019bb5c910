/**
 * Tells of most chunks of text that they have none of some terms, before they are analysed. It rests on what analysis leaves as it is:
 * no term has a letter or digit that its chunk has not, but for its last one (a y becomes an i); and a word of the letters a to z, the first maybe
 * in upper case, has one term that is no longer than it and begins as it does, again but for the last letter. Of terms of two letters
 * the last one counts too, and dying, lying and tying are the exceptions of the stemmer.
 */
export class TermSieve {
  /** By first letter, the terms that a word may have which begins with it. */
  readonly #byLetter: (readonly Wanted[])[] = Array.from({ length: LETTERS }, () => []);
  /** Letters and digits of each term. */
  readonly #letters: readonly number[];

  constructor(terms: Iterable<string>) {
    const letters: number[] = [];
    for (const term of terms) {
      // ASCII text has no other terms, and any other text is let through.
      if (!/^[\x00-\x7f]+$/.test(term)) continue;
      const beginning = term.slice(0, certainLength(term));
      letters.push(lettersOf(beginning));
      const first = term.charCodeAt(0) - SMALL_A;
      const others = this.#byLetter[first];
      if (others !== undefined) this.#byLetter[first] = [...others, { beginning, length: term.length }];
    }
    this.#letters = letters;
  }

  /** Whether the chunk between the two places has none of the terms. False may mean either. */
  refuses(text: string, start: number, end: number): boolean {
    let held = 0;
    let plain = true;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return false;
      held |= bitOf(unit | LOWER_CASE);
      if (unit < SMALL_A && (at > start || unit < CAPITAL_A)) plain = false;
    }
    if (!plain) {
      for (const letters of this.#letters) if ((held & letters) === letters) return false;
      return true;
    }
    const wanted = this.#byLetter[(text.charCodeAt(start) | LOWER_CASE) - SMALL_A] ?? [];
    for (const { beginning, length } of wanted)
      if (length <= end - start && continues(text, start, beginning)) return false;
    return true;
  }
}

interface Wanted {
  readonly beginning: string;
  readonly length: number;
}

/** How much of a term is in its word for certain. */
function certainLength(term: string): number {
  if (term.length <= 2) return term.length;
  return /^[dlt]ie$/.test(term) ? 1 : term.length - 1;
}

function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters |= bitOf(text.charCodeAt(at));
  return letters;
}

/** A bit for each letter and four for digits; none for anything else. */
function bitOf(unit: number): number {
  if (unit >= SMALL_A && unit < SMALL_A + LETTERS) return 1 << (unit - SMALL_A);
  return unit >= DIGIT_0 && unit < DIGIT_0 + 10 ? 1 << (LETTERS + (unit & 3)) : 0;
}

/** Whether `beginning`, whose first letter is known to be right, is at `start`. */
function continues(text: string, start: number, beginning: string): boolean {
  for (let index = 1; index < beginning.length; index++)
    if (text.charCodeAt(start + index) !== beginning.charCodeAt(index)) return false;
  return true;
}

const LETTERS = 26;
const SMALL_A = 0x61;
const CAPITAL_A = 0x41;
const DIGIT_0 = 0x30;
/** What a capital letter lacks; digits have it. */
const LOWER_CASE = 0x20;
