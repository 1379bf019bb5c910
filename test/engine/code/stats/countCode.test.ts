import { afterEach, expect, test, vi } from "vitest";
import { countCode } from "../../../../src/engine/code/stats/countCode.ts";
import { CodeHistory } from "../../../../src/engine/code/history/codeHistory.ts";
import { SymbolGraph } from "../../../../src/engine/code/graph/symbolGraph.ts";
import { ImportGraph } from "../../../../src/engine/code/importGraph.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";
import { CodeTree } from "../../../support/codeTree.ts";

afterEach(() => void vi.restoreAllMocks());

test("counting a large tree lets other work of its thread come between, however files change meanwhile", async () => {
  const tree = await CodeTree.of(
    new Map(Array.from({ length: 20 }, (_, at) => [`src/f${at}.ts`, `export function f${at}(): void {}\n`])),
  );
  const { index } = tree;
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => (now += 5));
  let between = 0;
  let isDone = false;
  const other = (): void => {
    between++;
    if (between === 1) index.remove("src/f0.ts");
    if (!isDone) setImmediate(other);
  };
  setImmediate(other);
  const sources = {
    index,
    history: new CodeHistory([], createTextIndex()),
    graph: new ImportGraph(index),
    symbols: new SymbolGraph(index),
  };
  const { total, symbols } = await countCode(sources, { bytesOf: () => 1, limit: 3 });
  isDone = true;
  expect(between).toBeGreaterThan(5);
  expect(total.files).toBe(20);
  expect(symbols).toEqual({ function: 20 });
});
