// Packs a table of vectors into the file that the extension ships.
// usage: node bench/model/pack.ts FOLDER ID OUT; FOLDER holds vocab.txt (a piece a line), weights.i4 (two signed nibbles a byte, value + 8, low
// nibble first, a row a piece), scales.f32 and meta.json ({"dims"})
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromNibbles, writeModelFile } from "../../src/engine/embedding/modelFile.ts";

const [folder = "", id = "", out = ""] = process.argv.slice(2);
const { dims } = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8")) as { readonly dims: number };
const vocabulary = readFileSync(join(folder, "vocab.txt"), "utf8").replace(/\n$/u, "").split("\n");
const scales = new Float32Array(Uint8Array.from(readFileSync(join(folder, "scales.f32"))).buffer);
const components = fromNibbles(readFileSync(join(folder, "weights.i4")), vocabulary.length * dims);
const lengths = Float32Array.from(vocabulary, (_, row) => {
  let square = 0;
  for (let at = row * dims; at < (row + 1) * dims; at++) square += (components[at] ?? 0) ** 2;
  return (scales[row] ?? 0) * Math.sqrt(square);
}).sort();
const rowLength = lengths[lengths.length >> 1] ?? 0;
writeFileSync(out, writeModelFile({ id, dimensions: dims, vocabulary, scales, components, rowLength }));
