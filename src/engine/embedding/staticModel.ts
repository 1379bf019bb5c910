import type { Embedder } from "../seams.ts";
import { readModelFile } from "./modelFile.ts";
import { makeRowTable, type RowTable } from "./rowTable.ts";
import { addDrawn, folded, isStrange, signGrams, strangeGrams } from "./strangeText.ts";
import { WordPieces } from "./wordPieces.ts";

/** Frequencies up to this have their weight at hand. */
const WEIGHTS = 4096;

/**
 * The built-in model: a table with one vector a word piece. `wasm` is vectorScan.wasm; without it the same is computed in JavaScript. Holds nothing of
 * `bytes`. EMBEDDING_FAILED where they are no model of this version.
 */
export function loadStaticModel(bytes: Uint8Array, wasm?: Uint8Array): Embedder {
  return new StaticModel(bytes, wasm);
}

/**
 * The vector of a text is the sum of those of its distinct pieces, each times 1 + ln of how often it occurs and its own scale, brought to
 * length 1. No text but white space is nothing: what the vocabulary lacks has vectors that are drawn from its characters.
 */
class StaticModel implements Embedder {
  readonly id: string;
  readonly dimensions: number;
  readonly #pieces: WordPieces;
  readonly #rows: RowTable;
  readonly #scales: Float32Array;
  /** Of drawn vectors: what a row of the table has in the middle. */
  readonly #drawnLength: number;
  readonly #weights = Float32Array.from({ length: WEIGHTS }, (_, count) => 1 + Math.log(Math.max(1, count)));

  constructor(bytes: Uint8Array, wasm: Uint8Array | undefined) {
    const { id, dimensions, vocabulary, scales, nibbles, rowLength } = readModelFile(bytes);
    this.id = id;
    this.dimensions = dimensions;
    this.#pieces = new WordPieces(vocabulary, scales.length);
    this.#rows = makeRowTable(nibbles, dimensions, wasm);
    this.#scales = scales.slice();
    this.#drawnLength = rowLength;
  }

  embed(text: string): Float32Array {
    const { list, weights } = this.#rows;
    let known = text;
    let length = this.#pieces.list(known, list, weights);
    if (this.#pieces.sawStrange) {
      known = folded(text);
      length = this.#pieces.list(known, list, weights);
    }
    for (let at = 0; at < length; at++)
      weights[at] = this.#weightOf(weights[at] ?? 0) * (this.#scales[list[at] ?? 0] ?? 0);
    const sums = this.#rows.sum(length).slice();
    const strange = this.#pieces.sawStrange && isStrange(known) ? strangeGrams(known) : undefined;
    // Of a sign that is nothing without its diacritics the sign itself is taken.
    const drawn = length === 0 && (strange?.size ?? 0) === 0 ? signGrams(known.trim() === "" ? text : known) : strange;
    if (drawn !== undefined)
      for (const [hash, count] of drawn) addDrawn(hash, this.#drawnLength * this.#weightOf(count), sums);
    return unit(sums);
  }

  #weightOf(count: number): number {
    return this.#weights[count] ?? 1 + Math.log(count);
  }
}

function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (let at = 0; at < vector.length; at++) square += (vector[at] ?? 0) ** 2;
  if (square === 0) return vector;
  const factor = 1 / Math.sqrt(square);
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) * factor;
  return vector;
}
