import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../../../src/contract/rowSet.ts";
import { loadStaticModel } from "../../../src/engine/embedding/staticModel.ts";
import { kernelMaker, SimdKernel } from "../../../src/engine/indexing/simdKernel.ts";
import { createVectorIndex, loadVectorIndex } from "../../../src/engine/indexing/vectorIndex.ts";
import type { VectorIndex } from "../../../src/engine/seams.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const DIMENSIONS = 32;
const root = join(import.meta.dirname, "../../..");
const wasm = readFileSync(join(root, "dist/vectorScan.wasm"));
const kernels = { "WebAssembly SIMD": kernelMaker(wasm), JavaScript: kernelMaker(undefined) };
const random = seededRandom(7);

/** A random unit vector. */
function vector(dimensions = DIMENSIONS): Float32Array {
  const components = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...components);
  return components.map((component) => component / length);
}

const largest = (unit: Float32Array): number => Math.max(...unit.map(Math.abs));
/** Components as integers up to 127, and of a query up to 32,767; the product of the two is exact, and scaled as a float32. */
const rounded = (unit: Float32Array, scale: number): readonly number[] =>
  Array.from(unit, (component) => Math.round(component * (1 / scale)));
function similarity(stored: Float32Array, query: Float32Array): number {
  const scale = Math.fround(largest(stored) / 127);
  const queryScale = largest(query) / 32_767;
  const asked = rounded(query, queryScale);
  const product = rounded(stored, scale).reduce((sum, component, at) => sum + component * (asked[at] ?? 0), 0);
  return Math.fround(Math.fround(product) * scale) * queryScale;
}

/** What a search has to give, by comparing with everything. */
function nearest(
  held: ReadonlyMap<number, readonly Float32Array[]>,
  query: Float32Array,
  limit: number,
  rows?: RowSet,
) {
  return [...held]
    .filter(([row]) => rows === undefined || hasRow(rows, row))
    .map(([row, vectors]) => {
      const similarities = vectors.map((one) => similarity(one, query));
      const best = Math.max(...similarities);
      return { row, part: similarities.indexOf(best), similarity: best };
    })
    .filter(({ similarity }) => similarity > 0)
    .sort((a, b) => b.similarity - a.similarity || b.row - a.row)
    .slice(0, limit);
}

test("the kernel that was compiled runs here", () => {
  expect(kernels["WebAssembly SIMD"](DIMENSIONS)).toBeInstanceOf(SimdKernel);
});

describe.each(Object.entries(kernels))("the vector index with the kernel in %s", (_, makeKernel) => {
  const options = { model: "test-1", dimensions: DIMENSIONS, makeKernel };
  const filled = (held: ReadonlyMap<number, readonly Float32Array[]>): VectorIndex => {
    const index = createVectorIndex(options);
    for (const [row, vectors] of held) index.add(row, vectors);
    return index;
  };

  test("gives exactly the nearest rows, whatever was added, replaced and removed, and among any rows", () => {
    const step = fc.record({ row: fc.integer({ min: 1, max: 60 }), parts: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (steps, limit) => {
        const held = new Map<number, readonly Float32Array[]>();
        const index = createVectorIndex(options);
        for (const { row, parts } of steps) {
          const vectors = Array.from({ length: parts }, vector);
          if (parts === 0) index.remove(row);
          else index.add(row, vectors);
          if (parts === 0) held.delete(row);
          else held.set(row, vectors);
        }
        const rows = emptyRowSet(40);
        for (let row = 1; row < 40; row += 3) addRow(rows, row);
        const query = vector();
        expect(index.search(query, { limit })).toEqual(nearest(held, query, limit));
        expect(index.search(query, { limit, rows })).toEqual(nearest(held, query, limit, rows));
        expect(index.stats().rows).toBe(held.size);
      }),
      { numRuns: 60 },
    );
  });

  test("grows over many pages of memory, and is compacted when much was removed", () => {
    const held = new Map(Array.from({ length: 9_000 }, (_, row) => [row + 1, [vector()]]));
    const index = filled(held);
    const before = index.stats().vectors;
    for (let row = 1; row <= 9_000; row += 2) {
      held.delete(row);
      index.remove(row);
    }
    const query = vector();
    expect(before).toBe(9_000);
    expect(index.search(query, { limit: 50 })).toEqual(nearest(held, query, 50));
    expect(index.stats()).toMatchObject({ rows: 4_500, vectors: 4_500 });
  });

  test("of equals the newest comes first, and a vector of nothing is never found", () => {
    const same = vector();
    const index = filled(
      new Map([
        [3, [same]],
        [9, [same]],
        [5, [same]],
        [7, [new Float32Array(DIMENSIONS)]],
      ]),
    );
    expect(index.search(same, { limit: 9 }).map(({ row }) => row)).toEqual([9, 5, 3]);
    expect(index.search(new Float32Array(DIMENSIONS), { limit: 9 })).toEqual([]);
  });

  test("compares rows that were found otherwise by their best passage", () => {
    const vectors = [vector(), vector(), vector()];
    const index = filled(new Map([[4, vectors]]));
    const query = vectors[1] ?? vector();
    expect(index.similarities(query, [4, 5])).toEqual([nearest(new Map([[4, vectors]]), query, 1)[0], undefined]);
  });

  test("is the same after it was saved, and leaves nothing of what was removed", () => {
    const held = new Map(Array.from({ length: 300 }, (_, row) => [row + 1, [vector(), vector()]]));
    const index = filled(held);
    index.remove(17);
    held.delete(17);
    const saved = index.save();
    const loaded = loadVectorIndex(saved, options);
    const query = vector();
    expect(loaded.search(query, { limit: 20 })).toEqual(nearest(held, query, 20));
    expect(loaded.stats().vectors).toBe(598);
    expect(loaded.has(17)).toBe(false);
    loaded.add(17, [query]);
    expect(loaded.search(query, { limit: 1 })[0]?.row).toBe(17);
  });

  test("loses nothing to overflow when a vector has a thousand components that all point one way", () => {
    const dimensions = 1024;
    const wide = { ...options, dimensions };
    const flat = new Float32Array(dimensions).fill(1 / 32);
    const index = createVectorIndex(wide);
    index.add(1, [flat]);
    index.add(2, [flat.map((component) => -component)]);
    const hits = index.search(flat, { limit: 9 });
    expect(hits.map(({ row }) => row)).toEqual([1]);
    expect(hits[0]?.similarity).toBeCloseTo(1, 5);
    expect(index.similarities(flat, [1, 2]).map((hit) => hit?.similarity)).toEqual([
      hits[0]?.similarity,
      -(hits[0]?.similarity ?? 0),
    ]);
  });

  test("refuses what is cut off, changed, of another version or of another model", () => {
    const saved = filled(new Map([[1, [vector()]]])).save();
    const refused = (bytes: Uint8Array, given = options): unknown => {
      try {
        return loadVectorIndex(bytes, given);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    for (let length = 0; length < saved.length; length++) expect(refused(saved.slice(0, length))).toBe("STORE_CORRUPT");
    for (let at = 12; at < saved.length; at++) {
      const changed = saved.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(refused(changed), `byte ${at}`).toBe("STORE_CORRUPT");
    }
    const newer = saved.slice();
    newer[4] = 99;
    expect(refused(newer)).toBe("UNSUPPORTED_VERSION");
    expect(refused(saved, { ...options, model: "test-2" })).toBe("EMBEDDING_FAILED");
    expect(refused(saved, { ...options, dimensions: 16 })).toBe("EMBEDDING_FAILED");
  });
});

test("rounding loses next to nothing of what real texts mean", () => {
  const model = loadStaticModel(readFileSync(join(root, "media/model/static.bin")));
  const vectors = passages().map((passage) => model.embed(passage));
  const index = createVectorIndex({ model: model.id, dimensions: model.dimensions, makeKernel: kernelMaker(wasm) });
  for (const [row, one] of vectors.entries()) index.add(row, [one]);
  let [found, wanted] = [0, 0];
  for (let at = 0; at < vectors.length; at += 60) {
    const query = vectors[at] ?? vector();
    const near = vectors.map((one) => one.reduce((sum, component, at) => sum + component * (query[at] ?? 0), 0));
    const tenth = near.toSorted((a, b) => b - a)[9] ?? 0;
    const hits = index.search(query, { limit: 10 });
    found += hits.filter(({ row }) => (near[row] ?? 0) >= tenth).length;
    wanted += 10;
  }
  expect(vectors.length).toBeGreaterThan(2_000);
  expect(found / wanted).toBeGreaterThan(0.99);
});

describe("sketches, which very many vectors are chosen by", () => {
  const dimensions = 128;
  const options = { model: "test-1", dimensions, makeKernel: kernels["WebAssembly SIMD"] };
  const centres = Array.from({ length: 60 }, () => vector(dimensions));
  /** Near one of sixty directions, as what is said of one thing. */
  const clustered = (): Float32Array => {
    const centre = centres[Math.floor(random() * centres.length)] ?? vector(dimensions);
    const noise = vector(dimensions);
    return centre.map((component, at) => component + 0.8 * (noise[at] ?? 0));
  };
  const recall = (sketched: VectorIndex, exact: VectorIndex, rows?: RowSet): number => {
    let [found, wanted] = [0, 0];
    for (let turn = 0; turn < 40; turn++) {
      const question = { limit: 10, ...(rows === undefined ? {} : { rows }) };
      const query = clustered();
      const hits = sketched.search(query, question);
      const nearest = exact.search(query, question);
      // Whatever is found is compared exactly, so that it is one of the nearest or less near than these.
      const worst = nearest.at(-1)?.similarity ?? 0;
      found += hits.filter(({ similarity }) => similarity >= worst).length;
      wanted += nearest.length;
      for (const hit of hits) expect(exact.similarities(query, [hit.row])).toEqual([hit]);
    }
    return found / wanted;
  };

  test("find nearly all that comparing everything finds, among any rows, whatever was added and removed since", () => {
    const [sketched, exact] = [createVectorIndex({ ...options, sketchFrom: 5_000 }), createVectorIndex(options)];
    const both = (change: (index: VectorIndex) => void): void => [sketched, exact].forEach(change);
    const add = (from: number, to: number): void => {
      for (let row = from; row < to; row++) {
        const vectors = row % 7 === 0 ? [clustered(), clustered()] : [clustered()];
        both((index) => index.add(row, vectors));
      }
    };
    add(1, 12_500);
    expect(recall(sketched, exact)).toBeGreaterThan(0.95);
    const late = clustered();
    both((index) => index.add(14_050, [late]));
    expect(sketched.search(late, { limit: 1 })[0]?.row).toBe(14_050);
    add(12_500, 14_000);
    for (let row = 1; row < 14_000; row += 4) both((index) => index.remove(row));
    add(14_000, 14_050);
    expect(recall(sketched, exact)).toBeGreaterThan(0.95);
    const rows = emptyRowSet(14_050);
    for (let row = 0; row < 14_050; row++) if (row % 9 > 2) addRow(rows, row);
    expect(recall(sketched, exact, rows)).toBeGreaterThan(0.95);
    for (const { row } of sketched.search(clustered(), { limit: 100, rows })) {
      expect(hasRow(rows, row)).toBe(true);
      expect(exact.has(row)).toBe(true);
    }
  });

  test("are not asked where few rows may be found: then these are compared", () => {
    const [sketched, exact] = [createVectorIndex({ ...options, sketchFrom: 2_000 }), createVectorIndex(options)];
    for (let row = 1; row < 3_000; row++) {
      const vectors = [clustered()];
      for (const index of [sketched, exact]) index.add(row, vectors);
    }
    const rows = emptyRowSet(3_000);
    for (let row = 0; row < 3_000; row += 2) addRow(rows, row);
    expect(recall(sketched, exact, rows)).toBe(1);
  });
});

/** Pieces of this repository's own code and documents. */
function passages(): readonly string[] {
  const files = ["src", "docs"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|md)$/u.test(name))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  return files.flatMap((text) => text.match(/[^]{200,400}(?=\n)/gu) ?? []);
}
