import { afterEach, beforeEach, expect, test } from "vitest";
import { BackgroundVectors } from "../../src/engine/backgroundVectors.ts";
import { kernelMaker } from "../../src/engine/indexing/simdKernel.ts";
import { createVectorIndex, loadVectorIndex } from "../../src/engine/indexing/vectorIndex.ts";
import type { SavedVectors } from "../../src/engine/modelVectors.ts";
import type { EmbeddingModel, ProjectionDelta, VectorIndex } from "../../src/engine/seams.ts";
import { CountingEmbedder } from "../support/countingEmbedder.ts";
import { LogLines } from "../support/served.ts";
import { memoryOf } from "./retrieve/support/memory.ts";
import { TestStore } from "./retrieve/support/testStore.ts";

const WORDS = ["duck", "header"];
const MANY = 100;

let store: TestStore;
let embedder: CountingEmbedder;
let logs: LogLines;
let kept: number;
const opened: BackgroundVectors[] = [];
beforeEach(() => {
  store = new TestStore();
  store.add(...Array.from({ length: MANY }, (_, at) => memoryOf({ id: `m${at}`, content: `duck ${at}` })));
  embedder = new CountingEmbedder("counting@1", WORDS);
  logs = new LogLines();
  kept = 0;
});
afterEach(() => {
  for (const vectors of opened.splice(0)) vectors.close();
  store.close();
});

const optionsOf = ({ id, dimensions }: EmbeddingModel) => ({
  model: id,
  dimensions,
  makeKernel: kernelMaker(undefined),
});

function open(saved?: SavedVectors, by = embedder, leaving = false): BackgroundVectors {
  const vectors = new BackgroundVectors(
    {
      embedder: by,
      createIndex: (model) => createVectorIndex(optionsOf(model)),
      loadIndex: (bytes) => loadVectorIndex(bytes, optionsOf({ id: "counting@1", dimensions: WORDS.length })),
      projection: () => store.projection,
      logger: logs,
      longLived: true,
      leaving,
      onProgress: () => kept++,
    },
    saved,
  );
  opened.push(vectors);
  return vectors;
}

const whole = async (vectors: BackgroundVectors): Promise<VectorIndex> => {
  await expect.poll(() => vectors.open(), { timeout: 10_000 }).toBeDefined();
  const index = vectors.open();
  if (index === undefined) throw new Error("it was there a moment ago");
  return index;
};
const delta = (given: Partial<ProjectionDelta>): ProjectionDelta => ({ added: [], changed: [], removed: [], ...given });
/** Lets calls go on one at a time. */
function gate(): { readonly before: () => Promise<void>; readonly pass: () => void } {
  const waiting: (() => void)[] = [];
  return { before: () => new Promise((resolve) => waiting.push(resolve)), pass: () => waiting.shift()?.() };
}
const row = (at: number): number => store.projection.rowOf(`m${at}`) ?? -1;
const nearest = (index: VectorIndex, word: string): readonly number[] =>
  index
    .search(
      Float32Array.from(WORDS, (one) => (one === word ? 1 : 0)),
      { limit: 2 * MANY },
    )
    .map(({ row: found }) => found);

test("all memories get their vectors in batches, the newest first, and the index answers when it has them all", async () => {
  const { before, pass } = gate();
  embedder.before = before;
  const vectors = open();
  expect(vectors.open()).toBeUndefined();
  await expect.poll(() => embedder.asked.length).toBeGreaterThan(1);
  expect(embedder.asked.length).toBeLessThan(MANY / 2);
  expect(embedder.asked[0]).toContain(`duck ${MANY - 1}`);
  pass();
  await expect.poll(() => vectors.waiting).toBeLessThan(MANY);
  expect(vectors.open()).toBeUndefined();
  embedder.before = () => Promise.resolve();
  pass();
  expect((await whole(vectors)).stats().rows).toBe(MANY);
  expect(kept).toBe(1);
});

test("what changes or goes while it is embedded does not get the vectors of what it was", async () => {
  const { before, pass } = gate();
  embedder.before = before;
  const vectors = open();
  vectors.open();
  await expect.poll(() => embedder.asked.length).toBeGreaterThan(1);
  embedder.before = () => Promise.resolve();
  const [changed, gone] = [row(MANY - 1), row(MANY - 2)];
  store.forget(`m${MANY - 2}`);
  vectors.follow(
    delta({
      changed: [{ row: changed, memory: memoryOf({ id: `m${MANY - 1}`, content: "duck" }) }],
      removed: [gone],
    }),
  );
  pass();
  const index = await whole(vectors);
  expect(index.has(gone)).toBe(false);
  expect(index.has(changed)).toBe(true);
  expect(embedder.asked.filter((text) => text.includes(`duck ${MANY - 1}`))).toHaveLength(2);
});

test("while the model fails it is told once, and nothing is lost", async () => {
  embedder.before = () => Promise.reject(new Error("out of order"));
  const vectors = open();
  vectors.open();
  await vectors.tried();
  expect(vectors.problem).toBe("out of order");
  expect(vectors.waiting).toBe(MANY);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(logs.lines.map(({ message }) => message)).toEqual(["memories could not be embedded; trying again"]);
  embedder.before = () => Promise.resolve();
  expect((await whole(vectors)).stats().rows).toBe(MANY);
  expect(vectors.problem).toBeUndefined();
});

test("what was made before it was closed is kept, and only the rest is made later", async () => {
  const { before, pass } = gate();
  embedder.before = before;
  const vectors = open();
  vectors.open();
  await expect.poll(() => embedder.asked.length).toBeGreaterThan(1);
  const first = embedder.asked.length;
  pass();
  await expect.poll(() => embedder.asked.length).toBeGreaterThan(first);
  vectors.close();
  expect(vectors.hasUnkept).toBe(true);
  const saved = vectors.save();
  expect(saved).toMatchObject({ model: "counting@1", whole: false });
  const later = new CountingEmbedder("counting@1", WORDS);
  const goesOn = open(saved, later);
  expect((await whole(goesOn)).stats().rows).toBe(MANY);
  expect(later.asked).toHaveLength(MANY - first);
});

test("what was kept whole answers at once, without the model, and what is new comes to it", async () => {
  const saved = await (async () => {
    const vectors = open();
    await whole(vectors);
    return vectors.save();
  })();
  const gone = row(3);
  store.forget("m3");
  const later = new CountingEmbedder("counting@1", WORDS);
  const vectors = open(saved, later);
  vectors.follow(delta({ removed: [gone] }));
  store.add(memoryOf({ id: "new", content: "header" }));
  expect(vectors.open()?.stats().rows).toBe(MANY - 1);
  const added = store.projection.rowOf("new") ?? -1;
  await expect.poll(() => vectors.open()?.has(added)).toBe(true);
  expect(later.asked).toHaveLength(1);
  const index = vectors.open();
  expect(index === undefined ? [] : nearest(index, "header")).toEqual([added]);
});

test("vectors of another model are made anew, but for a model that is on its way out", async () => {
  const vectors = open();
  await whole(vectors);
  const saved = vectors.save();
  const other = { id: "counting@2", dimensions: WORDS.length };
  const another = new CountingEmbedder(other.id, WORDS);
  const chosen = open(saved, another);
  expect(chosen.open()?.model).toBe("counting@1");
  chosen.modelIs(other);
  expect((await whole(chosen)).model).toBe(other.id);
  expect(another.asked).toHaveLength(MANY);
  another.asked.length = 0;
  const leaving = open(saved, another, true);
  expect(leaving.open()?.model).toBe("counting@1");
  leaving.modelIs(other);
  expect(leaving.open()).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(another.asked).toEqual([]);
});

test("what is dropped is made anew from the projection of then", async () => {
  const vectors = open();
  await whole(vectors);
  vectors.drop();
  expect(vectors.save()).toBeUndefined();
  store.forget("m1");
  expect((await whole(vectors)).stats().rows).toBe(MANY - 1);
  expect(embedder.asked).toHaveLength(2 * MANY - 1);
});
