import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../../../src/contract/rowSet.ts";
import { loadStaticModel } from "../../../src/engine/embedding/staticModel.ts";
import { kernelMaker } from "../../../src/engine/indexing/simdKernel.ts";
import { createVectorIndex } from "../../../src/engine/indexing/vectorIndex.ts";
import type { VectorIndex } from "../../../src/engine/seams.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const root = join(import.meta.dirname, "../../..");
const wasm = readFileSync(join(root, "dist/vectorScan.wasm"));
const random = seededRandom(7);

test("rounding loses next to nothing of what real texts mean", () => {
  const model = loadStaticModel(readFileSync(join(root, "media/model/static.bin")));
  const vectors = passages().map((passage) => model.embed(passage));
  const index = createVectorIndex({ model: model.id, dimensions: model.dimensions, makeKernel: kernelMaker(wasm) });
  for (const [row, one] of vectors.entries()) index.add(row, [one]);
  let [found, wanted] = [0, 0];
  for (let at = 0; at < vectors.length; at += 200) {
    const query = vectors[at] ?? new Float32Array(0);
    const near = vectors.map((one) => one.reduce((sum, component, at) => sum + component * (query[at] ?? 0), 0));
    const tenth = near.toSorted((a, b) => b - a)[9] ?? 0;
    const hits = index.search(query, { limit: 10 });
    found += hits.filter(({ row }) => (near[row] ?? 0) >= tenth - AS_NEAR).length;
    wanted += 10;
  }
  expect(vectors.length).toBeGreaterThan(2_000);
  expect(found / wanted).toBeGreaterThan(0.995);
});

/** What differs by less is as near: texts that change with this repository would decide otherwise. */
const AS_NEAR = 0.005;

/** A random unit vector. */
function vector(dimensions: number): Float32Array {
  const components = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...components);
  return components.map((component) => component / length);
}

describe("sketches, which very many vectors are chosen by", () => {
  const dimensions = 128;
  const options = { model: "test-1", dimensions, makeKernel: kernelMaker(wasm) };
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
