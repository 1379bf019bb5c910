import { HeirloomError } from "../../contract/errors.ts";
import type { RowSet } from "../../contract/rowSet.ts";
import type { VectorHit, VectorIndex } from "../seams.ts";
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
    const best = new Nearest(limit);
    for (let index = 0; index < products.length; index++) {
      const product = products[index] ?? UNWANTED;
      if (product < best.least) continue;
      const row = this.#kernel.rowAt(index);
      const first = this.#places.get(row);
      // A removed row's vectors come before those that it has now.
      if (first === undefined || index < first) continue;
      best.offer(row, index - first, product);
    }
    return best.sorted().map(({ row, part, product }) => ({ row, part, similarity: product / (SCALE * SCALE) }));
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

/** The best rows so far, one vector each: a heap whose root is the least. */
class Nearest {
  readonly #limit: number;
  readonly #best = new Map<number, Near>();
  readonly #heap: Near[] = [];
  /** Less than this is not among the best; nothing is that points another way. */
  least = 1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(row: number, part: number, product: number): void {
    const known = this.#best.get(row);
    if (known !== undefined) {
      if (product <= known.product) return;
      known.product = product;
      known.part = part;
      this.#sink(this.#heap.indexOf(known));
    } else {
      const near = { row, part, product };
      if (this.#heap.length < this.#limit) {
        this.#heap.push(near);
        this.#best.set(row, near);
        this.#rise(this.#heap.length - 1);
      } else {
        const least = this.#heap[0];
        if (least === undefined || !isLess(least, near)) return;
        this.#best.delete(least.row);
        this.#best.set(row, near);
        this.#heap[0] = near;
        this.#sink(0);
      }
    }
    if (this.#heap.length === this.#limit) this.least = this.#heap[0]?.product ?? this.least;
  }

  sorted(): readonly Near[] {
    return [...this.#heap].sort((a, b) => b.product - a.product || b.row - a.row);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let place = from; place > 0;) {
      const above = (place - 1) >> 1;
      const [here, parent] = [heap[place], heap[above]];
      if (here === undefined || parent === undefined || !isLess(here, parent)) return;
      heap[place] = parent;
      heap[above] = here;
      place = above;
    }
  }

  #sink(from: number): void {
    const heap = this.#heap;
    for (let place = from; ;) {
      let below = 2 * place + 1;
      const [left, right] = [heap[below], heap[below + 1]];
      if (left === undefined) return;
      if (right !== undefined && isLess(right, left)) below += 1;
      const [here, child] = [heap[place], heap[below]];
      if (here === undefined || child === undefined || !isLess(child, here)) return;
      heap[place] = child;
      heap[below] = here;
      place = below;
    }
  }
}

interface Near {
  readonly row: number;
  part: number;
  product: number;
}

/** Of equal products the older row is the lesser. */
const isLess = (a: Near, b: Near): boolean => a.product < b.product || (a.product === b.product && a.row < b.row);

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
