import { expect, test } from "vitest";
import type { AnalyzeResult } from "../../../src/contract/analyze.ts";
import { graphModel } from "../../../webview/code/graphModel.ts";

const result = (change: Partial<AnalyzeResult>): AnalyzeResult => ({
  target: "src/lamp.ts#turn",
  definition: { path: "src/lamp.ts", startLine: 1, endLine: 3, kind: "function", name: "turn" },
  ...{ others: [], callers: [], callees: [], imports: [], references: [], bases: [], derived: [], tests: [] },
  impact: { reached: [], symbols: 0, files: 0, tests: 0, uncertain: 0, isCut: false },
  ...{
    routes: [],
    configuration: [],
    memories: [],
    history: [],
    changesWith: [],
    evidence: [],
    tokens: 0,
    dropped: [],
  },
  ...change,
});

test("callers and heirs stand at the left, callees and bases at the right, each with how it is known", () => {
  const { left, right } = graphModel(
    result({
      callers: [{ path: "src/watch.ts", line: 4, symbol: "keepWatch", how: "imported", times: 3 }],
      derived: [{ path: "src/blue.ts", line: 1, symbol: "BlueLamp" }],
      callees: [{ path: "src/motor.ts", line: 9, symbol: "Motor.start", how: "by-name", at: 2 }],
      bases: [{ path: "src/light.ts", line: 2, symbol: "Light" }],
    }),
  );
  expect(left.map(({ target, tie, isSure }) => [target, tie, isSure])).toEqual([
    ["src/blue.ts#BlueLamp", "inheritance", true],
    ["src/watch.ts#keepWatch", "call", true],
  ]);
  expect(left[1]?.why).toBe("imported by name, 3 times");
  expect(right.map(({ target, tie, isSure }) => [target, tie, isSure])).toEqual([
    ["src/light.ts#Light", "inheritance", true],
    ["src/motor.ts#Motor.start", "call", false],
  ]);
});

test("a test that calls it stands there once, as a test; one that reaches it through others is less sure", () => {
  const { left } = graphModel(
    result({
      callers: [{ path: "test/lamp.test.ts", line: 7, symbol: "turns", how: "imported" }],
      tests: [
        { path: "test/lamp.test.ts", line: 7, name: "turns", distance: 1, how: "imported" },
        { path: "test/watch.test.ts", line: 3, name: "watches", distance: 2, how: "imported" },
        { path: "test/motor.test.ts", line: 1, distance: 1, how: "named-after" },
      ],
    }),
  );
  expect(left.map(({ label, tie, isSure, why }) => [label, tie, isSure, why])).toEqual([
    ["turns", "test", true, "imported by name"],
    ["watches", "test", false, "through 1 other"],
    ["motor.test.ts", "test", false, "a file of tests that is named after it"],
  ]);
});

test("what imports a file stands at its left by the file's name where no symbol is known", () => {
  const { left } = graphModel(
    result({
      definition: { path: "src/lamp.ts", startLine: 1, endLine: 9, kind: "file", name: "lamp.ts" },
      callers: [{ path: "src/watch.ts", line: 1, how: "imported" }],
    }),
  );
  expect(left).toEqual([
    {
      target: "src/watch.ts",
      label: "watch.ts",
      path: "src/watch.ts",
      line: 1,
      tie: "import",
      isSure: true,
      why: "imported by name",
    },
  ]);
});

test("of two ties to the same symbol the surer is drawn", () => {
  const { right } = graphModel(
    result({
      callees: [
        { path: "a.ts", line: 1, symbol: "go", how: "by-name", at: 2 },
        { path: "a.ts", line: 1, symbol: "go", how: "same-file", at: 3 },
      ],
    }),
  );
  expect(right.map(({ isSure }) => isSure)).toEqual([true]);
});
