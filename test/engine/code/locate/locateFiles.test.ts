import { describe, expect, test } from "vitest";
import { CodeIndex } from "../../../../src/engine/code/codeIndex.ts";
import { readQuestion } from "../../../../src/engine/code/codeQuestion.ts";
import { SymbolGraph } from "../../../../src/engine/code/graph/symbolGraph.ts";
import { CodeHistory } from "../../../../src/engine/code/history/codeHistory.ts";
import { ImportGraph } from "../../../../src/engine/code/importGraph.ts";
import { locateFiles, type LocateOptions } from "../../../../src/engine/code/locate/locateFiles.ts";
import type { PointingMemory } from "../../../../src/engine/code/locate/pointers.ts";
import { emptyFile } from "../../../../src/engine/code/parse/emptyFile.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";

const index = new CodeIndex({ createTextIndex });
const text = "the queue is drained\n".repeat(3);
for (const path of ["src/queue/b.txt", "src/queue/a.txt", "lib/queue/longer.txt"])
  index.add({ path, blob: path, text, parsed: emptyFile(path) });
index.add({ path: "src/other.txt", blob: "other", text: "nothing of it\n", parsed: emptyFile("src/other.txt") });

const located = (
  words: string,
  options: Partial<LocateOptions> = {},
  memories: readonly PointingMemory[] = [],
): readonly string[] => {
  const history = new CodeHistory([], createTextIndex());
  const sources = { index, history, graph: new ImportGraph(index), symbols: new SymbolGraph(index), memories };
  return locateFiles(readQuestion(words), sources, { limit: 10, ...options }).map(({ file }) => file.path);
};

const memory = (score: number): PointingMemory => ({
  ...{ id: "m1", title: undefined, score, isStale: false, anchored: ["src/other.txt"], named: [] },
});

describe("the files that a question is about", () => {
  test("that are alike stand by the length of their path and then by the alphabet", () => {
    expect(located("drained", { without: new Set(["path"]) })).toEqual([
      "src/queue/a.txt",
      "src/queue/b.txt",
      "lib/queue/longer.txt",
    ]);
    expect(located("drained", { limit: 1, without: new Set(["path"]) })).toEqual(["src/queue/a.txt"]);
  });

  test("are those that are wanted, however many others are better", () => {
    const accepts = ({ path }: { readonly path: string }): boolean => path.startsWith("lib/");
    expect(located("drained", { limit: 1, accepts })).toEqual(["lib/queue/longer.txt"]);
  });

  test("are none for which only something speaks that has nothing for any file", () => {
    expect(located("zzzz", {}, [memory(0.5)])).toEqual(["src/other.txt"]);
    expect(located("zzzz", {}, [memory(0)])).toEqual([]);
  });
});
