import type { FeedbackPassage } from "../seams.ts";
import type { Analyser } from "./analyser.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { IndexView } from "./indexView.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";
import type { TermDictionary } from "./termDictionary.ts";

const MOST_TERMS = 12;
/** Of a long passage: what it is about stands at its beginning. */
const MOST_TEXT = 2_000;
/** A word that more of the passages hold than this share tells little. */
const LARGEST_SHARE = 0.1;

/**
 * The words that tell the best results of a query from everything else, which others that answer it may hold instead of the query's own: pseudo-relevance
 * feedback after Rocchio, "Relevance feedback in information retrieval" (1971). `worth`: tf-idf over the passages, each as
 * heavy as its own share.
 */
export function feedbackTerms(
  resolved: readonly ResolvedTerm[],
  passages: readonly FeedbackPassage[],
  {
    analyser,
    dictionary,
    view,
  }: { readonly analyser: Analyser; readonly dictionary: TermDictionary; readonly view: IndexView },
): readonly { readonly id: number; readonly worth: number }[] {
  const asked = new Set(resolved.flatMap(({ lookups }) => lookups.map(({ id }) => id)));
  const worths = new Map<number, number>();
  for (const { text, weight } of passages) {
    const counts = new Map<number, number>();
    analyser.scan(text.slice(0, MOST_TEXT), ({ terms, joinedFrom }, word) => {
      if (isFunctionWord(word)) return;
      for (const [at, term] of terms.entries()) {
        const id = at < joinedFrom ? dictionary.find(term) : -1;
        if (id !== -1 && !asked.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    });
    for (const [id, count] of counts) worths.set(id, (worths.get(id) ?? 0) + (weight * count) / (count + 1));
  }
  return [...worths]
    .flatMap(([id, weight]) => {
      const holding = view.holding(id);
      // What only the passage itself holds finds nothing else.
      if (holding < 2 || holding > LARGEST_SHARE * view.passages) return [];
      return [{ id, worth: weight * view.inverseDocumentFrequency(holding) }];
    })
    .sort((a, b) => b.worth - a.worth || a.id - b.id)
    .slice(0, MOST_TERMS);
}
