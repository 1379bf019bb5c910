import { expect, test } from "vitest";
import { movedInGraph } from "../../../webview/code/movedInGraph.ts";

const counts = { left: 5, centre: 1, right: 0 };

test("arrows go along a column and stop at its ends", () => {
  expect(movedInGraph("ArrowDown", { column: "left", index: 1 }, counts)).toEqual({ column: "left", index: 2 });
  expect(movedInGraph("ArrowUp", { column: "left", index: 0 }, counts)).toEqual({ column: "left", index: 0 });
  expect(movedInGraph("End", { column: "left", index: 0 }, counts)).toEqual({ column: "left", index: 4 });
});

test("arrows go from the middle to the middle of a side, and back", () => {
  expect(movedInGraph("ArrowLeft", { column: "centre", index: 0 }, counts)).toEqual({ column: "left", index: 2 });
  expect(movedInGraph("ArrowRight", { column: "left", index: 4 }, counts)).toEqual({ column: "centre", index: 0 });
});

test("a side without anything, and what is past a side, cannot be gone to", () => {
  expect(movedInGraph("ArrowRight", { column: "centre", index: 0 }, counts)).toBeUndefined();
  expect(movedInGraph("ArrowLeft", { column: "left", index: 0 }, counts)).toBeUndefined();
});

test("other keys do not move", () => {
  expect(movedInGraph("Enter", { column: "left", index: 0 }, counts)).toBeUndefined();
});
