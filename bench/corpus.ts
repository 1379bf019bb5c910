import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Real English and code text for benchmarks, the same on every machine with the same lock file: pieces of 200 to 400 characters of the
 * Markdown, declarations, comments and code under node_modules, each once, in a seeded order. No network, nothing generated.
 * Throws when there are fewer than `count`.
 */
export function realTexts(count: number, seed = 1): string[] {
  const texts = [...pieces()];
  if (texts.length < count) throw new Error(`node_modules holds only ${texts.length} texts; run npm ci`);
  shuffle(texts, random(seed));
  return texts.slice(0, count);
}

/**
 * Distinct queries of 3 to 10 consecutive words, each out of a sentence of a text that is drawn by the seed. Sentences are those whose words
 * are mostly plain words or names, as a person would ask.
 */
export function realQueries(texts: readonly string[], count: number, seed = 2): string[] {
  const next = random(seed);
  const queries = new Set<string>();
  for (let attempt = 0; queries.size < count && attempt < 100 * count; attempt++) {
    const text = texts[Math.floor(next() * texts.length)] ?? "";
    const sentences = text.split(/[.!?](?=\s)/u);
    const sentence = sentences[Math.floor(next() * sentences.length)] ?? "";
    const words = sentence.split(/\s+/u).filter((word) => /\w/u.test(word));
    if (/[{}=;<>[\]]/u.test(sentence)) continue;
    if (words.filter((word) => PLAIN_WORD.test(word)).length < 0.8 * words.length) continue;
    const length = 3 + Math.floor(next() * 8);
    if (words.length < length) continue;
    const start = Math.floor(next() * (words.length - length + 1));
    queries.add(words.slice(start, start + length).join(" "));
  }
  return [...queries];
}

const PLAIN_WORD = /^["'`(]?[A-Za-z][\w.'-]{0,30}["'`),;:]*$/u;

/** Uniform numbers in [0, 1): mulberry32 of Tommy Ettinger. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NODE_MODULES = join(import.meta.dirname, "..", "node_modules");

function pieces(): Set<string> {
  const found = new Set<string>();
  for (const file of files(NODE_MODULES)) {
    const text = readFileSync(file, "utf8");
    const lines = text.split("\n");
    // Minified or generated: nothing that a person wrote.
    if (text.length / lines.length > 120) continue;
    let piece = "";
    for (const line of lines) {
      const written = line.replace(/^\s*(?:\/\*\*?|\*+\/|\*|\/\/)/u, "").trim();
      if (written.length > 400) continue;
      if (piece.length + written.length > 400) {
        if (isRich(piece)) found.add(piece);
        piece = "";
      }
      piece = piece === "" ? written : `${piece}${written === "" ? "" : "\n"}${written}`;
    }
    if (isRich(piece)) found.add(piece);
  }
  return found;
}

/** Long enough, and of at least twelve different words: no table of numbers, no list of cases. */
function isRich(piece: string): boolean {
  return piece.length >= 200 && new Set(piece.match(/[A-Za-z]{3,}/gu)).size >= 12;
}

const PLATFORM = /-(?:linux|darwin|win32|android|freebsd|openharmony|wasm32|arm|x64)|^gpt-tokenizer$/u;

/** Packages that only one platform has are left out, or the corpus would differ between machines; so are tables of tokens. */
function* files(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || PLATFORM.test(entry.name)) continue;
    if (entry.isDirectory()) yield* files(path);
    else if (entry.isFile() && /\.(?:md|[cm]?js|[cm]?ts)$/u.test(entry.name)) yield path;
  }
}

function shuffle(texts: string[], next: () => number): void {
  for (let index = texts.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1));
    const text = texts[index] ?? "";
    texts[index] = texts[other] ?? "";
    texts[other] = text;
  }
}
