import type { Analyser } from "./analyser.ts";
import { FUNCTION_WORD_WEIGHT } from "./bm25.ts";
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
 * joined of are there.
 */
export function resolveQuery(
  query: string,
  analyser: Analyser,
  near: NearTerms,
  view: IndexView,
): readonly ResolvedTerm[] {
  const words = new Map<string, { readonly word: string; readonly joined: boolean }>();
  analyser.scan(query, ({ terms, joinedFrom }, word) => {
    for (const [index, term] of terms.entries()) {
      const joined = index >= joinedFrom;
      if (!words.has(term) || !joined) words.set(term, { word, joined });
    }
  });
  const resolved: ResolvedTerm[] = [];
  for (const [term, { word, joined }] of words) {
    const id = near.dictionary.find(term);
    const holding = id === -1 ? 0 : view.holding(id);
    if (holding === 0 && joined) continue;
    const worth = view.inverseDocumentFrequency(holding) * (isFunctionWord(word) ? FUNCTION_WORD_WEIGHT : 1);
    const lookups =
      holding > 0 ? [{ id, term, weight: 1 }] : expandTerm(term, near, (candidate) => view.holding(candidate));
    resolved.push({ term, word, holding, worth, lookups });
  }
  return resolved;
}
