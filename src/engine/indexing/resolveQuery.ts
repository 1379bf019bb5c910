import type { Analyser } from "./analyser.ts";
import { FUNCTION_WORD_WEIGHT } from "./bm25.ts";
import { completeTerm } from "./completeTerm.ts";
import { type Expansion, expandTerm } from "./expandTerm.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { IndexView } from "./indexView.ts";
import type { NearTerms } from "./nearTerms.ts";

/** A term of a query and what it is looked up as. */
export interface ResolvedTerm {
  readonly term: string;
  /** The chunk of the query that it is from, as written there. */
  readonly word: string;
  /** Living passages that hold the term itself. */
  readonly holding: number;
  /** Idf, less for a function word: the score of a saturated occurrence. */
  readonly worth: number;
  /** The term itself with weight 1, or what stands in for it when no passage holds it. */
  readonly lookups: readonly Expansion[];
}

/**
 * The distinct terms of a query. One that no passage holds is expanded; a joined form that no passage holds is left out, for the words it is
 * joined of are there. `typing`: the last word may be unfinished, and also stands for what begins with it.
 */
export function resolveQuery(
  query: string,
  analyser: Analyser,
  near: NearTerms,
  view: IndexView,
  typing = false,
): readonly ResolvedTerm[] {
  const words = new Map<string, { readonly word: string; readonly joined: boolean }>();
  let unfinished: ReadonlySet<string> = new Set();
  analyser.scan(query, ({ terms, joinedFrom }, word) => {
    for (const [index, term] of terms.entries()) {
      const joined = index >= joinedFrom;
      if (!words.has(term) || !joined) words.set(term, { word, joined });
    }
    // Of a compound the whole is unfinished: its last part may be but a letter, which says nothing.
    if (typing) unfinished = new Set(terms.slice(joinedFrom < terms.length ? joinedFrom : joinedFrom - 1));
  });
  if (!ENDS_WITHIN_WORD.test(query)) unfinished = new Set();
  const holdingOf = (id: number): number => view.holding(id);
  const resolved: ResolvedTerm[] = [];
  for (const [term, { word, joined }] of words) {
    const id = near.dictionary.find(term);
    const holding = id === -1 ? 0 : view.holding(id);
    const completions = unfinished.has(term) ? completeTerm(term, near, holdingOf) : [];
    if (holding === 0 && joined && completions.length === 0) continue;
    const lookups = [
      ...(holding > 0 ? [{ id, term, weight: 1 }] : []),
      ...completions,
      ...(holding === 0 && completions.length === 0 ? expandTerm(term, near, holdingOf) : []),
    ];
    // What somebody has begun to type is no rarer than what it may become.
    const known = completions.reduce((most, completion) => Math.max(most, view.holding(completion.id)), holding);
    const worth = view.inverseDocumentFrequency(known) * (isFunctionWord(word) ? FUNCTION_WORD_WEIGHT : 1);
    resolved.push({ term, word, holding, worth, lookups });
  }
  return resolved;
}

const ENDS_WITHIN_WORD = /[\p{L}\p{N}_]$/u;
