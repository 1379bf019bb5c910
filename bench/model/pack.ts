// Packs a table of vectors into the file that the extension ships. usage: node bench/model/pack.ts TABLE VOCABULARY ID OUT; TABLE holds float32 numbers,
// a row a piece; VOCABULARY a piece a line
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { writeModelFile } from "../../src/engine/embedding/modelFile.ts";

const LARGEST = 7;
/** A row's scale is the best of these shares of the one that its largest component fits in: a few components that are cut off cost less. */
const SHARES = [1, 0.92, 0.85, 0.78, 0.71, 0.64];

const [tablePath = "", vocabularyPath = "", id = "", out = ""] = process.argv.slice(2);
const vocabulary = readFileSync(vocabularyPath);
const pieces = vocabulary.toString().split("\n").length;
const table = new Float32Array(Uint8Array.from(readFileSync(tablePath)).buffer);
const dimensions = table.length / pieces;
const scales = new Float32Array(pieces);
const components = new Int8Array(table.length);
for (let row = 0; row < pieces; row++) {
  const numbers = table.subarray(row * dimensions, (row + 1) * dimensions);
  const scale = bestScale(numbers);
  scales[row] = scale;
  components.set(quantised(numbers, scale), row * dimensions);
}
const lengths = scales
  .map((scale, row) => scale * Math.hypot(...components.subarray(row * dimensions, (row + 1) * dimensions)))
  .sort();
const bytes = writeModelFile({
  id,
  dimensions,
  vocabulary,
  scales,
  nibbles: Uint8Array.from({ length: components.length / 2 }, (_, at) => nibble(2 * at) | (nibble(2 * at + 1) << 4)),
  rowLength: lengths[lengths.length >> 1] ?? 0,
});
writeFileSync(out, bytes);
console.log(`${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`);

function nibble(at: number): number {
  return (components[at] ?? 0) + 8;
}

function bestScale(numbers: Float32Array): number {
  const whole = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 1e-12) / LARGEST;
  let best = whole;
  let least = Infinity;
  for (const share of SHARES) {
    const scale = share * whole;
    const error = quantised(numbers, scale).reduce(
      (sum, step, at) => sum + (scale * step - (numbers[at] ?? 0)) ** 2,
      0,
    );
    if (error < least) [best, least] = [scale, error];
  }
  return best;
}

function quantised(numbers: Float32Array, scale: number): Int8Array {
  return Int8Array.from(numbers, (number) => Math.max(-LARGEST, Math.min(LARGEST, Math.round(number / scale))));
}
