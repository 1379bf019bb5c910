import { classAt, isWord, MARK, PATH_JOINT, PICTOGRAPH, SEPARATOR, UNSPACED, widthAt } from "./characterClass.ts";
import { stemEnglish } from "./englishStemmer.ts";
import type { TermSieve } from "./termSieve.ts";

/** The terms that one chunk of text is found by. */
export interface Analysis {
  /** The words of the chunk, then the joined forms of compounds. */
  readonly terms: readonly string[];
  /** Terms from this place on are joined forms: other spellings of words that are already there. */
  readonly joinedFrom: number;
}

/** No term is longer, in UTF-16 units; the rest of a longer one is cut off, in documents and queries alike. */
export const MAX_TERM_LENGTH = 64;
const MAX_CHUNK_LENGTH = 160;
const MEMO_SIZE = 16_384;

/**
 * Cuts text into chunks (a word, an identifier, a dotted name, a path, a run of unspaced script) and tells the terms of each. Case and
 * diacritics are folded; camelCase, PascalCase, snake_case, kebab-case, dots, slashes and digits split a chunk into its words, and
 * what has more than one word is also a term as a whole, so that `getUserName`, `get_user_name`, `getusername` and `user name` meet.
 * Words of the letters a to z are stemmed. Unspaced scripts give bigrams.
 */
export class Analyser {
  /** What was met lately, and what was met before that: frequent words stay when the newer half is full. */
  #memo = new Map<string, Analysis>();
  #older = new Map<string, Analysis>();

  /**
   * Calls `visit` for every chunk of the text, in order, with the chunk as it is written (diacritics folded), until it gives false. With a
   * sieve, chunks that have none of its terms may be left out.
   */
  scan(text: string, visit: (analysis: Analysis, chunk: string) => unknown, sieve?: TermSieve): void {
    const folded = foldMarks(text);
    const length = folded.length;
    let at = 0;
    while (at < length) {
      const kind = classAt(folded, at);
      const start = at;
      at += widthAt(folded, at);
      if (kind === SEPARATOR || kind >= PATH_JOINT) continue;
      if (kind === UNSPACED) at = endOfUnspaced(folded, at);
      else if (kind !== PICTOGRAPH) at = endOfChunk(folded, start, at);
      if (sieve?.refuses(folded, start, at) === true) continue;
      const chunk = folded.slice(start, at);
      if (visit(this.#analyse(chunk, kind), chunk) === false) return;
    }
  }

  #analyse(chunk: string, kind: number): Analysis {
    const known = this.#memo.get(chunk);
    if (known !== undefined) return known;
    const analysis = this.#older.get(chunk) ?? analyseChunk(chunk, kind);
    if (chunk.length > MAX_TERM_LENGTH) return analysis;
    if (this.#memo.size >= MEMO_SIZE) {
      this.#older = this.#memo;
      this.#memo = new Map();
    }
    this.#memo.set(chunk, analysis);
    return analysis;
  }
}

/** Compatibility forms are replaced and Latin, Greek and Cyrillic diacritics taken off; marks of other scripts are part of their words. */
function foldMarks(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");
}

/** Joints belong to a chunk only between word characters; several underscores count as one joint. */
function endOfChunk(text: string, start: number, from: number): number {
  let at = from;
  const limit = Math.min(text.length, start + MAX_CHUNK_LENGTH);
  while (at < limit) {
    const kind = classAt(text, at);
    if (isWord(kind)) {
      at += widthAt(text, at);
      continue;
    }
    if (kind < PATH_JOINT) break;
    let next = at + 1;
    while (next < limit && text.charCodeAt(next) === UNDERSCORE) next += 1;
    if (next >= limit || !isWord(classAt(text, next))) break;
    at = next;
  }
  if (at === start + 1) {
    // C++, C#, F#
    if (text.startsWith("++", at)) return at + 2;
    if (text.startsWith("#", at)) return at + 1;
  }
  return at;
}

const UNDERSCORE = 0x5f;

function endOfUnspaced(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const kind = classAt(text, at);
    if (kind !== UNSPACED && kind !== MARK) break;
    at += widthAt(text, at);
  }
  return at;
}

function analyseChunk(chunk: string, kind: number): Analysis {
  if (kind === PICTOGRAPH) return { terms: [chunk], joinedFrom: 1 };
  if (kind === UNSPACED) return bigrams(chunk);
  if (/^[a-z]+$/.test(chunk)) return { terms: [termOf(chunk)], joinedFrom: 1 };
  if (/[+#]$/.test(chunk)) return { terms: [chunk.toLowerCase()], joinedFrom: 1 };

  const terms: string[] = [];
  const joined: string[] = [];
  const names = chunk.split(/[./\\]/u);
  for (const name of names) {
    const words = name.split(/[_-]+/u).flatMap(splitWord);
    for (const word of words) terms.push(termOf(word));
    if (words.length > 1) joined.push(termOf(words.join("")));
  }
  if (names.length > 1) {
    const whole = chunk.replace(/[./\\_'\u2019-]/gu, "");
    if (whole.length <= MAX_TERM_LENGTH) joined.push(termOf(whole));
  }
  return { terms: [...terms, ...joined], joinedFrom: terms.length };
}

/**
 * camelCase, PascalCase, HTTPServer, PDFs, sha256. An id stays whole, so that a short form of it is a beginning of it: a hexadecimal one of
 * at least 7 digits (as git shortens them), and what changes between letters and digits all the time.
 */
function splitWord(name: string): readonly string[] {
  const word = name.replace(/['\u2019]s?$/iu, "").replace(/['\u2019]/gu, "");
  if (word === "") return [];
  if (!/[\p{Lu}\p{N}]/u.test(word)) return [word];
  if (/^[0-9a-f]{7,}$/iu.test(word) && /[a-f]/iu.test(word)) return [word];
  const parts = word.match(WORD_PARTS) ?? [word];
  return parts.length > MAX_PARTS && /\d/u.test(word) && !/\p{Lu}\p{Ll}{2}/u.test(word) ? [word] : parts;
}

const MAX_PARTS = 4;
const WORD_PARTS = /\p{N}+|\p{Lu}{2,}s(?![\p{Ll}])|\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}\p{N}]+|\p{Lu}+/gu;

function termOf(word: string): string {
  const lower = word.toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").slice(0, MAX_TERM_LENGTH);
  return /^[a-z]{3,}$/.test(lower) ? stemEnglish(lower) : lower;
}

function bigrams(run: string): Analysis {
  const characters = Array.from(run);
  if (characters.length === 1) return { terms: [run], joinedFrom: 1 };
  const terms = characters.slice(1).map((character, before) => (characters[before] ?? "") + character);
  return { terms, joinedFrom: terms.length };
}
