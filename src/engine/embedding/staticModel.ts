import type { Embedder } from "../seams.ts";
import { readModelFile } from "./modelFile.ts";
import { addDrawn, folded, isStrange, signGrams, strangeGrams } from "./strangeText.ts";
import { WordPieces } from "./wordPieces.ts";

/** Frequencies up to this have their weight at hand. */
const WEIGHTS = 4096;

/** The built-in model: a table with one vector a word piece. EMBEDDING_FAILED where the bytes are no model of this version. */
export function loadStaticModel(bytes: Uint8Array): Embedder {
  return new StaticModel(bytes);
}

/**
 * The vector of a text is the sum of those of its distinct pieces, each times 1 + ln of how often it occurs and its own scale, brought to
 * length 1. No text but white space is nothing: what the vocabulary lacks has vectors that are drawn from its characters.
 */
class StaticModel implements Embedder {
  readonly id: string;
  readonly dimensions: number;
  readonly #pieces: WordPieces;
  readonly #components: Int8Array;
  readonly #scales: Float32Array;
  /** Of drawn vectors: what a row of the table has in the middle. */
  readonly #drawnLength: number;
  /** By piece, how often the text at hand holds it; 0 between texts. */
  readonly #counts: Uint32Array;
  readonly #weights = Float32Array.from({ length: WEIGHTS }, (_, count) => 1 + Math.log(Math.max(1, count)));

  constructor(bytes: Uint8Array) {
    const { id, dimensions, vocabulary, scales, components, rowLength } = readModelFile(bytes);
    this.id = id;
    this.dimensions = dimensions;
    this.#pieces = new WordPieces(vocabulary);
    this.#components = components;
    this.#scales = scales;
    this.#drawnLength = rowLength;
    this.#counts = new Uint32Array(vocabulary.length);
  }

  embed(text: string): Float32Array {
    const sums = new Float32Array(this.dimensions);
    const known = folded(text);
    const seen: number[] = [];
    const counts = this.#counts;
    this.#pieces.scan(known, (id) => {
      const before = counts[id] ?? 0;
      if (before === 0) seen.push(id);
      counts[id] = before + 1;
    });
    for (const id of seen) {
      this.#add(id, this.#weightOf(counts[id] ?? 0), sums);
      counts[id] = 0;
    }
    const strange = isStrange(known) ? strangeGrams(known) : new Map<number, number>();
    const drawn = seen.length + strange.size === 0 ? signGrams(known) : strange;
    for (const [hash, count] of drawn) addDrawn(hash, this.#drawnLength * this.#weightOf(count), sums);
    return unit(sums);
  }

  #add(id: number, weight: number, sums: Float32Array): void {
    const components = this.#components;
    const dimensions = this.dimensions;
    const scale = weight * (this.#scales[id] ?? 0);
    const from = id * dimensions;
    for (let at = 0; at < dimensions; at++) sums[at] = (sums[at] ?? 0) + scale * (components[from + at] ?? 0);
  }

  #weightOf(count: number): number {
    return this.#weights[count] ?? 1 + Math.log(count);
  }
}

function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const component of vector) square += component * component;
  if (square === 0) return vector;
  const factor = 1 / Math.sqrt(square);
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) * factor;
  return vector;
}
