/**
 * Tells of most chunks of text that they have none of some terms, before they are analysed. It rests on what analysis leaves as it is: a
 * term begins where a word of its chunk begins, and goes on as the chunk does, joints and apostrophes left out, but for its last letter (a y
 * becomes an i). Of terms of two letters the last one counts too, and dying, lying and tying are the exceptions of the stemmer.
 */
export class TermSieve {
  /** What terms begin with, by their first letter or digit. */
  readonly #beginnings: (readonly Beginning[])[] = Array.from({ length: PLACES }, () => []);
  /** Some term begins with neither. */
  #odd = false;

  constructor(terms: Iterable<string>) {
    for (const term of terms) {
      // ASCII text has no other terms, and any other text is let through.
      if (!/^[\x00-\x7f]+$/.test(term)) continue;
      const place = placeOf(term.charCodeAt(0));
      const others = this.#beginnings[place];
      if (others === undefined) this.#odd = true;
      else this.#beginnings[place] = [...others, { term, text: beginningOf(term), isWanted: true }];
    }
  }

  /** From now on the term is not looked for. */
  drop(term: string): void {
    for (const beginning of this.#beginnings[placeOf(term.charCodeAt(0))] ?? [])
      if (beginning.term === term) beginning.isWanted = false;
  }

  /** Looks for every term again. */
  reset(): void {
    for (const beginnings of this.#beginnings) for (const beginning of beginnings) beginning.isWanted = true;
  }

  /** Whether the chunk between the two places has none of the terms. False may mean either. */
  refuses(text: string, start: number, end: number): boolean {
    if (this.#odd) return false;
    let before = JOINT;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      const sort = sortOf(unit);
      if (sort === OTHER) return false;
      const begins = sort !== JOINT && (sort !== before || sort === CAPITAL) && !(sort === SMALL && before === CAPITAL);
      before = sort;
      if (!begins) continue;
      for (const beginning of this.#beginnings[placeOf(unit | LOWER_CASE)] ?? [])
        if (beginning.isWanted && goesOn(text, at, end, beginning.text)) return false;
    }
    return true;
  }
}

interface Beginning {
  readonly term: string;
  readonly text: string;
  isWanted: boolean;
}

/** What is in the text of every word that has the term. */
function beginningOf(term: string): string {
  const certain = term.length <= 2 ? term.length : /^[dlt]ie$/.test(term) ? 1 : term.length - 1;
  return /^[a-z\d]*/.exec(term.slice(0, certain))?.[0] ?? "";
}

/** Whether the text from `start`, in lower case and without joints, begins with `beginning`, whose first letter is known to be right. */
function goesOn(text: string, start: number, end: number, beginning: string): boolean {
  let at = start + 1;
  for (let index = 1; index < beginning.length; at++) {
    if (at >= end) return false;
    const unit = text.charCodeAt(at);
    if (sortOf(unit) === JOINT) continue;
    if ((unit | LOWER_CASE) !== beginning.charCodeAt(index)) return false;
    index += 1;
  }
  return true;
}

const SMALL = 1;
const CAPITAL = 2;
const DIGIT = 3;
const JOINT = 4;
/** Not ASCII. */
const OTHER = 5;

function sortOf(unit: number): number {
  if (unit >= 0x61 && unit <= 0x7a) return SMALL;
  if (unit >= 0x41 && unit <= 0x5a) return CAPITAL;
  if (unit >= 0x30 && unit <= 0x39) return DIGIT;
  return unit <= 0x7f ? JOINT : OTHER;
}

/** A place for each small letter and digit, -1 for anything else. */
function placeOf(unit: number): number {
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61;
  return unit >= 0x30 && unit <= 0x39 ? 26 + unit - 0x30 : -1;
}
const PLACES = 36;
/** What a capital letter lacks; small ones and digits have it. */
const LOWER_CASE = 0x20;
