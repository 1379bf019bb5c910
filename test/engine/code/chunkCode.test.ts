import { describe, expect, test } from "vitest";
import { type ChunkBoundary, chunkCode } from "../../../src/engine/code/chunkCode.ts";

const symbol = (name: string, startLine: number, endLine: number): ChunkBoundary => ({ name, startLine, endLine });

describe("a file is cut", () => {
  test("into windows where nothing is known of it, and not at all where it is empty", () => {
    expect(chunkCode(100, [])).toEqual([
      { startLine: 1, endLine: 40 },
      { startLine: 41, endLine: 80 },
      { startLine: 81, endLine: 100 },
    ]);
    expect(chunkCode(0, [])).toEqual([]);
  });

  test("where its symbols begin; small neighbours stay together", () => {
    const chunks = chunkCode(60, [symbol("a", 1, 5), symbol("b", 6, 10), symbol("c", 14, 40), symbol("d", 41, 60)]);
    expect(chunks.map(({ startLine, symbol: name }) => [startLine, name])).toEqual([
      [1, "a"],
      [14, "c"],
      [41, "d"],
    ]);
  });

  test("inside a long symbol, whose parts all bear its name", () => {
    const chunks = chunkCode(200, [symbol("long", 1, 200)]);
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.every((chunk) => chunk.symbol === "long")).toBe(true);
  });

  test("so that a chunk bears the name of the innermost symbol that covers most of it", () => {
    const chunks = chunkCode(40, [symbol("Class", 1, 40), symbol("Class.method", 20, 40)]);
    expect(chunks.at(-1)?.symbol).toBe("Class.method");
  });

  test.each([1, 2, 11, 12, 13, 59, 60, 61, 500])("of %d lines so that every line is in one chunk", (lineCount) => {
    const boundaries = [symbol("a", 1, 7), symbol("b", 3, 3), symbol("c", 20, 300), symbol("d", 21, 22)];
    let next = 1;
    for (const { startLine, endLine } of chunkCode(lineCount, boundaries)) {
      expect(startLine).toBe(next);
      expect(endLine).toBeGreaterThanOrEqual(startLine);
      next = endLine + 1;
    }
    expect(next).toBe(lineCount + 1);
  });
});
