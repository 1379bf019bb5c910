import { expect, test } from "vitest";
import type { Ranked } from "../../../src/engine/retrieve/rankStore.ts";
import { type TakenPage, takeRanked } from "../../../src/engine/retrieve/takePage.ts";
import { memoryOf } from "./support/memory.ts";

const ranked = (row: number, key: number, content = `text ${row}`): Ranked => ({
  store: 0,
  row,
  key,
  score: key,
  memory: memoryOf({ id: `m${row}`, content }),
});
const after = (page: TakenPage) => ({ rowBounds: [99], now: 0, passed: page.passed, last: page.last ?? expect.fail() });
const rows = (page: TakenPage) => page.shown.map(({ entry }) => entry.row);

test("a page goes on after the row that was last, equal texts passed over and named", () => {
  const all = [ranked(5, 0.9, "a"), ranked(4, 0.9, "a"), ranked(3, 0.5), ranked(2, 0.4)];
  const first = takeRanked(all, 1, undefined, false);
  expect(rows(first)).toEqual([5]);
  expect(first.shown[0]?.equals.map(({ row }) => row)).toEqual([4]);
  expect(first.passed).toBe(2);
  const second = takeRanked(all, 1, after(first), false);
  expect(rows(second)).toEqual([3]);
  expect(second.more).toBe(true);
});

test("when that row is gone, the next is the first that would have come after it", () => {
  const all = [ranked(5, 0.9), ranked(4, 0.5), ranked(3, 0.5), ranked(2, 0.5), ranked(1, 0.4)];
  const first = takeRanked(all, 3, undefined, false);
  expect(rows(first)).toEqual([5, 4, 3]);
  const left = all.filter(({ row }) => row !== 3);
  expect(rows(takeRanked(left, 3, after(first), false))).toEqual([2, 1]);
  expect(rows(takeRanked(left.slice(0, 2), 3, after(first), false))).toEqual([]);
});

test("there is no more when only equal texts are left", () => {
  const page = takeRanked([ranked(2, 0.9, "a"), ranked(1, 0.8, "a")], 1, undefined, false);
  expect(page.more).toBe(false);
});
