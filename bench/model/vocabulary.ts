// Makes the pieces that words are cut into: byte pair encoding (Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword
// Units", 2016). usage: node bench/model/vocabulary.ts PAIRS.tsv MERGES PIECES OUT
import { writeFileSync } from "node:fs";
import { folded } from "../../src/engine/embedding/strangeText.ts";
import { Heap } from "./heap.ts";
import { readPairs } from "./pairsFile.ts";
import { PieceCutter, WORD } from "./pieceCutter.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const LEAST_OFTEN = 3;
const LEAST_PAIRS = 8;
const LONGEST_WORD = 40;
/** Two numbers of pieces as one. */
const HALF = 1 << 20;

const [pairsPath = "", merges = "0", size = "0", out = ""] = process.argv.slice(2);
const counts = await countWords(pairsPath);
const pieces = mergedPieces(counts, Number(merges));
const basic = 2 * ALPHABET.length;
const kept = [...pieces.slice(0, basic), ...mostUsed(pieces, basic).slice(0, Number(size) - basic)];
writeFileSync(out, kept.join("\n"));
console.log(`${counts.size} words, ${pieces.length} pieces, ${kept.length} kept`);

async function countWords(path: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { left, right } of readPairs(path))
    for (const text of [left, right])
      for (const [word] of folded(text).matchAll(WORD)) {
        const lower = word.toLowerCase();
        found.set(lower, (found.get(lower) ?? 0) + 1);
      }
  // In an order that is the same wherever the pairs come from.
  return new Map(
    [...found]
      .filter(([word, count]) => count >= LEAST_OFTEN && word.length <= LONGEST_WORD)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Letters and digits, at the beginning of a word and inside, then what became of the pair that stood most often, again and again. */
function mergedPieces(words: ReadonlyMap<string, number>, rounds: number): string[] {
  const symbols = [...Array.from(ALPHABET), ...Array.from(ALPHABET, (letter) => `##${letter}`)];
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]));
  const cut = [...words.keys()].map((word) =>
    Array.from(word, (letter, at) => ids.get(at === 0 ? letter : `##${letter}`) ?? 0),
  );
  const often = [...words.values()];
  const counted = new Map<number, number>();
  const holders = new Map<number, Set<number>>();
  const change = (word: number, by: 1 | -1): void => {
    const parts = cut[word] ?? [];
    for (let at = 0; at + 1 < parts.length; at++) {
      const key = (parts[at] ?? 0) * HALF + (parts[at + 1] ?? 0);
      counted.set(key, (counted.get(key) ?? 0) + by * (often[word] ?? 0));
      if (by < 0) continue;
      let holding = holders.get(key);
      if (holding === undefined) holders.set(key, (holding = new Set()));
      holding.add(word);
    }
  };
  for (const word of cut.keys()) change(word, 1);

  const heap = new Heap();
  for (const [key, count] of counted) heap.push(count, key);
  for (let round = 0; round < rounds;) {
    const top = heap.pop();
    if (top === undefined || top.count < LEAST_PAIRS) break;
    if (counted.get(top.key) !== top.count) continue;
    const [first, second] = [Math.floor(top.key / HALF), top.key % HALF];
    const merged = (symbols[first] ?? "") + (symbols[second] ?? "").slice(2);
    const id = ids.get(merged) ?? symbols.push(merged) - 1;
    ids.set(merged, id);
    round++;
    const changed = new Set<number>();
    for (const word of holders.get(top.key) ?? []) {
      change(word, -1);
      for (const key of keysOf(cut[word] ?? [])) changed.add(key);
      cut[word] = joined(cut[word] ?? [], first, second, id);
      change(word, 1);
      for (const key of keysOf(cut[word])) changed.add(key);
    }
    counted.delete(top.key);
    holders.delete(top.key);
    changed.delete(top.key);
    for (const key of changed) heap.push(counted.get(key) ?? 0, key);
  }
  return symbols;
}

function keysOf(parts: readonly number[]): number[] {
  return parts.slice(1).map((part, at) => (parts[at] ?? 0) * HALF + part);
}

function joined(parts: readonly number[], first: number, second: number, id: number): number[] {
  const result: number[] = [];
  for (let at = 0; at < parts.length; at++)
    if (parts[at] === first && parts[at + 1] === second) {
      result.push(id);
      at++;
    } else result.push(parts[at] ?? 0);
  return result;
}

/** The pieces after the alphabet, those that words are cut into most often first. */
function mostUsed(all: readonly string[], from: number): string[] {
  const used = new Float64Array(all.length);
  const cutter = new PieceCutter(all);
  for (const [word, count] of counts) for (const id of cutter.piecesOf(word)) used[id] = (used[id] ?? 0) + count;
  return [...all.keys()]
    .slice(from)
    .sort((a, b) => (used[b] ?? 0) - (used[a] ?? 0) || a - b)
    .map((id) => all[id] ?? "");
}
