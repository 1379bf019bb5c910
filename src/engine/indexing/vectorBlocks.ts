import type { RowSet } from "../../contract/rowSet.ts";
import { drawSketchQuery, HIGHEST_MAGNITUDE } from "./vectorSketch.ts";
import type { SketchKernel, VectorKernel } from "./vectorKernel.ts";

/** Vectors of a block. */
const BLOCK = 1024;
/** Vectors that are compared at a time, with the threshold that the ones before have led to. */
const STEP = 256;
/** What AssemblyScript keeps for itself ends below. */
const HEAP = 1024;
const FIRST_SET_BYTES = 16_384;

/** Takes what a search finds. */
export interface Best {
  /** What a score has to reach; asked a step at a time. */
  readonly threshold: number;
  /** As `Hits` tells them, until the next ones: a call with each score would put it in memory of its own. */
  take(hits: Hits): void;
}

/** What reached the threshold as it was when the step began: beside one another a place in the block and, in the same memory, a score. */
export interface Hits {
  /** Number of the block's first vector. */
  readonly first: number;
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  /** In words. */
  readonly from: number;
  readonly to: number;
}

interface Block {
  readonly rows: number;
  readonly scales: number;
  readonly vectors: number;
}

interface Sketches {
  readonly sketches: number;
  readonly agreements: number;
}

/**
 * int8 vectors of one length in a kernel's memory, each with its row and its scale, numbered as they came. Nothing moves when it grows: a block
 * is added, 1,024 rows, as many scales and as many vectors.
 */
export class VectorBlocks {
  readonly dimensions: number;
  readonly #kernel: VectorKernel;
  readonly #blocks: Block[] = [];
  /** Where the memory that is used ends, in bytes. */
  #end = HEAP;
  readonly #query: number;
  /** The numbers 0 to 1,023. */
  readonly #all: number;
  readonly #list: number;
  readonly #hits: number;
  #set: number;
  #setBytes = FIRST_SET_BYTES;
  #count = 0;
  /** By block, made when a search first wants them. */
  readonly #sketches: Sketches[] = [];
  /** Blocks that are full and have sketches of all that they hold. */
  #sketched = 0;
  #sketching: { readonly planes: number; readonly histogram: number } | undefined;
  #bytes = new Int8Array(0);
  #words = new Uint32Array(0);
  #floats = new Float32Array(0);

  constructor(kernel: VectorKernel, dimensions: number) {
    this.dimensions = dimensions;
    this.#kernel = kernel;
    this.#query = this.#allocate(2 * dimensions);
    this.#all = this.#allocate(4 * BLOCK);
    this.#list = this.#allocate(4 * BLOCK);
    this.#hits = this.#allocate(8 * STEP);
    this.#set = this.#allocate(FIRST_SET_BYTES);
    for (let place = 0; place < BLOCK; place++) this.#words[this.#all / 4 + place] = place;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of memory that are held. */
  get bytes(): number {
    return this.#kernel.buffer.byteLength;
  }

  /** Whether `scanSketches` can be called. */
  get canSketch(): boolean {
    return this.#kernel.sketches !== undefined;
  }

  add(row: number, scale: number, components: Int8Array): void {
    if (this.#count === this.#blocks.length * BLOCK) {
      const rows = this.#allocate(4 * BLOCK);
      const scales = this.#allocate(4 * BLOCK);
      this.#blocks.push({ rows, scales, vectors: this.#allocate(BLOCK * this.dimensions) });
    }
    this.#put(this.#count++, row, scale, components);
  }

  rowAt(index: number): number {
    return this.#words[this.#blockOf(index).rows / 4 + (index % BLOCK)] ?? 0;
  }

  scaleAt(index: number): number {
    return this.#floats[this.#blockOf(index).scales / 4 + (index % BLOCK)] ?? 0;
  }

  /** A view: not to be kept beyond the next change. */
  componentsAt(index: number): Int8Array {
    const from = this.#blockOf(index).vectors + (index % BLOCK) * this.dimensions;
    return this.#bytes.subarray(from, from + this.dimensions);
  }

  /** Of all vectors, one after the other, a block at a time: each in memory of its own, as a search may move what there is. */
  *components(): Generator<Int8Array> {
    for (let block = 0; block * BLOCK < this.#count; block++) {
      const { vectors } = this.#blockOf(block * BLOCK);
      yield this.#bytes.slice(vectors, vectors + this.#lengthOf(block) * this.dimensions);
    }
  }

  /** A vector without a scale is not found any more. */
  silence(index: number): void {
    this.#floats[this.#blockOf(index).scales / 4 + (index % BLOCK)] = 0;
  }

  /** Keeps only the vectors with these numbers, which ascend, and numbers them anew. */
  keep(indexes: readonly number[]): void {
    for (const [to, from] of indexes.entries())
      if (to !== from) this.#put(to, this.rowAt(from), this.scaleAt(from), this.componentsAt(from));
    this.#count = indexes.length;
    this.#sketched = 0;
  }

  /** Compares all vectors, or those of `rows`, with a query whose components are 16 bits. */
  scan(query: Int16Array, rows: RowSet | undefined, best: Best): void {
    this.#takeQuery(query, rows);
    for (let block = 0; block * BLOCK < this.#count; block++) {
      const length = this.#listWanted(block, rows);
      this.#compare(block, rows === undefined ? this.#all : this.#list, length, best);
    }
  }

  /** Gives the scores of single vectors, as `scan` finds them, until the next search. */
  scorer(query: Int16Array): (index: number) => number {
    this.#takeQuery(query, undefined);
    const [at, dimensions, list, hits] = [this.#query, this.dimensions, this.#list, this.#hits];
    return (index) => {
      const { scales, vectors } = this.#blockOf(index);
      this.#words[list / 4] = index % BLOCK;
      this.#kernel.compare(at, list, 1, scales, vectors, dimensions, -Infinity, hits);
      return this.#floats[hits / 4 + 1] ?? 0;
    };
  }

  /**
   * As `scan`, but compares only those vectors whose sketch agrees most with the query's: at least `candidates` of them, or all. The best are
   * found with a probability that docs/vector-index.md tells.
   */
  scanSketches(query: Int16Array, rows: RowSet | undefined, candidates: number, best: Best): void {
    const kernel = this.#kernel.sketches;
    if (kernel === undefined) throw new Error("This kernel makes no sketches.");
    const sketched = this.#sketch(kernel);
    this.#takeQuery(query, rows);
    const bins = HIGHEST_MAGNITUDE * this.dimensions + 1;
    this.#sketching ??= { planes: this.#allocate(this.dimensions / 2), histogram: this.#allocate(4 * bins) };
    const { planes, histogram } = this.#sketching;
    const counts = this.#words.subarray(histogram / 4, histogram / 4 + bins).fill(0);
    this.#words.set(drawSketchQuery(query), planes / 4);
    for (const [block, { sketches, agreements }] of sketched.entries()) {
      if (rows !== undefined) this.#bytes.fill(0, agreements, agreements + 2 * BLOCK);
      const list = rows === undefined ? this.#all : this.#list;
      const length = this.#listWanted(block, rows);
      kernel.agree(planes, list, length, sketches, this.dimensions, agreements, histogram);
    }
    let cutoff = bins;
    for (let reached = 0; reached < candidates && cutoff > 1;) reached += counts[--cutoff] ?? 0;
    for (const [block, { agreements }] of sketched.entries()) {
      const length = kernel.reaching(agreements, this.#lengthOf(block), cutoff, this.#list);
      this.#compare(block, this.#list, length, best);
    }
  }

  #takeQuery(query: Int16Array, rows: RowSet | undefined): void {
    new Int16Array(this.#kernel.buffer, this.#query, this.dimensions).set(query);
    if (rows === undefined) return;
    if (rows.byteLength > this.#setBytes) {
      this.#setBytes = 2 * rows.byteLength;
      this.#set = this.#allocate(this.#setBytes);
    }
    this.#words.set(rows, this.#set / 4);
  }

  #listWanted(block: number, rows: RowSet | undefined): number {
    const count = this.#lengthOf(block);
    if (rows === undefined) return count;
    return this.#kernel.wanted(this.#blocks[block]?.rows ?? 0, count, this.#set, rows.length, this.#list);
  }

  #compare(block: number, list: number, length: number, best: Best): void {
    const { scales, vectors } = this.#blockOf(block * BLOCK);
    const [query, dimensions, hits] = [this.#query, this.dimensions, this.#hits];
    for (let from = 0; from < length; from += STEP) {
      const [at, some] = [list + 4 * from, Math.min(STEP, length - from)];
      const found = this.#kernel.compare(query, at, some, scales, vectors, dimensions, best.threshold, hits);
      if (found > 0) best.take(this.#told(block, found));
    }
  }

  #told(block: number, found: number): Hits {
    const from = this.#hits / 4;
    return { first: block * BLOCK, words: this.#words, floats: this.#floats, from, to: from + 2 * found };
  }

  /** Sketches of all vectors, a block after the other. */
  #sketch(kernel: SketchKernel): readonly Sketches[] {
    for (let block = this.#sketched; block * BLOCK < this.#count; block++) {
      const sketches = (this.#sketches[block] ??= {
        sketches: this.#allocate((BLOCK * this.dimensions) / 8),
        agreements: this.#allocate(2 * BLOCK),
      });
      kernel.sketch(this.#blockOf(block * BLOCK).vectors, this.#lengthOf(block), this.dimensions, sketches.sketches);
    }
    this.#sketched = Math.floor(this.#count / BLOCK);
    return this.#sketches.slice(0, Math.ceil(this.#count / BLOCK));
  }

  #put(index: number, row: number, scale: number, components: Int8Array): void {
    const block = this.#blockOf(index);
    const place = index % BLOCK;
    this.#words[block.rows / 4 + place] = row;
    this.#floats[block.scales / 4 + place] = scale;
    this.#bytes.set(components, block.vectors + place * this.dimensions);
  }

  #blockOf(index: number): Block {
    const block = this.#blocks[Math.floor(index / BLOCK)];
    if (block === undefined) throw new RangeError("There is no such vector.");
    return block;
  }

  #lengthOf(block: number): number {
    return Math.min(BLOCK, this.#count - block * BLOCK);
  }

  #allocate(bytes: number): number {
    const address = this.#end;
    this.#end = 16 * Math.ceil((address + bytes) / 16);
    if (this.#end > this.#kernel.buffer.byteLength || this.#words.length === 0) {
      this.#kernel.reserve(this.#end);
      const { buffer } = this.#kernel;
      this.#bytes = new Int8Array(buffer);
      this.#words = new Uint32Array(buffer);
      this.#floats = new Float32Array(buffer);
    }
    return address;
  }
}
