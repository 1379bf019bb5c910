import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
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
    countText = (text) => countAscii(text) ?? countWords(text, (word) => countAscii(word) ?? countOther(word));
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
  for (const path of ["./cl100k_base.tiktoken", "../cl100k_base.tiktoken"]) {
    try {
      return await readFile(new URL(path, import.meta.url));
    } catch {
      // It lies in the next place.
    }
  }
  return readFile(createRequire(import.meta.url).resolve("gpt-tokenizer/data/cl100k_base.tiktoken"));
}

/** Counts ASCII text without a long run; undefined for any other. */
function asciiCounter(ranks: RankTable): (text: string) => number | undefined {
  const kept = new Uint8Array(8_192);
  return (text) => {
    const bytes = text.length <= kept.length ? kept : new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 127) return undefined;
      bytes[at] = code;
    }
    let tokens = 0;
    const whole = eachAsciiPiece(bytes, text.length, LONG_RUN, (from, to) => {
      tokens += ranks.count(bytes, from, to);
    });
    return whole ? tokens : undefined;
  };
}

/**
 * Cuts before every single space between two printable ASCII characters. The encoding cuts there too, whatever stands around: a space belongs to
 * the piece after it, and no piece holds one further in. So the sum over the words is the count of the text.
 */
function countWords(text: string, countWord: (word: string) => number): number {
  let tokens = 0;
  let from = 0;
  for (let space = text.indexOf(" ", 1); space !== -1; space = text.indexOf(" ", space + 1)) {
    if (!isPrinted(text.charCodeAt(space - 1)) || !isPrinted(text.charCodeAt(space + 1))) continue;
    tokens += countWord(text.slice(from, space));
    from = space;
  }
  return from === text.length ? tokens : tokens + countWord(text.slice(from));
}

const isPrinted = (code: number): boolean => code > 32 && code < 127;

/** Remembers counts of short words in two generations: when the younger is full the older is dropped. About 100 bytes a word. */
function remembering(count: (text: string) => number): (word: string) => number {
  let younger = new Map<string, number>();
  let older = new Map<string, number>();
  return (word) => {
    if (word.length > LONGEST_WORD) return count(word);
    const known = younger.get(word);
    if (known !== undefined) return known;
    const tokens = older.get(word) ?? count(word);
    if (younger.size === GENERATION) {
      older = younger;
      younger = new Map();
    }
    younger.set(word, tokens);
    return tokens;
  };
}

const LONGEST_WORD = 32;
const GENERATION = 8_192;

/** Merging pairs costs the square of a run's length, so longer runs of letters, signs or white space are counted in pieces. */
function countRuns(text: string, count: (piece: string) => number): number {
  if (text.length < LONG_RUN || !RUN.test(text)) return count(text);
  return text.split(RUN).reduce((sum, piece) => sum + (piece === "" ? 0 : count(piece)), 0);
}

const LONG_RUN = 96;
const RUN = /(\p{L}{96}|[^\s\p{L}\p{N}]{96}|\s{96})/u;
