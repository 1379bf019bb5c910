// The vector index alone: comparing everything in SIMD and in JavaScript, choosing by signs first, and hnswlib-wasm, on vectors of real texts and
// of real questions; a million are made of pairs of real ones. Recall is that of the ten nearest by float32, at a million of those that comparing
// everything finds. `node bench/vectorsPicture.ts FILE` draws what this prints.
// usage: node bench/vectors.ts [--hnsw 100000] [vectors…]   10000, 100000 and 1000000 unless told; needs dist/ (npm run build)
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadStaticModel } from "../src/engine/embedding/staticModel.ts";
import { kernelMaker } from "../src/engine/indexing/simdKernel.ts";
import { createVectorIndex } from "../src/engine/indexing/vectorIndex.ts";
import type { VectorHit, VectorIndex } from "../src/engine/seams.ts";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { createHnswIndex, hnswBytes } from "./hnswIndex.ts";

const LIMIT = 10;
const REAL = 100_000;
const EFS = [16, 32, 64, 128, 256, 512];

const { values, positionals } = parseArgs({
  options: { hnsw: { type: "string", default: "100000" } },
  allowPositionals: true,
});
const root = join(import.meta.dirname, "..");
const wasm = readFileSync(join(root, "dist/vectorScan.wasm"));
const embedder = loadStaticModel(readFileSync(join(root, "media/model/static.bin")), wasm);
const options = { model: embedder.id, dimensions: embedder.dimensions };
const { dimensions } = options;

const texts = realTexts(REAL);
const real = new Float32Array(REAL * dimensions);
for (const [row, text] of texts.entries()) real.set(embedder.embed(text), row * dimensions);
const queries = realQueries(texts, 400).map((query) => embedder.embed(query));

for (const size of positionals.length > 0 ? positionals.map(Number) : [10_000, 100_000, 1_000_000]) measure(size);

function measure(count: number): void {
  const [simd, plain] = [kernelMaker(wasm), kernelMaker(undefined)];
  const exact = built("exact, SIMD", count, () =>
    createVectorIndex({ ...options, makeKernel: simd, sketchFrom: Infinity }),
  );
  const nearest = count <= REAL ? queries.map((query) => tenthByFloat(query, count)) : undefined;
  const judge: Judge = { count, exact, nearest };
  const asked = count > REAL ? queries.slice(0, 100) : queries;
  search("exact, SIMD", exact, asked, judge);
  const signs = built("signs first", count, () => createVectorIndex({ ...options, makeKernel: simd, sketchFrom: 0 }));
  search("signs first", signs, asked, judge);
  if (count > REAL) return;
  const script = built("exact, JavaScript", count, () => createVectorIndex({ ...options, makeKernel: plain }));
  search("exact, JavaScript", script, queries.slice(0, 60), judge);
  if (count > Number(values.hnsw)) return;
  const before = hnswBytes();
  const hnsw = built("hnswlib-wasm", count, () => createHnswIndex(options), before);
  for (const ef of EFS) {
    hnsw.ef = ef;
    search(`hnswlib-wasm, ef ${ef}`, hnsw, asked, judge);
  }
}

/** Filled with the first vectors; prints how long that took, making those that are made included, and what memory it holds. */
function built<Index extends VectorIndex>(name: string, count: number, create: () => Index, before = 0): Index {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const index = create();
  for (let row = 0; row < count; row++) index.add(row, [vectorOf(row)]);
  const { user, system } = process.cpuUsage(cpu);
  printFigure("vectors", "build", {
    ...{
      index: name,
      vectors: count,
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
    },
    megabytes: (index.stats().bytes - before) / 1e6,
  });
  return index;
}

/** What a search is held to. */
interface Judge {
  readonly count: number;
  readonly exact: VectorIndex;
  /** By query, the float32 similarity of the tenth nearest; where there is none, the exact index says it. */
  readonly nearest: readonly number[] | undefined;
}

/** `cpu` is that of the whole process, in milliseconds a query: it is less disturbed by what else the machine does. */
function search(name: string, index: VectorIndex, asked: readonly Float32Array[], judge: Judge): void {
  for (const query of asked.slice(0, 20)) index.search(query, { limit: LIMIT });
  const took: number[] = [];
  const found: (readonly VectorHit[])[] = [];
  const before = process.cpuUsage();
  for (const query of asked) {
    const started = performance.now();
    found.push(index.search(query, { limit: LIMIT }));
    took.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  let near = 0;
  for (const [at, query] of asked.entries()) {
    const least = judge.nearest?.[at] ?? judge.exact.search(query, { limit: LIMIT }).at(-1)?.similarity ?? 0;
    for (const { row, similarity } of found[at] ?? [])
      if ((judge.nearest === undefined ? similarity : product(query, row)) >= least - 1e-6) near++;
  }
  printFigure("vectors", "search (ms)", {
    ...{ index: name, vectors: judge.count, recall: near / (LIMIT * asked.length), ...summary(took) },
    cpu: (user + system) / 1000 / asked.length,
  });
}

/** That of a real text, or the middle between two of them. */
function vectorOf(row: number): Float32Array {
  if (row < REAL) return real.subarray(row * dimensions, (row + 1) * dimensions);
  const one = (Math.imul(row, 0x9e3779b1) >>> 0) % REAL;
  const other = (Math.imul(row, 0x85ebca6b) >>> 0) % REAL;
  const middle = new Float32Array(dimensions);
  let square = 0;
  for (let at = 0; at < dimensions; at++) {
    const sum = (real[one * dimensions + at] ?? 0) + (real[other * dimensions + at] ?? 0);
    middle[at] = sum;
    square += sum * sum;
  }
  for (let at = 0; at < dimensions; at++) middle[at] = (middle[at] ?? 0) / Math.sqrt(square);
  return middle;
}

function product(query: Float32Array, row: number): number {
  let sum = 0;
  for (let at = 0; at < dimensions; at++) sum += (query[at] ?? 0) * (real[row * dimensions + at] ?? 0);
  return sum;
}

function tenthByFloat(query: Float32Array, count: number): number {
  const best = new Float64Array(LIMIT).fill(-1);
  for (let row = 0; row < count; row++) {
    const similarity = product(query, row);
    if (similarity <= (best[0] ?? 0)) continue;
    best[0] = similarity;
    best.sort();
  }
  return best[0] ?? 0;
}
