import { classAt, isWord, MARK, PATH_JOINT, PICTOGRAPH, SEPARATOR, UNSPACED, widthAt } from "./characterClass.ts";
import { ChunkMemo } from "./chunkMemo.ts";
import { stemEnglish } from "./englishStemmer.ts";
import type { TermSieve } from "./termSieve.ts";

/** The terms that one chunk of text is found by. */
export interface Analysis {
  /** The words of the chunk, then the joined forms of compounds. */
  readonly terms: readonly string[];
  /** Terms from this place on are joined forms: other spellings of words that are already there. */
  readonly joinedFrom: number;
  /** For an index to note the numbers of the terms in its dictionary, so that it need not look them up again. */
  numbered?: { readonly dictionary: object; readonly ids: readonly number[] };
}

/** No term is longer, in UTF-16 units; the rest of a longer one is cut off, in documents and queries alike. */
export const MAX_TERM_LENGTH = 64;
const MAX_CHUNK_LENGTH = 160;
const CHUNK_SETS = 8_192;
const TERM_SETS = 4_096;

/**
 * Cuts text into chunks (a word, an identifier, a dotted name, a path, a run of unspaced script) and tells the terms of each. Case and
 * diacritics are folded; camelCase, PascalCase, snake_case, kebab-case, dots, slashes and digits split a chunk into its words, and
 * what has more than one word is also a term as a whole, so that `getUserName`, `get_user_name`, `getusername` and `user name` meet.
 * Words of the letters a to z are stemmed. Unspaced scripts give bigrams.
 */
export class Analyser {
  readonly #chunks = new ChunkMemo<Analysis>(CHUNK_SETS);
  /** Rare chunks are mostly made of frequent words. */
  readonly #terms = new ChunkMemo<string>(TERM_SETS);

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
      if (at - start > MAX_TERM_LENGTH) {
        const chunk = folded.slice(start, at);
        if (visit(this.#analyse(chunk, kind), chunk) === false) return;
        continue;
      }
      const { value, chunk } = this.#chunks.get(folded, start, at, (unknown) => this.#analyse(unknown, kind));
      if (visit(value, chunk) === false) return;
    }
  }

  #analyse(chunk: string, kind: number): Analysis {
    return analyseChunk(chunk, kind, (word) => this.#terms.get(word, 0, word.length, termOf).value);
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

function analyseChunk(chunk: string, kind: number, known: (word: string) => string): Analysis {
  if (kind === PICTOGRAPH) return { terms: [chunk], joinedFrom: 1 };
  if (kind === UNSPACED) return bigrams(chunk);
  if (/^[a-z]+$/.test(chunk)) return { terms: [known(chunk)], joinedFrom: 1 };
  if (/[+#]$/.test(chunk)) return { terms: [chunk.toLowerCase()], joinedFrom: 1 };

  const terms: string[] = [];
  const joined: string[] = [];
  const names = /[./\\]/.test(chunk) ? chunk.split(/[./\\]/u) : [chunk];
  for (const name of names) {
    const words = /[_-]/.test(name) ? name.split(/[_-]+/u).flatMap(splitWord) : splitWord(name);
    for (const word of words) terms.push(known(word));
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
  if (/^[a-z]+$/.test(name)) return [name];
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
