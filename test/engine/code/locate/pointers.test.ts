import { describe, expect, test } from "vitest";
import type { MemoryView } from "../../../../src/contract/memory.ts";
import { CodeIndex } from "../../../../src/engine/code/codeIndex.ts";
import { pointedFiles, pointersOf } from "../../../../src/engine/code/locate/pointers.ts";
import { emptyFile } from "../../../../src/engine/code/parse/emptyFile.ts";
import { createTextIndex } from "../../../../src/engine/indexing/textIndex.ts";

const memory = (given: Partial<MemoryView>): MemoryView => ({
  ...{ id: "m1", content: "Cookies are kept.", kind: "gotcha", scope: "repo", eventType: "gotcha", score: 0.8 },
  ...{ timestamp: "2026-01-01T00:00:00Z", workspaceId: "w", metadata: {}, tags: [], anchors: [], reasons: [] },
  ...{ freshness: "unchecked", visibility: "visible" },
  ...given,
});
const index = new CodeIndex({ createTextIndex });
for (const path of ["src/a.ts", "src/b.ts"]) index.add({ path, blob: path, text: "", parsed: emptyFile(path) });
const scores = (...memories: readonly MemoryView[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...pointedFiles(index, pointersOf(memories))].map(([{ path }, { score }]) => [path, Number(score.toFixed(3))]),
  );

describe("what memories lend to files", () => {
  test("is their score, and half of it to what is only named in their text, shared by how many files they speak of", () => {
    expect(scores(memory({ anchors: [{ path: "src/a.ts" }] }))).toEqual({ "src/a.ts": 0.8 });
    expect(scores(memory({ content: "See src/b.ts for that." }))).toEqual({ "src/b.ts": 0.4 });
    expect(scores(memory({ anchors: [{ path: "src/a.ts", startLine: 3 }], content: "src/a.ts and src/b.ts" }))).toEqual(
      {
        "src/a.ts": 0.566,
        "src/b.ts": 0.283,
      },
    );
    expect(
      scores(memory({ anchors: [{ path: "src/a.ts" }] }), memory({ id: "m2", anchors: [{ path: "src/a.ts" }] })),
    ).toEqual({
      "src/a.ts": 1.6,
    });
  });

  test("is half where the code is another by now, and nothing from a hidden one", () => {
    const anchors = [{ path: "src/a.ts" }];
    expect(scores(memory({ anchors, freshness: "drifted" }))).toEqual({ "src/a.ts": 0.4 });
    expect(scores(memory({ anchors, freshness: "orphaned" }))).toEqual({ "src/a.ts": 0.4 });
    expect(scores(memory({ anchors, visibility: "hidden" }))).toEqual({});
  });

  test("is nothing from one that speaks of many files, and nothing to a file that is not there", () => {
    const many = Array.from({ length: 16 }, (_, at) => ({ path: `src/${at}.ts` }));
    expect(scores(memory({ anchors: [{ path: "src/a.ts" }, ...many] }))).toEqual({});
    expect(scores(memory({ anchors: [{ path: "src/gone.ts" }] }))).toEqual({});
    expect(scores(memory({}))).toEqual({});
  });
});
