// hnswlib-wasm under the contract of our own vector index, to be compared with it: docs/vector-index.md says why it does not ship.
import { loadHnswlib, type HierarchicalNSW } from "hnswlib-wasm/dist/hnswlib.js";
import { type RowSet, hasRow } from "../src/contract/rowSet.ts";
import { Quantiser } from "../src/engine/indexing/quantiser.ts";
import { joinPieces } from "../src/engine/indexing/joinPieces.ts";
import { readVectorFile, writeVectorFile } from "../src/engine/indexing/vectorFile.ts";
import type { PassageVector, VectorHit, VectorIndex } from "../src/engine/seams.ts";

export interface HnswOptions {
  readonly model: string;
  readonly dimensions: number;
  /** How many nearest a search keeps on its way: more find more, slower. */
  readonly ef?: number;
}

const M = 16;
const EF_CONSTRUCTION = 200;
const EF = 128;
const SEED = 1;
const FIRST_CAPACITY = 1024;

const library = await quietly(() => loadHnswlib());

export function createHnswIndex(options: HnswOptions): HnswIndex {
  return new HnswIndex(options);
}

/** It cannot write its graph to a disk in Node: the vectors are saved, and the graph is made anew. */
export function loadHnswIndex(bytes: Uint8Array, options: HnswOptions): HnswIndex {
  const { dimensions, rows, scales, components } = readVectorFile(bytes, options);
  const index = new HnswIndex(options);
  const byRow = new Map<number, Float32Array[]>();
  for (const [at, row] of rows.entries()) {
    const one = Float32Array.from(components.subarray(at * dimensions, (at + 1) * dimensions));
    const vectors = byRow.get(row) ?? [];
    vectors.push(one.map((component) => component * (scales[at] ?? 0)));
    byRow.set(row, vectors);
  }
  for (const [row, vectors] of byRow) index.add(row, vectors);
  return index;
}

/** Bytes of memory that the library holds, for all indexes together. */
export const hnswBytes = (): number => library.HEAPU8.buffer.byteLength;

export class HnswIndex implements VectorIndex {
  readonly model: string;
  readonly dimensions: number;
  #graph: HierarchicalNSW;
  #ef: number;
  #capacity = FIRST_CAPACITY;
  /** By label, which is a number in the order of coming. */
  #labels: { readonly row: number; readonly part: number }[] = [];
  #count = 0;
  #vectors = new Map<number, { readonly first: number; readonly vectors: readonly Float32Array[] }>();

  constructor({ model, dimensions, ef = EF }: HnswOptions) {
    this.model = model;
    this.dimensions = dimensions;
    this.#ef = ef;
    this.#graph = this.#empty();
  }

  set ef(ef: number) {
    this.#ef = ef;
    this.#graph.setEfSearch(ef);
  }

  add(row: number, vectors: readonly Float32Array[]): void {
    this.remove(row);
    if (vectors.length === 0) return;
    if (this.#labels.length + vectors.length > this.#capacity) {
      this.#capacity = 2 * this.#capacity + vectors.length;
      this.#graph.resizeIndex(this.#capacity);
    }
    this.#vectors.set(row, { first: this.#labels.length, vectors });
    this.#count += vectors.length;
    for (const [part, vector] of vectors.entries()) {
      this.#graph.addPoint(vector, this.#labels.length, false);
      this.#labels.push({ row, part });
    }
  }

  remove(row: number): void {
    const held = this.#vectors.get(row);
    if (held === undefined) return;
    this.#vectors.delete(row);
    this.#count -= held.vectors.length;
    for (const part of held.vectors.keys()) this.#graph.markDelete(held.first + part);
    const removed = this.#labels.length - this.#count;
    if (removed >= 256 && removed * 5 > this.#labels.length) this.#rebuild();
  }

  has(row: number): boolean {
    return this.#vectors.has(row);
  }

  search(
    query: Float32Array,
    { limit, rows }: { readonly limit: number; readonly rows?: RowSet },
  ): readonly VectorHit[] {
    if (limit === 0 || this.#count === 0 || query.every((component) => component === 0)) return [];
    const filter = rows === undefined ? undefined : (label: number) => hasRow(rows, this.#labels[label]?.row ?? 0);
    for (let asked = limit; ; asked *= 2) {
      this.#graph.setEfSearch(Math.max(this.#ef, asked));
      const { distances, neighbors } = this.#graph.searchKnn(query, Math.min(asked, this.#count), filter);
      const best = new Map<number, VectorHit>();
      for (const [at, label] of neighbors.entries()) {
        const similarity = 1 - (distances[at] ?? 1);
        const place = this.#labels[label];
        if (place === undefined || similarity <= 0 || (best.get(place.row)?.similarity ?? 0) >= similarity) continue;
        best.set(place.row, { ...place, similarity });
      }
      const enough = best.size >= limit || neighbors.length < asked || asked >= this.#count;
      if (enough)
        return [...best.values()].sort((a, b) => b.similarity - a.similarity || b.row - a.row).slice(0, limit);
    }
  }

  similarities(query: Float32Array, rows: readonly number[]): readonly (VectorHit | undefined)[] {
    return rows.map((row) => {
      const products = this.#vectors
        .get(row)
        ?.vectors.map((vector) => vector.reduce((sum, component, at) => sum + component * (query[at] ?? 0), 0));
      if (products === undefined) return undefined;
      const similarity = Math.max(...products);
      return { row, part: products.indexOf(similarity), similarity };
    });
  }

  vectorOf(row: number, part: number): PassageVector | undefined {
    const vector = this.#vectors.get(row)?.vectors[part];
    if (vector === undefined) return undefined;
    return { model: this.model, components: Int8Array.from(vector, (one) => Math.round(127 * one)), scale: 1 / 127 };
  }

  stats(): { readonly rows: number; readonly vectors: number; readonly bytes: number } {
    return { rows: this.#vectors.size, vectors: this.#count, bytes: hnswBytes() };
  }

  save(): Uint8Array {
    return joinPieces(this.pieces());
  }

  pieces(): Iterable<Uint8Array> {
    const quantiser = new Quantiser(this.dimensions);
    const held = [...this.#vectors].flatMap(([row, { vectors }]) => vectors.map((vector) => ({ row, vector })));
    const rows = Uint32Array.from(held, ({ row }) => row);
    const scales = new Float32Array(held.length);
    const components = new Int8Array(held.length * this.dimensions);
    for (const [at, { vector }] of held.entries()) {
      const quantised = quantiser.vector(vector);
      scales[at] = quantised.scale;
      components.set(quantised.components, at * this.dimensions);
    }
    return writeVectorFile({ model: this.model, dimensions: this.dimensions, rows, scales }, () => [components]);
  }

  #empty(): HierarchicalNSW {
    const graph = new library.HierarchicalNSW("ip", this.dimensions, "");
    graph.initIndex(this.#capacity, M, EF_CONSTRUCTION, SEED);
    graph.setEfSearch(this.#ef);
    return graph;
  }

  #rebuild(): void {
    const held = [...this.#vectors];
    this.#vectors = new Map();
    this.#labels = [];
    this.#count = 0;
    this.#capacity = FIRST_CAPACITY;
    this.#graph = this.#empty();
    for (const [row, { vectors }] of held) this.add(row, vectors);
  }
}

/** It takes Node for a browser where there is a window, and tells on the console of a database of browsers that it does not find. */
async function quietly<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const { log, error, warn } = console;
  const silent = { log: () => undefined, error: () => undefined, warn: () => undefined };
  Object.assign(globalThis, { window: globalThis });
  Object.assign(console, silent);
  try {
    const loaded = await load();
    // Its file system is mounted in the background.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return loaded;
  } finally {
    Object.assign(console, { log, error, warn });
    Reflect.deleteProperty(globalThis, "window");
  }
}
