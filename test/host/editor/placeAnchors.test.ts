import { expect, it } from "vitest";
import type { Anchor } from "../../../src/contract/memory.ts";
import { type AnchoredRow, placeAnchors } from "../../../src/host/editor/placeAnchors.ts";

const row = (id: string, ...anchors: readonly Omit<Anchor, "path">[]): AnchoredRow => ({
  id,
  title: id,
  excerpt: id,
  kind: "note",
  scope: "lineage",
  freshness: "unchecked",
  visibility: "visible",
  pending: false,
  pinned: false,
  timestamp: 0,
  anchors: anchors.length,
  in: anchors.map((anchor) => ({ path: "src/a.ts", ...anchor })),
});
const nowhere = (): undefined => undefined;
const shape = (rows: readonly AnchoredRow[], lineCount: number, lineOf: Parameters<typeof placeAnchors>[2] = nowhere) =>
  placeAnchors(rows, lineCount, lineOf).map(({ first, last, memories }) => [first, last, memories.map(({ id }) => id)]);

it("lines of memories are gathered, 0-based and in order", () => {
  expect(
    shape([row("b", { startLine: 9 }), row("a", { startLine: 3, endLine: 5 }), row("c", { startLine: 3 })], 20),
  ).toEqual([
    [2, 4, ["a", "c"]],
    [8, 8, ["b"]],
  ]);
});
it("a symbol is where it is now, not where it was", () => {
  const lineOf = (name: string) => (name === "mayRetry" ? { first: 11, last: 14 } : undefined);
  expect(
    shape([row("a", { symbol: "mayRetry", startLine: 3 }), row("b", { symbol: "gone", startLine: 2 })], 20, lineOf),
  ).toEqual([
    [1, 1, ["b"]],
    [11, 14, ["a"]],
  ]);
});
it("what speaks of the whole file, or of lines that are gone, stays within it", () => {
  expect(shape([row("a", {}), row("b", { startLine: 90, endLine: 99 })], 4)).toEqual([
    [0, 0, ["a"]],
    [3, 3, ["b"]],
  ]);
  expect(shape([row("a", { startLine: 2 })], 0)).toEqual([[0, 0, ["a"]]]);
});
it("a memory with two anchors on a line is counted once", () => {
  expect(shape([row("a", { startLine: 2 }, { startLine: 2, endLine: 3 })], 9)).toEqual([[1, 2, ["a"]]]);
});

it("what is only about the file is told from what is about its first line", () => {
  const wholes = (...rows: readonly AnchoredRow[]) => placeAnchors(rows, 9, nowhere).map(({ whole }) => whole);
  expect(wholes(row("a", {}))).toEqual([true]);
  expect(wholes(row("a", {}), row("b", { startLine: 1 }))).toEqual([false]);
});

it("a symbol that is found nowhere is about the file, not about its first line", () => {
  expect(placeAnchors([row("a", { symbol: "gone" })], 9, nowhere)).toMatchObject([{ first: 0, last: 0, whole: true }]);
});
