import { countRows, type RowSet } from "../../contract/rowSet.ts";
import type { PassageVector, VectorHit, VectorIndex } from "../seams.ts";
import { joinPieces } from "./joinPieces.ts";
import { PlacesByRow } from "./placesByRow.ts";
import { Quantiser } from "./quantiser.ts";
import { TopRows } from "./topRows.ts";
import { type Best, VectorBlocks } from "./vectorBlocks.ts";
import { readVectorFile, type VectorFile, writeVectorFile } from "./vectorFile.ts";
import type { VectorKernel } from "./vectorKernel.ts";

export interface VectorIndexOptions {
  /** Id of the model whose vectors these are. */
  readonly model: string;
  readonly dimensions: number;
  readonly makeKernel: (dimensions: number) => VectorKernel;
  /** Vectors from which on sketches are compared first. */
  readonly sketchFrom?: number;
}

/** Below, comparing everything takes a few milliseconds. */
const SKETCH_FROM = 250_000;
/** The share of the vectors that is compared exactly when sketches were compared first. */
const CANDIDATES = 1 / 64;
/** Nothing is near that points another way. */
const LEAST_SCORE = 1e-30;

/** An empty index. */
export function createVectorIndex(options: VectorIndexOptions): VectorIndex {
  return new ExactVectorIndex(options);
}

/** An index that was saved. UNSUPPORTED_VERSION, STORE_CORRUPT; EMBEDDING_FAILED where its vectors are those of another model. */
export function loadVectorIndex(bytes: Uint8Array, options: VectorIndexOptions): VectorIndex {
  const file = readVectorFile(bytes, options);
  const index = new ExactVectorIndex(options);
  index.fill(file);
  return index;
}

/**
 * Every vector is compared with every query, as int8: exact but for the rounding of a component to 1/127 of the largest, and faster than a graph
 * up to sizes that no repository reaches. Of very many vectors only those are compared whose signs agree with the query's. Vectors of one row
 * stand next to each other; a removed row's stay, silent, until a fifth of all are such.
 */
class ExactVectorIndex implements VectorIndex {
  readonly model: string;
  readonly dimensions: number;
  readonly #blocks: VectorBlocks;
  readonly #quantiser: Quantiser;
  readonly #sketchFrom: number;
  /** By row, the number of its first vector. */
  readonly #places = new PlacesByRow();
  #removed = 0;

  constructor({ model, dimensions, makeKernel, sketchFrom = SKETCH_FROM }: VectorIndexOptions) {
    this.model = model;
    this.dimensions = dimensions;
    this.#blocks = new VectorBlocks(makeKernel(dimensions), dimensions);
    this.#quantiser = new Quantiser(dimensions);
    this.#sketchFrom = sketchFrom;
  }

  add(row: number, vectors: readonly Float32Array[]): void {
    this.remove(row);
    if (vectors.length === 0) return;
    this.#places.set(row, this.#blocks.count);
    for (const vector of vectors) {
      const { components, scale } = this.#quantiser.vector(vector);
      this.#blocks.add(row, scale, components);
    }
  }

  remove(row: number): void {
    const first = this.#places.get(row);
    if (first === undefined) return;
    this.#places.delete(row);
    const end = this.#end(row, first);
    for (let index = first; index < end; index++) this.#blocks.silence(index);
    this.#removed += end - first;
    if (this.#removed >= 256 && this.#removed * 5 > this.#blocks.count) this.#compact();
  }

  has(row: number): boolean {
    return this.#places.has(row);
  }

  search(
    query: Float32Array,
    { limit, rows }: { readonly limit: number; readonly rows?: RowSet },
  ): readonly VectorHit[] {
    const { components, scale } = this.#quantiser.query(query);
    if (limit === 0 || scale === 0) return [];
    const heap = new TopRows(limit);
    const best: Best = {
      get threshold() {
        return Math.max(heap.threshold, LEAST_SCORE);
      },
      take: ({ first, words, floats, from, to }) => {
        for (let at = from; at < to; at += 2) {
          const score = floats[at + 1] ?? 0;
          if (score < heap.threshold) continue;
          const index = first + (words[at] ?? 0);
          const row = this.#blocks.rowAt(index);
          heap.offer(score, row, index, this.#hasSiblings(index, row));
        }
      },
    };
    const candidates = CANDIDATES * this.#sketchable(rows);
    if (candidates > 0) this.#blocks.scanSketches(components, rows, Math.max(candidates, limit), best);
    else this.#blocks.scan(components, rows, best);
    return heap.sorted((row, index, score) => ({
      row,
      part: index - (this.#places.get(row) ?? index),
      similarity: score * scale,
    }));
  }

  similarities(query: Float32Array, rows: readonly number[]): readonly (VectorHit | undefined)[] {
    const { components, scale } = this.#quantiser.query(query);
    const scoreOf = this.#blocks.scorer(components);
    return rows.map((row) => {
      const first = this.#places.get(row);
      if (first === undefined) return undefined;
      let best = -Infinity;
      let part = 0;
      for (let index = first; index < this.#end(row, first); index++) {
        const score = scoreOf(index);
        if (score <= best) continue;
        best = score;
        part = index - first;
      }
      return { row, part, similarity: best * scale };
    });
  }

  vectorOf(row: number, part: number): PassageVector | undefined {
    const first = this.#places.get(row);
    if (first === undefined || first + part >= this.#end(row, first)) return undefined;
    const components = this.#blocks.componentsAt(first + part).slice();
    return { model: this.model, components, scale: this.#blocks.scaleAt(first + part) };
  }

  stats(): { readonly rows: number; readonly vectors: number; readonly bytes: number } {
    const { count, bytes } = this.#blocks;
    return { rows: this.#places.size, vectors: count - this.#removed, bytes: bytes + this.#places.bytes };
  }

  save(): Uint8Array {
    return joinPieces(this.pieces());
  }

  pieces(): Iterable<Uint8Array> {
    this.#compact();
    const { count } = this.#blocks;
    const [rows, scales] = [new Uint32Array(count), new Float32Array(count)];
    for (let index = 0; index < count; index++) {
      rows[index] = this.#blocks.rowAt(index);
      scales[index] = this.#blocks.scaleAt(index);
    }
    return writeVectorFile({ model: this.model, dimensions: this.dimensions, rows, scales }, () =>
      this.#blocks.components(),
    );
  }

  /** As they were saved. */
  fill({ rows, scales, components }: VectorFile): void {
    for (const [index, row] of rows.entries()) {
      if (!this.#places.has(row)) this.#places.set(row, index);
      const from = index * this.dimensions;
      this.#blocks.add(row, scales[index] ?? 0, components.subarray(from, from + this.dimensions));
    }
  }

  /** How many vectors, at least, a search may find; 0 where they are few enough to compare them all. */
  #sketchable(rows: RowSet | undefined): number {
    const { count, canSketch } = this.#blocks;
    if (!canSketch || count < this.#sketchFrom) return 0;
    const found = rows === undefined ? count : countRows(rows);
    return found < this.#sketchFrom ? 0 : found;
  }

  /** Whether a vector beside this one is of the same row. */
  #hasSiblings(index: number, row: number): boolean {
    const blocks = this.#blocks;
    if (index > 0 && blocks.rowAt(index - 1) === row) return true;
    return index + 1 < blocks.count && blocks.rowAt(index + 1) === row;
  }

  /** One past the last vector of a row. */
  #end(row: number, first: number): number {
    let end = first + 1;
    while (end < this.#blocks.count && this.#blocks.rowAt(end) === row) end++;
    return end;
  }

  #compact(): void {
    if (this.#removed === 0) return;
    const kept: number[] = [];
    const blocks = this.#blocks;
    for (let index = 0; index < blocks.count; index++) {
      const first = this.#places.get(blocks.rowAt(index));
      if (first !== undefined && index >= first) kept.push(index);
    }
    blocks.keep(kept);
    this.#places.clear();
    for (let index = 0; index < blocks.count; index++) {
      const row = blocks.rowAt(index);
      if (!this.#places.has(row)) this.#places.set(row, index);
    }
    this.#removed = 0;
  }
}
