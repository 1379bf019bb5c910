import { HeirloomError } from "../../contract/errors.ts";
import type { RowSet } from "../../contract/rowSet.ts";
import type { VectorHit, VectorIndex } from "../seams.ts";
import { type TopRow, TopRows } from "./topRows.ts";
import { readVectorFile, writeVectorFile } from "./vectorFile.ts";
import { UNWANTED, type VectorKernel } from "./vectorKernel.ts";

export interface VectorIndexOptions {
  /** Id of the model whose vectors these are. */
  readonly model: string;
  readonly dimensions: number;
  readonly makeKernel: (dimensions: number) => VectorKernel;
}

/** A component of a unit vector times this is its integer. */
const SCALE = 127;

/** An empty index. */
export function createVectorIndex(options: VectorIndexOptions): VectorIndex {
  return new ExactVectorIndex(options);
}

/** An index that was saved. UNSUPPORTED_VERSION, STORE_CORRUPT; EMBEDDING_FAILED where its vectors are those of another model. */
export function loadVectorIndex(bytes: Uint8Array, options: VectorIndexOptions): VectorIndex {
  const file = readVectorFile(bytes);
  if (file.model !== options.model || file.dimensions !== options.dimensions)
    throw new HeirloomError(
      "EMBEDDING_FAILED",
      `These vectors are of ${file.model}, and the model is ${options.model}.`,
    );
  const index = new ExactVectorIndex(options);
  index.fill(file.rows, file.vectors);
  return index;
}

/**
 * Every vector is compared with every query, as int8: exact but for the rounding of a component to 1/127, and faster than a graph up to sizes
 * that no repository reaches. Vectors of one row stand next to each other; a removed row's stay until a fifth of all are such.
 */
class ExactVectorIndex implements VectorIndex {
  readonly model: string;
  readonly dimensions: number;
  readonly #kernel: VectorKernel;
  readonly #query: Int8Array;
  /** By row, the place of its first vector. */
  readonly #places = new Map<number, number>();
  #removed = 0;

  constructor({ model, dimensions, makeKernel }: VectorIndexOptions) {
    this.model = model;
    this.dimensions = dimensions;
    this.#kernel = makeKernel(dimensions);
    this.#query = new Int8Array(dimensions);
  }

  add(row: number, vectors: readonly Float32Array[]): void {
    this.remove(row);
    if (vectors.length === 0) return;
    this.#places.set(row, this.#kernel.count);
    for (const vector of vectors) this.#kernel.add(row, quantised(vector, this.#query));
  }

  remove(row: number): void {
    const first = this.#places.get(row);
    if (first === undefined) return;
    this.#places.delete(row);
    this.#removed += this.#end(row, first) - first;
    if (this.#removed >= 256 && this.#removed * 5 > this.#kernel.count) this.#compact();
  }

  has(row: number): boolean {
    return this.#places.has(row);
  }

  search(
    query: Float32Array,
    { limit, rows }: { readonly limit: number; readonly rows?: RowSet },
  ): readonly VectorHit[] {
    const wanted = quantised(query, this.#query);
    if (limit === 0 || isZero(wanted)) return [];
    const products = this.#kernel.scan(wanted, rows);
    const best = new TopRows<Near>(limit);
    for (let index = 0; index < products.length; index++) {
      const score = products[index] ?? UNWANTED;
      // Nothing is near that points another way.
      if (score < 1 || score < best.threshold) continue;
      const row = this.#kernel.rowAt(index);
      const first = this.#places.get(row);
      // A removed row's vectors come before those that it has now.
      if (first === undefined || index < first) continue;
      best.offer({ score, row, part: index - first }, index > first || this.#end(row, first) > first + 1);
    }
    return best.sorted().map(({ row, part, score }) => ({ row, part, similarity: score / (SCALE * SCALE) }));
  }

  similarities(query: Float32Array, rows: readonly number[]): readonly (VectorHit | undefined)[] {
    const wanted = quantised(query, this.#query);
    return rows.map((row) => {
      const first = this.#places.get(row);
      if (first === undefined) return undefined;
      let best = -Infinity;
      let part = 0;
      for (let index = first; index < this.#end(row, first); index++) {
        const product = dot(wanted, this.#kernel.vectorAt(index));
        if (product <= best) continue;
        best = product;
        part = index - first;
      }
      return { row, part, similarity: best / (SCALE * SCALE) };
    });
  }

  stats(): { readonly rows: number; readonly vectors: number; readonly bytes: number } {
    const { count, bytes } = this.#kernel;
    return { rows: this.#places.size, vectors: count - this.#removed, bytes };
  }

  save(): Uint8Array {
    this.#compact();
    const { count } = this.#kernel;
    const rows = new Uint32Array(count);
    const vectors = new Int8Array(count * this.dimensions);
    for (let index = 0; index < count; index++) {
      rows[index] = this.#kernel.rowAt(index);
      vectors.set(this.#kernel.vectorAt(index), index * this.dimensions);
    }
    return writeVectorFile({ model: this.model, dimensions: this.dimensions, rows, vectors });
  }

  /** As they were saved. */
  fill(rows: Uint32Array, vectors: Int8Array): void {
    for (const [index, row] of rows.entries()) {
      if (!this.#places.has(row)) this.#places.set(row, index);
      this.#kernel.add(row, vectors.subarray(index * this.dimensions, (index + 1) * this.dimensions));
    }
  }

  /** One past the last vector of a row. */
  #end(row: number, first: number): number {
    let end = first + 1;
    while (end < this.#kernel.count && this.#kernel.rowAt(end) === row) end++;
    return end;
  }

  #compact(): void {
    if (this.#removed === 0) return;
    const kept: number[] = [];
    const kernel = this.#kernel;
    for (let index = 0; index < kernel.count; index++) {
      const first = this.#places.get(kernel.rowAt(index));
      if (first !== undefined && index >= first) kept.push(index);
    }
    kernel.keep(kept);
    this.#places.clear();
    for (let index = 0; index < kernel.count; index++) {
      const row = kernel.rowAt(index);
      if (!this.#places.has(row)) this.#places.set(row, index);
    }
    this.#removed = 0;
  }
}

/** A vector that is among the nearest, by its dot product with the query. */
interface Near extends TopRow {
  readonly part: number;
}

function quantised(vector: Float32Array, into: Int8Array): Int8Array {
  for (let at = 0; at < into.length; at++) into[at] = Math.round((vector[at] ?? 0) * SCALE);
  return into;
}

const isZero = (vector: Int8Array): boolean => vector.every((component) => component === 0);

function dot(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}
