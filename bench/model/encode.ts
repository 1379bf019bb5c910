// Cuts pairs into pieces, as the program that ships does, for the trainer. usage: node bench/model/encode.ts PAIRS.tsv VOCABULARY FOLDER
// Writes pieces.u16 (all texts, each once), texts.u32 (start and length of each) and pairs.u32 (left and right as start and length, then a number
// for source and kind).
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../corpus.ts";
import { folded } from "../../src/engine/embedding/strangeText.ts";
import { Growing } from "./growing.ts";
import { readPairs } from "./pairsFile.ts";
import { PieceCutter } from "./pieceCutter.ts";

const MOST_LEFT = 96;
const MOST_RIGHT = 224;
/** Shares of kinds of which there is more than teaches anything. */
const KEPT: ReadonlyMap<string, number> = new Map([
  ["broader", 0.5],
  ["synonym", 0.5],
  ["name-doc", 0.6],
  ["name-body", 0.6],
  ["commit-path", 0.5],
  ["next-paragraph", 0.6],
]);

const [pairsPath = "", vocabulary = "", folder = ""] = process.argv.slice(2);
const cutter = new PieceCutter(readFileSync(vocabulary, "utf8").split("\n"));
const next = random(5);
const pieces = new Growing(Uint16Array);
const texts = new Growing(Uint32Array);
const pairs = new Growing(Uint32Array);
const known = new Map<string, readonly [number, number]>();
const sources = new Map<string, number>();

for await (const { source, kind, left, right } of readPairs(pairsPath)) {
  if (next() >= (KEPT.get(kind) ?? 1)) continue;
  const [[leftStart, leftLength], [rightStart, rightLength]] = [encoded(left), encoded(right)];
  if (leftLength === 0 || rightLength === 0) continue;
  const name = `${source} ${kind}`;
  let number = sources.get(name);
  if (number === undefined) sources.set(name, (number = sources.size));
  for (const value of [leftStart, Math.min(MOST_LEFT, leftLength), rightStart, rightLength, number]) pairs.push(value);
}
writeFileSync(join(folder, "pieces.u16"), pieces.values());
writeFileSync(join(folder, "texts.u32"), texts.values());
writeFileSync(join(folder, "pairs.u32"), pairs.values());

function encoded(text: string): readonly [number, number] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const start = pieces.length;
  for (const id of cutter.piecesOf(folded(text)).slice(0, MOST_RIGHT)) pieces.push(id);
  const place = [start, pieces.length - start] as const;
  known.set(text, place);
  for (const value of place) texts.push(value);
  return place;
}
