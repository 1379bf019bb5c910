import type { TextDocument } from "../seams.ts";
import type { Analyser } from "./analyser.ts";
import { isFunctionWord } from "./functionWords.ts";

/** A word of the query, with the terms that it was looked up as. */
export interface ExplainedTerm {
  /** As the query has it. */
  readonly word: string;
  readonly terms: readonly string[];
  /** What the word adds to a score: those that add most are named first. */
  readonly worth: number;
}

/**
 * Reasons such as `title has "cache"`, `body has "invalidate" (as "invalidation")`, `tag "perf"`, at most `MOST`: one a query word, from
 * the field that says most about the memory, the rarest words first; function words only when there is nothing else.
 */
export function explainMatch(
  query: readonly ExplainedTerm[],
  document: TextDocument,
  analyser: Analyser,
): readonly string[] {
  const wanted = new Map<string, ExplainedTerm>();
  for (const entry of query) for (const term of entry.terms) if (!wanted.has(term)) wanted.set(term, entry);
  const reasons = new Map<ExplainedTerm, string>();
  const look = (text: string, reason: (entry: ExplainedTerm, chunk: string) => string): void => {
    analyser.scan(text, ({ terms }, chunk) => {
      for (const term of terms) {
        const entry = wanted.get(term);
        if (entry !== undefined && !reasons.has(entry)) reasons.set(entry, reason(entry, chunk));
      }
    });
  };
  const has = (field: string) => (entry: ExplainedTerm, chunk: string) =>
    `${field} has "${entry.word}"${chunk.toLowerCase() === entry.word.toLowerCase() ? "" : ` (as "${shorten(chunk)}")`}`;

  look(document.title, has("title"));
  for (const tag of document.tags) look(tag, () => `tag "${shorten(tag)}"`);
  for (const anchor of document.anchors) look(anchor, () => `anchor "${shorten(anchor)}"`);
  for (const part of document.parts) for (const heading of part.headings) look(heading, has("heading"));
  if (reasons.size < query.length) look(document.body.slice(0, MOST_TEXT), has("body"));

  const byWorth = [...reasons].sort(([a], [b]) => b.worth - a.worth);
  const telling = byWorth.filter(([entry]) => !isFunctionWord(entry.word));
  const named = (telling.length > 0 ? telling : byWorth).map(([, reason]) => reason);
  return [...new Set(named)].slice(0, MOST);
}

const MOST = 6;
/** Only so much of a long body is read for reasons, in UTF-16 units. */
const MOST_TEXT = 65_536;
function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
