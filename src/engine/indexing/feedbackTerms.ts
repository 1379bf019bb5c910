import type { FeedbackPassage } from "../seams.ts";
import type { Analyser, Analysis } from "./analyser.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { IndexView } from "./indexView.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";
import type { TermDictionary } from "./termDictionary.ts";

const MOST_TERMS = 12;
/** Of a longer passage: what it is about stands at its beginning. */
const MOST_TEXT = 240;
/** A word that more of the passages hold than this share tells little. */
const LARGEST_SHARE = 0.1;

/**
 * Chooses the words that tell the best results of a query from everything else, which others that answer it may hold instead of the query's own:
 * pseudo-relevance feedback after Rocchio, "Relevance feedback in information retrieval" (1971).
 */
export class FeedbackTerms {
  readonly #analyser: Analyser;
  /** By term, how often the passage at hand holds it, and what it is worth so far; 0 between queries. */
  #counts = new Uint8Array(0);
  #worths = new Float64Array(0);

  constructor(analyser: Analyser) {
    this.#analyser = analyser;
  }

  get bytes(): number {
    return this.#counts.byteLength + this.#worths.byteLength;
  }

  /** `worth`: tf-idf over the passages, each as heavy as its weight. */
  choose(
    resolved: readonly ResolvedTerm[],
    passages: readonly FeedbackPassage[],
    dictionary: TermDictionary,
    view: IndexView,
  ): readonly { readonly id: number; readonly worth: number }[] {
    if (this.#worths.length < dictionary.size) {
      const length = Math.ceil(dictionary.size * 1.5);
      this.#counts = new Uint8Array(length);
      this.#worths = new Float64Array(length);
    }
    const [counts, worths] = [this.#counts, this.#worths];
    const met: number[] = [];
    for (const { text, weight } of passages) {
      const held = this.#count(text.slice(0, MOST_TEXT), dictionary);
      for (const id of held) {
        const count = counts[id] ?? 0;
        counts[id] = 0;
        if (worths[id] === 0) met.push(id);
        worths[id] = (worths[id] ?? 0) + (weight * count) / (count + 1);
      }
    }
    const asked = new Set(resolved.flatMap(({ lookups }) => lookups.map(({ id }) => id)));
    const chosen: { readonly id: number; readonly worth: number }[] = [];
    for (const id of met) {
      const weight = worths[id] ?? 0;
      worths[id] = 0;
      if (asked.has(id)) continue;
      const holding = view.holding(id);
      // What only the passage itself holds finds nothing else.
      if (holding < 2 || holding > LARGEST_SHARE * view.passages) continue;
      chosen.push({ id, worth: weight * view.inverseDocumentFrequency(holding) });
    }
    const best: { readonly id: number; readonly worth: number }[] = [];
    for (const term of chosen.sort((a, b) => b.worth - a.worth || a.id - b.id)) {
      if (isFunctionWord(dictionary.text(term.id))) continue;
      if (best.push(term) === MOST_TERMS) break;
    }
    return best;
  }

  /** Counts the words of a passage, and gives those that it holds. */
  #count(text: string, dictionary: TermDictionary): readonly number[] {
    const counts = this.#counts;
    const held: number[] = [];
    this.#analyser.scan(text, (analysis) => {
      const ids = idsOf(analysis, dictionary);
      for (let at = 0; at < analysis.joinedFrom; at++) {
        const id = ids[at] ?? -1;
        if (id === -1) continue;
        const count = counts[id] ?? 0;
        if (count === 0) held.push(id);
        counts[id] = Math.min(255, count + 1);
      }
    });
    return held;
  }
}

/** The index noted them when it took the passage in. */
function idsOf({ terms, numbered }: Analysis, dictionary: TermDictionary): readonly number[] {
  return numbered?.dictionary === dictionary ? numbered.ids : terms.map((term) => dictionary.find(term));
}
