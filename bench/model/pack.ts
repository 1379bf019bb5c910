// Packs a table of vectors into the file that the extension ships.
// usage: node bench/model/pack.ts FOLDER ID OUT; FOLDER holds vocab.txt (a piece a line), weights.i4 (two signed nibbles a byte, value + 8, low
// nibble first, a row a piece), scales.f32 and meta.json ({"dims"})
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeModelFile } from "../../src/engine/embedding/modelFile.ts";

const [folder = "", id = "", out = ""] = process.argv.slice(2);
const { dims } = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8")) as { readonly dims: number };
const words = readFileSync(join(folder, "vocab.txt"));
const vocabulary = words.at(-1) === 10 ? words.subarray(0, -1) : words;
const scales = new Float32Array(Uint8Array.from(readFileSync(join(folder, "scales.f32"))).buffer);
const nibbles = readFileSync(join(folder, "weights.i4"));
const lengths = Float32Array.from(scales, (scale, row) => {
  let square = 0;
  for (const pair of nibbles.subarray((row * dims) / 2, ((row + 1) * dims) / 2))
    square += ((pair & 15) - 8) ** 2 + ((pair >> 4) - 8) ** 2;
  return scale * Math.sqrt(square);
}).sort();
const rowLength = lengths[lengths.length >> 1] ?? 0;
writeFileSync(out, writeModelFile({ id, dimensions: dims, vocabulary, scales, nibbles, rowLength }));
