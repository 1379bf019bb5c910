import type { TextDocument } from "../seams.ts";
import type { Analyser } from "./analyser.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";
import { TermSieve } from "./termSieve.ts";

/** A word of the query that a document may hold. */
export interface ExplainedWord {
  /** As the query has it. */
  readonly word: string;
  readonly lowerCase: string;
  /** Those of its terms that are no earlier word's. */
  readonly terms: readonly string[];
  /** What it was looked up as in the dictionary. */
  readonly ids: readonly number[];
  /** Whether a reason may name it: a function word only where the query has no others. */
  readonly isTelling: boolean;
  /** What the word adds to a score: those that add most are named first. */
  readonly worth: number;
}

/** The words of a query by the terms that they were looked up as; made once a query, for all its hits. */
export class ExplainedQuery {
  readonly byTerm: ReadonlyMap<string, ExplainedWord>;
  readonly sieve: TermSieve;
  /** Those that may be found. */
  readonly words: readonly ExplainedWord[];

  constructor(resolved: readonly ResolvedTerm[]) {
    const byTerm = new Map<string, ExplainedWord>();
    const hasMatter = resolved.some(({ word }) => !isFunctionWord(word));
    for (const { term, word, worth, lookups } of resolved) {
      const terms = [term, ...lookups.map((lookup) => lookup.term)].filter((each) => !byTerm.has(each));
      const ids = lookups.map((lookup) => lookup.id);
      const lowerCase = word.toLowerCase();
      const entry = { word, worth, terms, ids, lowerCase, isTelling: !hasMatter || !isFunctionWord(word) };
      for (const each of terms) byTerm.set(each, entry);
    }
    this.byTerm = byTerm;
    this.sieve = new TermSieve(byTerm.keys());
    this.words = [...new Set(byTerm.values())];
  }
}

/**
 * Reasons such as `title has "cache"`, `body has "invalidate" (as "invalidation")`, `tag "perf"`, at most `MOST`: one a query word, from
 * the field that says most about the memory, the rarest words first. None where only function words of the query agree, unless it has no others. `held`: the words
 * that the document is known to hold and that are to be named, so that the others need not be looked for.
 */
export function explainMatch(
  query: ExplainedQuery,
  document: TextDocument,
  analyser: Analyser,
  held?: ReadonlySet<ExplainedWord>,
): readonly string[] {
  const { byTerm, sieve } = query;
  const words = held?.size ?? query.words.length;
  sieve.reset();
  const dropTerms = ({ terms }: ExplainedWord): void => {
    for (const term of terms) sieve.drop(term);
  };
  if (held !== undefined) for (const word of query.words) if (!held.has(word)) dropTerms(word);
  const reasons = new Map<ExplainedWord, string>();
  const look = (text: string, reason: (entry: ExplainedWord, chunk: string) => string): void => {
    if (text === "" || reasons.size === words) return;
    analyser.scan(
      text,
      ({ terms }, chunk) => {
        for (const term of terms) {
          const entry = byTerm.get(term);
          if (entry === undefined || reasons.has(entry) || held?.has(entry) === false) continue;
          reasons.set(entry, reason(entry, chunk));
          dropTerms(entry);
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
  const body = document.body.slice(0, MOST_TEXT);
  if (held !== undefined && reasons.size < words) {
    // Most words stand in the body as they were asked, or nearly so, which is seen without analysing all of it.
    const lowerCase = body.toLowerCase();
    // A few letters are longer in lower case: then places in one text are not those in the other.
    const entries = lowerCase.length === body.length ? held : [];
    for (const entry of entries) {
      if (reasons.has(entry)) continue;
      if (standsIn(lowerCase, entry.lowerCase)) {
        reasons.set(entry, has("body")(entry, entry.word));
        dropTerms(entry);
      } else {
        for (const chunk of chunksLike(body, lowerCase, entry.terms)) {
          look(chunk, has("body"));
          if (reasons.has(entry)) break;
        }
      }
    }
  }
  look(body, has("body"));

  return [...new Set(mostTelling([...reasons.keys()]).map((entry) => reasons.get(entry) ?? ""))];
}

/** The words that reasons name, those that add most first. */
export function mostTelling(words: readonly ExplainedWord[]): readonly ExplainedWord[] {
  return words
    .filter(({ isTelling }) => isTelling)
    .sort((a, b) => b.worth - a.worth)
    .slice(0, MOST);
}

/** Whether the first place of the word in the text is the whole of a word there, no part of a name or a path. */
function standsIn(text: string, word: string): boolean {
  const at = text.indexOf(word);
  const end = at + word.length;
  if (at === -1 || JOINED.test(text.charAt(at - 1)) || JOINED.test(text.charAt(end))) return false;
  return !(POINT.test(text.charAt(end)) && JOINED.test(text.charAt(end + 1)));
}
const JOINED = /[^\s,;:!?()[\]{}"'`<>=.*|]/u;
/** Joins what is around it to one word, unless it ends one. */
const POINT = /[.:'*|=]/u;

/** Runs of text without white space that begin, somewhere in them, as one of the terms does but for its last letter. */
function* chunksLike(text: string, lowerCase: string, terms: readonly string[]): Generator<string> {
  for (const term of terms) {
    const beginning = term.slice(0, Math.max(2, term.length - 1));
    let at = lowerCase.indexOf(beginning);
    for (let tries = 0; at !== -1 && tries < MOST_TRIES; tries++) {
      let start = at;
      while (start > 0 && at - start < LONGEST_CHUNK && !isSpace(lowerCase.charCodeAt(start - 1))) start--;
      let end = at + beginning.length;
      while (end < text.length && end - at < LONGEST_CHUNK && !isSpace(lowerCase.charCodeAt(end))) end++;
      yield text.slice(start, end);
      at = lowerCase.indexOf(beginning, end);
    }
  }
}
const MOST_TRIES = 8;
const LONGEST_CHUNK = 120;
const isSpace = (unit: number): boolean => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);

const MOST = 6;
/** Only so much of a long body is read for reasons, in UTF-16 units. */
const MOST_TEXT = 65_536;
function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
