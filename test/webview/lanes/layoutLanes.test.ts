import fc from "fast-check";
import { expect, test } from "vitest";
import type { LaneCommit } from "../../../src/contract/explore.ts";
import { layoutLanes } from "../../../webview/lanes/layoutLanes.ts";

const commit = (id: string, ...parents: string[]): LaneCommit => ({
  ...{ commit: id, parents, subject: id, author: "Ada", at: 0, refs: [], memories: 0, visible: true },
});

test("a line of commits stays in one lane, a merged branch has its own and gives it back", () => {
  const rows = layoutLanes([
    commit("merge", "main", "side"),
    commit("side", "base"),
    commit("main", "base"),
    commit("base", "root"),
    commit("root"),
  ]);
  expect(rows.map(({ lane }) => lane)).toEqual([0, 1, 0, 0, 0]);
  expect(rows.at(-1)).toMatchObject({ width: 1, lines: [{ part: "above", from: 0, to: 0 }] });
});

test("lines go on from row to row without a gap, whatever the graph is", () => {
  const graphs = fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }), { maxLength: 40 }).map((graph) =>
    graph.map((steps, index) => {
      const parents = new Set(steps.map((step) => index + step).filter((parent) => parent < graph.length));
      return commit(`c${index}`, ...[...parents].map((parent) => `c${parent}`));
    }),
  );
  fc.assert(
    fc.property(graphs, (commits) => {
      const rows = layoutLanes(commits);
      const edge = (row: (typeof rows)[number] | undefined, bottom: boolean): readonly number[] => {
        const lines = (row?.lines ?? []).filter(({ part }) => part === "past" || part === (bottom ? "below" : "above"));
        return [...new Set(lines.map(({ from, to }) => (bottom ? to : from)))].sort((a, b) => a - b);
      };
      rows.forEach((row, index) => {
        if (index + 1 < rows.length) expect(edge(row, true)).toEqual(edge(rows[index + 1], false));
      });
    }),
  );
});
