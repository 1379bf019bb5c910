import type { RowSet } from "../../contract/rowSet.ts";

/** Holds int8 vectors of one length, each with the row that it belongs to, and compares all of them with a query. */
export interface VectorKernel {
  /** Vectors that are held. */
  readonly count: number;
  readonly bytes: number;
  add(row: number, vector: Int8Array): void;
  rowAt(index: number): number;
  /** A view: not to be kept beyond the next change. */
  vectorAt(index: number): Int8Array;
  /** Keeps only the vectors at these places, which ascend. */
  keep(places: readonly number[]): void;
  /** Dot products by place, `UNWANTED` where the row is not in `rows`. A view: not to be kept beyond the next call. */
  scan(query: Int8Array, rows: RowSet | undefined): Int32Array;
}

/** Below every dot product. */
export const UNWANTED = -(2 ** 31);

const FIRST_CAPACITY = 1024;
const GROWTH = 1.5;

/** The kernel in JavaScript, for where there is no WebAssembly SIMD. */
export class PlainKernel implements VectorKernel {
  readonly #dimensions: number;
  #rows = new Uint32Array(FIRST_CAPACITY);
  #vectors: Int8Array;
  #products = new Int32Array(0);
  #count = 0;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#vectors = new Int8Array(FIRST_CAPACITY * dimensions);
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#rows.byteLength + this.#vectors.byteLength + this.#products.byteLength;
  }

  add(row: number, vector: Int8Array): void {
    if (this.#count === this.#rows.length) {
      const capacity = Math.ceil(this.#count * GROWTH);
      const rows = new Uint32Array(capacity);
      rows.set(this.#rows);
      this.#rows = rows;
      const vectors = new Int8Array(capacity * this.#dimensions);
      vectors.set(this.#vectors);
      this.#vectors = vectors;
    }
    this.#rows[this.#count] = row;
    this.#vectors.set(vector, this.#count * this.#dimensions);
    this.#count++;
  }

  rowAt(index: number): number {
    return this.#rows[index] ?? 0;
  }

  vectorAt(index: number): Int8Array {
    return this.#vectors.subarray(index * this.#dimensions, (index + 1) * this.#dimensions);
  }

  keep(places: readonly number[]): void {
    for (const [to, from] of places.entries()) {
      this.#rows[to] = this.#rows[from] ?? 0;
      this.#vectors.copyWithin(to * this.#dimensions, from * this.#dimensions, (from + 1) * this.#dimensions);
    }
    this.#count = places.length;
  }

  scan(query: Int8Array, rows: RowSet | undefined): Int32Array {
    const dimensions = this.#dimensions;
    const vectors = this.#vectors;
    if (this.#products.length < this.#count) this.#products = new Int32Array(this.#rows.length);
    const products = this.#products;
    for (let index = 0; index < this.#count; index++) {
      const row = this.#rows[index] ?? 0;
      if (rows !== undefined && (((rows[row >> 5] ?? 0) >>> (row & 31)) & 1) === 0) {
        products[index] = UNWANTED;
        continue;
      }
      let sum = 0;
      const from = index * dimensions;
      for (let at = 0; at < dimensions; at++) sum += (query[at] ?? 0) * (vectors[from + at] ?? 0);
      products[index] = sum;
    }
    return products.subarray(0, this.#count);
  }
}

/** The module's one function: see vectorScan/scan.as.ts. */
type Scan = (
  query: number,
  vectors: number,
  count: number,
  dimensions: number,
  rows: number,
  set: number,
  words: number,
  out: number,
) => void;

const PAGE = 65_536;
/** AssemblyScript's own data ends below. */
const HEAP = 1024;

/** The kernel in WebAssembly SIMD: everything that it reads lies in its memory. */
export class SimdKernel implements VectorKernel {
  readonly #dimensions: number;
  readonly #memory: WebAssembly.Memory;
  readonly #scan: Scan;
  #capacity = FIRST_CAPACITY;
  /** Words of the set of rows that there is room for. */
  #words = 1024;
  #count = 0;
  /** Views of the memory, made anew when it grows. */
  #rows = new Uint32Array(0);
  #vectors = new Int8Array(0);

  constructor(module: WebAssembly.Module, dimensions: number) {
    this.#dimensions = dimensions;
    const { exports } = new WebAssembly.Instance(module, { env: { abort: unreachable } });
    this.#memory = exports["memory"] as WebAssembly.Memory;
    this.#scan = exports["scan"] as Scan;
    this.#reserve();
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  add(row: number, vector: Int8Array): void {
    if (this.#count === this.#capacity) this.#grow(Math.ceil(this.#capacity * GROWTH), this.#words);
    this.#rows[this.#count] = row;
    this.#vectors.set(vector, this.#count * this.#dimensions);
    this.#count++;
  }

  rowAt(index: number): number {
    return this.#rows[index] ?? 0;
  }

  vectorAt(index: number): Int8Array {
    return this.#vectors.subarray(index * this.#dimensions, (index + 1) * this.#dimensions);
  }

  keep(places: readonly number[]): void {
    const [rows, vectors] = [this.#rows, this.#vectors];
    for (const [to, from] of places.entries()) {
      rows[to] = rows[from] ?? 0;
      vectors.copyWithin(to * this.#dimensions, from * this.#dimensions, (from + 1) * this.#dimensions);
    }
    this.#count = places.length;
  }

  scan(query: Int8Array, rows: RowSet | undefined): Int32Array {
    if (rows !== undefined && rows.length > this.#words) this.#grow(this.#capacity, Math.ceil(rows.length * GROWTH));
    const { query: at, set, rows: rowsAt, products, vectors } = this.#layout();
    const { buffer } = this.#memory;
    new Int8Array(buffer, at, this.#dimensions).set(query);
    if (rows !== undefined) new Uint32Array(buffer, set, rows.length).set(rows);
    this.#scan(at, vectors, this.#count, this.#dimensions, rowsAt, set, rows?.length ?? -1, products);
    return new Int32Array(buffer, products, this.#count);
  }

  /** Where things lie, in bytes. What grows by the vector comes last. */
  #layout(): Readonly<Record<"query" | "set" | "rows" | "products" | "vectors" | "end", number>> {
    const query = HEAP;
    const set = query + this.#dimensions;
    const rows = set + this.#words * 4;
    const products = rows + this.#capacity * 4;
    const vectors = (products + this.#capacity * 4 + 15) & ~15;
    return { query, set, rows, products, vectors, end: vectors + this.#capacity * this.#dimensions };
  }

  #grow(capacity: number, words: number): void {
    const rows = this.#rows.slice(0, this.#count);
    const { vectors: from } = this.#layout();
    const length = this.#count * this.#dimensions;
    this.#capacity = capacity;
    this.#words = words;
    this.#reserve();
    const { vectors: to } = this.#layout();
    new Uint8Array(this.#memory.buffer).copyWithin(to, from, from + length);
    this.#rows.set(rows);
  }

  #reserve(): void {
    const { rows, vectors, end } = this.#layout();
    const missing = Math.ceil(end / PAGE) - this.#memory.buffer.byteLength / PAGE;
    if (missing > 0) this.#memory.grow(missing);
    this.#rows = new Uint32Array(this.#memory.buffer, rows, this.#capacity);
    this.#vectors = new Int8Array(this.#memory.buffer, vectors, this.#capacity * this.#dimensions);
  }
}

function unreachable(): never {
  throw new Error("The vector scan aborted.");
}

/** How a kernel is made: with SIMD where the bytes of vectorScan.wasm are given and the machine can run them. */
export function kernelMaker(wasm: Uint8Array | undefined): (dimensions: number) => VectorKernel {
  if (wasm === undefined || !WebAssembly.validate(wasm)) return (dimensions) => new PlainKernel(dimensions);
  const module = new WebAssembly.Module(wasm);
  return (dimensions) => (dimensions % 16 === 0 ? new SimdKernel(module, dimensions) : new PlainKernel(dimensions));
}
