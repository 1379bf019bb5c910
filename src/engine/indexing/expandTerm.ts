import { MAX_TERM_LENGTH } from "./analyser.ts";
import { isUnspacedTerm } from "./characterClass.ts";
import type { NearTerms } from "./nearTerms.ts";

/** A term of the index that stands in for one it does not know. */
export interface Expansion {
  readonly id: number;
  readonly term: string;
  /** 0..1: how much less than the term itself it is worth. */
  readonly weight: number;
}

/**
 * What a term that the index does not know was probably meant to be: terms that begin with it (from 3 characters on), and terms at a
 * Damerau-Levenshtein distance of 1 (from 4 characters on) or 2 (from 8 on, with the same first character), and the longest term that it
 * begins with (from 5 characters on: a slip in an ending keeps the stemmer from taking it off). What has a digit in it is a number or an
 * id, and another one is not meant: it is only completed. At most `MOST` of them, the nearest
 * first and of equally near ones those that more passages hold. Their weights sum up to at most 1, so that they are together never
 * worth more than the term.
 */
export function expandTerm(term: string, near: NearTerms, holding: (id: number) => number): readonly Expansion[] {
  const { dictionary } = near;
  const unspaced = isUnspacedTerm(term);
  if (unspaced && term.length > 1) return [];
  const distance = mostEdits(term, unspaced);
  const found: (Expansion & { readonly holding: number })[] = [];
  for (const id of near.find(term, distance, term.length >= 3 || unspaced)) {
    const candidate = dictionary.text(id);
    const weight = likeness(term, candidate, distance);
    if (weight === 0) continue;
    const passages = holding(id);
    if (passages > 0) found.push({ id, term: candidate, weight, holding: passages });
  }
  for (let length = term.length - 1; length >= SHORTEST_BEGINNING; length--) {
    const id = dictionary.find(term.slice(0, length));
    const passages = id === -1 ? 0 : holding(id);
    if (passages === 0) continue;
    if (found.every((expansion) => expansion.id !== id)) {
      const weight = (DISCOUNTS.beginning * length) / term.length;
      found.push({ id, term: term.slice(0, length), weight, holding: passages });
    }
    break;
  }
  found.sort((a, b) => b.weight - a.weight || b.holding - a.holding || (a.term < b.term ? -1 : 1));
  const best = found.slice(0, MOST);
  const sum = best.reduce((total, { weight }) => total + weight, 0);
  return best.map(({ id, term: candidate, weight }) => ({ id, term: candidate, weight: weight / Math.max(1, sum) }));
}

const MOST = 4;
const SHORTEST_BEGINNING = 5;
/** One edit, two edits, a completion and a beginning that are hardly longer or shorter. Not measured: an order of what is probably meant. */
const DISCOUNTS = { one: 0.7, two: 0.5, completion: 0.8, beginning: 0.6 } as const;

function mostEdits(term: string, unspaced: boolean): 0 | 1 | 2 {
  if (unspaced || /\p{N}/u.test(term) || term.length < 4) return 0;
  return term.length >= 8 ? 2 : 1;
}

function likeness(term: string, candidate: string, distance: number): number {
  let weight =
    candidate.startsWith(term) || (isUnspacedTerm(term) && candidate.includes(term))
      ? (DISCOUNTS.completion * term.length) / candidate.length
      : 0;
  if (distance > 0) {
    const edits = editDistance(term, candidate, distance);
    if (edits === 1) weight = Math.max(weight, DISCOUNTS.one);
    else if (edits === 2 && distance === 2) weight = Math.max(weight, DISCOUNTS.two);
  }
  return weight;
}

/** Damerau-Levenshtein distance (optimal string alignment: no piece is edited twice), or `most` + 1 when it is larger. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [beforeLast, last, row] = ROWS;
  for (let j = 0; j <= b.length; j++) last[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const unit = a.charCodeAt(i - 1);
    let least = i;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (unit === other ? 0 : 1));
      if (i > 1 && j > 1 && unit === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > most) return most + 1;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}

/** Scratch of `editDistance`; terms are no longer than this. */
const ROWS: readonly [Uint16Array, Uint16Array, Uint16Array] = [
  new Uint16Array(MAX_TERM_LENGTH + 1),
  new Uint16Array(MAX_TERM_LENGTH + 1),
  new Uint16Array(MAX_TERM_LENGTH + 1),
];
