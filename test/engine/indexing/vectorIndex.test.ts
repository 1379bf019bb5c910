import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../../../src/contract/rowSet.ts";
import { kernelMaker, SimdKernel } from "../../../src/engine/indexing/vectorKernel.ts";
import { createVectorIndex, loadVectorIndex } from "../../../src/engine/indexing/vectorIndex.ts";
import type { VectorIndex } from "../../../src/engine/seams.ts";
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

const rounded = (unit: Float32Array): Int8Array => Int8Array.from(unit, (component) => Math.round(component * 127));
const product = (a: Float32Array, b: Float32Array): number =>
  rounded(a).reduce((sum, component, at) => sum + component * (rounded(b)[at] ?? 0), 0);

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
      const products = vectors.map((one) => product(one, query));
      const best = Math.max(...products);
      return { row, part: products.indexOf(best), similarity: best / 127 ** 2 };
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
