import type { TextDocument } from "../seams.ts";
import type { Analyser } from "./analyser.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";
import { TermSieve } from "./termSieve.ts";

/** A word of the query that a document may hold. */
interface ExplainedWord {
  /** As the query has it. */
  readonly word: string;
  readonly lowerCase: string;
  /** Those of its terms that are no earlier word's. */
  readonly terms: readonly string[];
  readonly isFunctionWord: boolean;
  /** What the word adds to a score: those that add most are named first. */
  readonly worth: number;
}

/** The words of a query by the terms that they were looked up as; made once a query, for all its hits. */
export class ExplainedQuery {
  readonly byTerm: ReadonlyMap<string, ExplainedWord>;
  readonly sieve: TermSieve;
  /** How many words may be found. */
  readonly words: number;

  constructor(resolved: readonly ResolvedTerm[]) {
    const byTerm = new Map<string, ExplainedWord>();
    for (const { term, word, worth, lookups } of resolved) {
      const terms = [term, ...lookups.map((lookup) => lookup.term)].filter((each) => !byTerm.has(each));
      const entry = { word, worth, terms, lowerCase: word.toLowerCase(), isFunctionWord: isFunctionWord(word) };
      for (const each of terms) byTerm.set(each, entry);
    }
    this.byTerm = byTerm;
    this.sieve = new TermSieve(byTerm.keys());
    this.words = new Set(byTerm.values()).size;
  }
}

/**
 * Reasons such as `title has "cache"`, `body has "invalidate" (as "invalidation")`, `tag "perf"`, at most `MOST`: one a query word, from
 * the field that says most about the memory, the rarest words first; function words only when there is nothing else.
 */
export function explainMatch(query: ExplainedQuery, document: TextDocument, analyser: Analyser): readonly string[] {
  const { byTerm, sieve, words } = query;
  sieve.reset();
  const reasons = new Map<ExplainedWord, string>();
  const look = (text: string, reason: (entry: ExplainedWord, chunk: string) => string): void => {
    if (text === "" || reasons.size === words) return;
    analyser.scan(
      text,
      ({ terms }, chunk) => {
        for (const term of terms) {
          const entry = byTerm.get(term);
          if (entry === undefined || reasons.has(entry)) continue;
          reasons.set(entry, reason(entry, chunk));
          for (const found of entry.terms) sieve.drop(found);
        }
        return reasons.size < words;
      },
      sieve,
    );
  };
  const has = (field: string) => (entry: ExplainedWord, chunk: string) =>
    `${field} has "${entry.word}"${chunk.toLowerCase() === entry.lowerCase ? "" : ` (as "${shorten(chunk)}")`}`;

  look(document.title, has("title"));
  for (const tag of document.tags) look(tag, () => `tag "${shorten(tag)}"`);
  for (const anchor of document.anchors) look(anchor, () => `anchor "${shorten(anchor)}"`);
  for (const part of document.parts) for (const heading of part.headings) look(heading, has("heading"));
  look(document.body.slice(0, MOST_TEXT), has("body"));

  const byWorth = [...reasons].sort(([a], [b]) => b.worth - a.worth);
  const telling = byWorth.filter(([entry]) => !entry.isFunctionWord);
  const named = (telling.length > 0 ? telling : byWorth).map(([, reason]) => reason);
  return [...new Set(named)].slice(0, MOST);
}

const MOST = 6;
/** Only so much of a long body is read for reasons, in UTF-16 units. */
const MOST_TEXT = 65_536;
function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
