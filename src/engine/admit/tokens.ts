import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { RecentValues } from "../../contract/recentValues.ts";
import type { TokenCounter } from "../seams.ts";
import { eachAsciiPiece } from "./asciiPieces.ts";
import { RankTable } from "./rankTable.ts";

/**
 * Counts tokens of cl100k_base, whose tables are half the size of o200k_base's. On English text and code the two differ by 0.1 %; for Chinese,
 * Japanese and Korean cl100k_base counts about a third more. Models of other makers cut differently again: a budget is an estimate for them.
 */
export function createTokenCounter(): TokenCounter {
  let loading: Promise<void> | undefined;
  let countText: ((text: string) => number) | undefined;
  const load = async (): Promise<void> => {
    // Both are files of one library, named here alone. Its own counter is not used: it decodes every pair of bytes, and refuses special tokens,
    // which in a memory are text like any other. Its tables as a module would stay in memory for good.
    const [file, { CL100K_TOKEN_SPLIT_REGEX: split }] = await Promise.all([
      ranksFile(),
      import("gpt-tokenizer/encodingParams/constants"),
    ]);
    const ranks = new RankTable(file);
    const countPiece = (piece: string): number => {
      const bytes = Buffer.from(piece, "utf8");
      return ranks.count(bytes, 0, bytes.length);
    };
    const countSplit = (text: string): number =>
      (text.match(split) ?? []).reduce((sum, piece) => sum + countPiece(piece), 0);
    const countAscii = asciiCounter(ranks);
    const countOther = remembering((text) => countRuns(text, countSplit));
    countText = (text) => countStretch(text, 0, text.length, { countAscii, countOther });
  };
  return {
    load: () => (loading ??= load()),
    count(text) {
      if (countText === undefined) throw new Error("TokenCounter.load must have resolved before count is called.");
      return countText(text);
    },
  };
}

/** The ranks, from beside the bundle or beside the folder of its chunks, else from the library. */
async function ranksFile(): Promise<Uint8Array> {
  for (const path of ["./cl100k_base.tiktoken.br", "../cl100k_base.tiktoken.br"]) {
    try {
      return await promisify(brotliDecompress)(await readFile(new URL(path, import.meta.url)));
    } catch {
      // It lies in the next place.
    }
  }
  return readFile(createRequire(import.meta.url).resolve("gpt-tokenizer/data/cl100k_base.tiktoken"));
}

/** Of the text from `from` up to `to`. */
type CountRange = (text: string, from: number, to: number) => number | undefined;

interface Counters {
  /** Of ASCII text without a long run; undefined for any other. */
  readonly countAscii: CountRange;
  readonly countOther: (text: string) => number;
}

function asciiCounter(ranks: RankTable): CountRange {
  const kept = new Uint8Array(8_192);
  return (text, from, to) => {
    const length = to - from;
    const bytes = length <= kept.length ? kept : new Uint8Array(length);
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(from + at);
      if (code > 127) return undefined;
      bytes[at] = code;
    }
    let tokens = 0;
    const whole = eachAsciiPiece(bytes, length, LONG_RUN, (start, end) => {
      tokens += ranks.count(bytes, start, end);
    });
    return whole ? tokens : undefined;
  };
}

/**
 * Cuts only before a single space between two characters that are no white space. The encoding cuts there too, whatever stands around: a space belongs to
 * the piece after it, and no piece holds one further in. So the sum over the parts is the count of the text. Words that are not ASCII are counted one by one,
 * what stands between them as a whole.
 */
function countStretch(text: string, from: number, to: number, counters: Counters): number {
  const whole = counters.countAscii(text, from, to);
  if (whole !== undefined) return whole;
  const other = firstOther(text, from, to);
  if (other === to) return countLongRuns(text, from, to, counters);
  let tokens = 0;
  let begun = from;
  for (let at = other; at < to; at = firstOther(text, begun, to)) {
    const word = cutBefore(text, begun, at);
    const end = cutAfter(text, at, to);
    if (word > begun) tokens += countStretch(text, begun, word, counters);
    tokens += counters.countOther(text.slice(word, end));
    begun = end;
  }
  return begun === to ? tokens : tokens + countStretch(text, begun, to, counters);
}

/** ASCII text with a run that is too long: halved until little is left beside the run. */
function countLongRuns(text: string, from: number, to: number, counters: Counters): number {
  const middle = cutAfter(text, (from + to) >> 1, to);
  const cut = middle < to ? middle : cutBefore(text, from, (from + to) >> 1);
  if (cut <= from || cut >= to) return counters.countOther(text.slice(from, to));
  return countStretch(text, from, cut, counters) + countStretch(text, cut, to, counters);
}

function firstOther(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) <= 127) at++;
  return at;
}

/** The last cut up to `at`, the beginning where there is none. */
function cutBefore(text: string, from: number, at: number): number {
  for (let space = text.lastIndexOf(" ", at); space > from; space = text.lastIndexOf(" ", space - 1))
    if (isCut(text, space)) return space;
  return from;
}

/** The next cut after `at`, the end where there is none. */
function cutAfter(text: string, at: number, to: number): number {
  for (let space = text.indexOf(" ", at + 1); space !== -1 && space < to; space = text.indexOf(" ", space + 1))
    if (isCut(text, space)) return space;
  return to;
}

const isCut = (text: string, space: number): boolean =>
  isPrinted(text.charCodeAt(space - 1)) && isPrinted(text.charCodeAt(space + 1));

const isPrinted = (code: number): boolean => (code > 32 && code < 127) || (code > 160 && !OTHER_SPACES.has(code));

/** What the encoding takes for white space beside ASCII and the no-break space. */
const OTHER_SPACES: ReadonlySet<number> = new Set([
  0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029,
  0x202f, 0x205f, 0x3000, 0xfeff,
]);

/** Remembers counts of short words, about 100 bytes a word. */
function remembering(count: (text: string) => number): (word: string) => number {
  const known = new RecentValues<string, number>(MOST_WORDS);
  return (word) => {
    if (word.length > LONGEST_WORD) return count(word);
    const kept = known.get(word);
    if (kept !== undefined) return kept;
    const tokens = count(word);
    known.keep(word, tokens, 1);
    return tokens;
  };
}

const LONGEST_WORD = 32;
const MOST_WORDS = 16_384;

/** Merging pairs costs the square of a run's length, so longer runs of letters, signs or white space are counted in pieces. */
function countRuns(text: string, count: (piece: string) => number): number {
  if (text.length < LONG_RUN || !RUN.test(text)) return count(text);
  return text.split(RUN).reduce((sum, piece) => sum + (piece === "" ? 0 : count(piece)), 0);
}

const LONG_RUN = 96;
const RUN = /(\p{L}{96}|[^\s\p{L}\p{N}]{96}|\s{96})/u;
