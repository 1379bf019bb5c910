import { afterEach, beforeEach, expect, test } from "vitest";
import { FollowingIndex, type IndexKind } from "../../src/engine/followingIndex.ts";
import { LogLines } from "../support/served.ts";
import { memoryOf } from "./retrieve/support/memory.ts";
import { TestStore } from "./retrieve/support/testStore.ts";

/** More than are indexed while a search waits. */
const MANY = 2_500;

let store: TestStore;
let logs: LogLines;
let broken: boolean;
beforeEach(() => {
  store = new TestStore();
  store.add(...Array.from({ length: MANY }, (_, index) => memoryOf({ id: `m${index}` })));
  logs = new LogLines();
  broken = false;
});
afterEach(() => store.close());

const rows: IndexKind<Set<number>> = {
  name: "set of rows",
  create: () => {
    if (broken) throw new Error("the model is missing");
    return new Set();
  },
  load: (bytes) => {
    if (bytes.length === 0) throw new Error("another version");
    return new Set(bytes);
  },
  add: (index, row) => void index.add(row),
  remove: (index, row) => void index.delete(row),
};

test("an index of many memories is filled beside what others do, with what changes meanwhile", async () => {
  const following = new FollowingIndex(rows, logs, undefined, false);
  expect(following.openSoon(store.projection)).toBeUndefined();
  following.follow({ added: [{ row: 90_000, memory: memoryOf({ id: "late" }) }], changed: [], removed: [1] });
  await expect.poll(() => following.openSoon(store.projection)).toBeDefined();
  const filled = following.openSoon(store.projection) ?? new Set();
  expect([filled.size, filled.has(90_000), filled.has(1)]).toEqual([MANY, true, false]);
});

test("one that cannot be made is told, and nothing else comes of it", async () => {
  broken = true;
  const following = new FollowingIndex(rows, logs, undefined, false);
  expect(following.openSoon(store.projection)).toBeUndefined();
  await expect.poll(() => logs.lines.map(({ message }) => message)).toEqual(["the set of rows could not be made"]);
  broken = false;
  following.openSoon(store.projection);
  await expect.poll(() => following.openSoon(store.projection)?.size).toBe(MANY);
});

test("one that is dropped while it is filled is not there afterwards", async () => {
  const following = new FollowingIndex(rows, logs, undefined, false);
  following.openSoon(store.projection);
  following.drop();
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(following.save(store.projection, () => new Uint8Array(0))).toBeUndefined();
});

test("one whose cache is of another version is filled beside what others do, as if there had been none", async () => {
  const following = new FollowingIndex(rows, logs, new Uint8Array(0), false);
  expect(following.openSoon(store.projection)).toBeUndefined();
  await expect.poll(() => following.openSoon(store.projection)?.size).toBe(MANY);
  expect(logs.lines.map(({ message }) => message)).toEqual(["the cached set of rows cannot be used; making it anew"]);
});
