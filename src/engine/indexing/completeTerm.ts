import { isUnspacedTerm } from "./characterClass.ts";
import type { Expansion } from "./expandTerm.ts";
import type { NearTerms } from "./nearTerms.ts";

/** So many completions of a beginning of 1, 2, and 3 or more characters are looked up: those that most passages hold. */
const MOST = [2, 6, 32];
const WORTH = 0.8;
const SHORTEST_BEGINNING = 3;

/**
 * What an unfinished term may become: terms that begin with it. Where there are none, the longest known term that it begins with and that is
 * at least half of it, since an unfinished ending is nothing that a stemmer takes off: "runnin" on its way to "running" means "run".
 */
export function completeTerm(term: string, near: NearTerms, holding: (id: number) => number): readonly Expansion[] {
  if (isUnspacedTerm(term)) return [];
  const { dictionary } = near;
  // A few letters begin too many terms to mean any rare one of them.
  const most = MOST[Math.min(term.length, MOST.length) - 1] ?? 0;
  const held: { readonly id: number; readonly holding: number }[] = [];
  for (const id of near.find(term, 0, true)) {
    const passages = holding(id);
    if (passages > 0) held.push({ id, holding: passages });
  }
  held.sort((a, b) => b.holding - a.holding || a.id - b.id);
  const found = held.slice(0, most).map(({ id }) => {
    const candidate = dictionary.text(id);
    return { id, term: candidate, weight: (WORTH * term.length) / candidate.length };
  });
  if (found.length > 0) return found;
  const own = dictionary.find(term);
  if (own !== -1 && holding(own) > 0) return [];
  for (let length = term.length - 1; length >= SHORTEST_BEGINNING && 2 * length >= term.length; length--) {
    const beginning = term.slice(0, length);
    const id = dictionary.find(beginning);
    if (id !== -1 && holding(id) > 0) return [{ id, term: beginning, weight: (WORTH * length) / term.length }];
  }
  return [];
}
