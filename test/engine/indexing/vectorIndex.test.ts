import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHnswIndex, loadHnswIndex } from "../../../bench/hnswIndex.ts";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../../../src/contract/rowSet.ts";
import { kernelMaker, SimdKernel } from "../../../src/engine/indexing/simdKernel.ts";
import { createVectorIndex, loadVectorIndex } from "../../../src/engine/indexing/vectorIndex.ts";
import type { VectorKernel } from "../../../src/engine/indexing/vectorKernel.ts";
import type { VectorHit, VectorIndex } from "../../../src/engine/seams.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const DIMENSIONS = 32;
const wasm = readFileSync(join(import.meta.dirname, "../../../dist/vectorScan.wasm"));
const kernels = { "WebAssembly SIMD": kernelMaker(wasm), JavaScript: kernelMaker(undefined) };
const random = seededRandom(7);

/** A random unit vector. */
function vector(): Float32Array {
  const components = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
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

/** What finds the nearest, exactly or nearly. */
interface Implementation {
  readonly create: (options: Options) => VectorIndex;
  readonly load: (bytes: Uint8Array, options: Options) => VectorIndex;
  readonly exact: boolean;
}
interface Options {
  readonly model: string;
  readonly dimensions: number;
}
const exactly = (makeKernel: (dimensions: number) => VectorKernel): Implementation => ({
  create: (options) => createVectorIndex({ ...options, makeKernel }),
  load: (bytes, options) => loadVectorIndex(bytes, { ...options, makeKernel }),
  exact: true,
});
const implementations: Readonly<Record<string, Implementation>> = {
  "in WebAssembly SIMD": exactly(kernels["WebAssembly SIMD"]),
  "in JavaScript": exactly(kernels.JavaScript),
  "of hnswlib-wasm, which the bench compares": { create: createHnswIndex, load: loadHnswIndex, exact: false },
};

describe.each(Object.entries(implementations))("the vector index %s", (_, { create, load, exact }) => {
  const options = { model: "test-1", dimensions: DIMENSIONS };
  /** A graph keeps float32 and may miss some: as many, each about as near. */
  const expectNearest = (found: readonly VectorHit[], wanted: readonly VectorHit[]): void => {
    if (exact) {
      expect(found).toEqual(wanted);
      return;
    }
    expect(Math.abs(found.length - wanted.length)).toBeLessThan(2);
    for (const [at, { similarity }] of found.entries())
      expect(Math.abs(similarity - (wanted[at]?.similarity ?? 0))).toBeLessThan(0.03);
  };
  const filled = (held: ReadonlyMap<number, readonly Float32Array[]>): VectorIndex => {
    const index = create(options);
    for (const [row, vectors] of held) index.add(row, vectors);
    return index;
  };

  test("gives the nearest rows, whatever was added, replaced and removed, and among any rows", () => {
    const step = fc.record({ row: fc.integer({ min: 1, max: 60 }), parts: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 12 }), (steps, limit) => {
        const held = new Map<number, readonly Float32Array[]>();
        const index = create(options);
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
        expectNearest(index.search(query, { limit }), nearest(held, query, limit));
        const among = index.search(query, { limit, rows });
        expectNearest(among, nearest(held, query, limit, rows));
        expect(among.filter(({ row }) => !hasRow(rows, row) || !held.has(row))).toEqual([]);
        expect(index.stats().rows).toBe(held.size);
      }),
      { numRuns: 60 },
    );
  });

  test("gives the vector of each passage as it is stored, and none of what is not there", () => {
    const vectors = [vector(), vector()];
    const index = filled(new Map([[7, vectors]]));
    index.add(8, [vector()]);
    for (const [part, given] of vectors.entries()) {
      const stored = index.vectorOf(7, part);
      const cosine =
        given.reduce((sum, one, at) => sum + one * (stored?.components[at] ?? 0), 0) * (stored?.scale ?? 0);
      expect(cosine).toBeCloseTo(1, 1);
      expect(stored?.model).toBe(options.model);
    }
    index.remove(8);
    expect([index.vectorOf(7, 2), index.vectorOf(8, 0), index.vectorOf(9, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("grows over many pages of memory, and is compacted when much was removed", () => {
    const count = exact ? 9_000 : 2_000;
    const held = new Map(Array.from({ length: count }, (_, row) => [row + 1, [vector()]]));
    const index = filled(held);
    const before = index.stats().vectors;
    for (let row = 1; row <= count; row += 2) {
      held.delete(row);
      index.remove(row);
    }
    const query = vector();
    expect(before).toBe(count);
    expectNearest(index.search(query, { limit: 50 }), nearest(held, query, 50));
    expect(index.stats()).toMatchObject({ rows: count / 2, vectors: count / 2 });
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
    const [known, unknown] = index.similarities(query, [4, 5]);
    expectNearest(known === undefined ? [] : [known], nearest(new Map([[4, vectors]]), query, 1));
    expect([known?.part, unknown]).toEqual([1, undefined]);
  });

  test("is the same after it was saved, and leaves nothing of what was removed", () => {
    const held = new Map(Array.from({ length: 300 }, (_, row) => [row + 1, [vector(), vector()]]));
    const index = filled(held);
    index.remove(17);
    held.delete(17);
    const saved = index.save();
    const loaded = load(saved, options);
    const query = vector();
    expectNearest(loaded.search(query, { limit: 20 }), nearest(held, query, 20));
    expect(loaded.stats().vectors).toBe(598);
    expect(loaded.has(17)).toBe(false);
    loaded.add(17, [query]);
    expect(loaded.search(query, { limit: 1 })[0]?.row).toBe(17);
  });

  test("can change while it is read to be saved: what was read stays as it was", () => {
    // Some hundred kilobytes a block, so that another one needs more memory.
    const wide = { ...options, dimensions: 256 };
    const index = create(wide);
    const add = (from: number, to: number): void => {
      for (let row = from; row < to; row++)
        index.add(row, [new Float32Array(256).fill(1 / 16).fill(-1 / 16, row % 256)]);
    };
    add(1, 1_100);
    const saved = Buffer.from(index.save());
    const read: Uint8Array[] = [];
    for (const piece of index.pieces()) {
      read.push(piece);
      if (piece.length > 100_000 && read.length < 6) add(1_100, 2_200);
    }
    const before = Buffer.concat(read.slice(0, 5));
    expect(before.equals(saved.subarray(0, before.length))).toBe(true);
    expect(before.length).toBeGreaterThan(200_000);
  });

  test("loses nothing to overflow when a vector has a thousand components that all point one way", () => {
    const dimensions = 1024;
    const wide = { ...options, dimensions };
    const flat = new Float32Array(dimensions).fill(1 / 32);
    const index = create(wide);
    index.add(1, [flat]);
    index.add(2, [flat.map((component) => -component)]);
    const hits = index.search(flat, { limit: 9 });
    expect(hits.map(({ row }) => row)).toEqual([1]);
    expect(hits[0]?.similarity).toBeCloseTo(1, 5);
    const [same, opposite] = index.similarities(flat, [1, 2]);
    expect(same?.similarity).toBeCloseTo(1, 5);
    expect(opposite?.similarity).toBeCloseTo(-1, 5);
  });

  test("refuses what is cut off, changed, of another version or of another model", () => {
    const saved = filled(new Map([[1, [vector()]]])).save();
    const refused = (bytes: Uint8Array, given = options): unknown => {
      try {
        return load(bytes, given);
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
