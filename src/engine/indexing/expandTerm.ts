import { isUnspacedTerm } from "./characterClass.ts";
import type { TermDictionary } from "./termDictionary.ts";

/** A term of the index that stands in for one it does not know. */
export interface Expansion {
  readonly id: number;
  readonly term: string;
  /** 0..1: how much less than the term itself it is worth. */
  readonly weight: number;
}

/**
 * What a term that the index does not know was probably meant to be: terms that begin with it (from 3 characters on), and terms at a
 * Damerau-Levenshtein distance of 1 (from 4 characters on) or 2 (from 8 on). At most `MOST` of them, the nearest first and of equally near ones
 * those that more passages hold. Their weights sum up to at most 1, so that they are together never worth more than the term. One pass
 * over the dictionary, which most terms leave after their length or first letters.
 */
export function expandTerm(
  term: string,
  dictionary: TermDictionary,
  holding: (id: number) => number,
): readonly Expansion[] {
  const found: Expansion[] = [];
  const unspaced = isUnspacedTerm(term);
  if (unspaced && term.length > 1) return found;
  const distance = unspaced ? 0 : term.length >= 8 ? 2 : term.length >= 4 ? 1 : 0;
  for (const id of dictionary.near(term, distance, term.length >= 3 || unspaced)) {
    const candidate = dictionary.text(id);
    const weight = likeness(term, candidate, distance);
    if (weight > 0 && holding(id) > 0) found.push({ id, term: candidate, weight });
  }
  found.sort((a, b) => b.weight - a.weight || holding(b.id) - holding(a.id) || (a.term < b.term ? -1 : 1));
  const best = found.slice(0, MOST);
  const sum = best.reduce((total, { weight }) => total + weight, 0);
  return sum <= 1 ? best : best.map((expansion) => ({ ...expansion, weight: expansion.weight / sum }));
}

const MOST = 4;
/** One edit, two edits, and a completion that is hardly longer. Not measured: an ordering of what is probably meant. */
const DISCOUNTS = { one: 0.7, two: 0.5, completion: 0.8 } as const;

function likeness(term: string, candidate: string, distance: number): number {
  let weight =
    candidate.startsWith(term) || (isUnspacedTerm(term) && candidate.includes(term))
      ? (DISCOUNTS.completion * term.length) / candidate.length
      : 0;
  if (distance > 0) {
    const edits = editDistance(term, candidate, distance);
    if (edits === 1) weight = Math.max(weight, DISCOUNTS.one);
    else if (edits === 2) weight = Math.max(weight, DISCOUNTS.two);
  }
  return weight;
}

/**
 * Damerau-Levenshtein distance with neighbours swapped at most once (optimal string alignment), or `most` + 1 when it is larger.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > most) return most + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
