import { expect, test } from "vitest";
import { RecentChanges } from "../../../src/engine/store/recentChanges.ts";

test("what changed after a version is known, a row that changed again at its last time", () => {
  const changes = new RecentChanges();
  changes.note([3, 1], 1);
  changes.note([2], 2);
  changes.note([3], 4);
  expect([...(changes.since(0) ?? [])]).toEqual([1, 2, 3]);
  expect([...(changes.since(1) ?? [])]).toEqual([2, 3]);
  expect([...(changes.since(4) ?? [])]).toEqual([]);
});

test("what is too long ago is not called unchanged", () => {
  const changes = new RecentChanges();
  changes.note([1], 1);
  changes.note(
    Array.from({ length: 1_000 }, (_, at) => at + 10),
    2,
  );
  expect(changes.since(1)).toBeUndefined();
  changes.note([1], 3);
  expect([...(changes.since(2) ?? [])]).toEqual([1]);
});
