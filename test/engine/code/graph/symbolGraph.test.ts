import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { impactOf, testsOf } from "../../../../src/engine/code/graph/impact.ts";
import { nameOf } from "../../../../src/engine/code/graph/symbolAt.ts";
import { SymbolGraph } from "../../../../src/engine/code/graph/symbolGraph.ts";
import { CodeTree, readTree } from "../../../support/codeTree.ts";

const files = readTree(readFileSync(join(import.meta.dirname, "trees/typescript.txt"), "utf8"));
const WIDE = { depth: 5, symbols: 100, files: 100 };
let tree: CodeTree;
let graph: SymbolGraph;
beforeEach(async () => {
  tree = await CodeTree.of(files);
  graph = new SymbolGraph(tree.index);
});
const callers = (name: string) =>
  graph.callersOf(tree.symbol(name)).edges.map(({ file, line }) => `${file.path}:${line}`);

describe("who calls a symbol", () => {
  test("follows each change of a file, and of what its imports lead to", async () => {
    expect(callers("src/text.ts#pad")).toEqual(["src/text.ts:2"]);
    expect(callers("src/store.ts#createStore")).toEqual(["src/app.ts:10", "test/store.test.ts:5"]);
    await tree.write("src/app.ts", "export const nothing = 1;\n");
    expect(callers("src/store.ts#createStore")).toEqual(["test/store.test.ts:5"]);
    tree.index.remove("test/store.test.ts");
    expect(callers("src/store.ts#createStore")).toEqual([]);
    await tree.write("src/late.ts", `import { makeStore } from "./library.ts";\nmakeStore();\n`);
    expect(callers("src/store.ts#createStore")).toEqual(["src/late.ts:2"]);
    await tree.write("src/library.ts", `export { hash as makeStore } from "./text.ts";\n`);
    expect(callers("src/store.ts#createStore")).toEqual([]);
    expect(callers("src/text.ts#hash")).toContain("src/late.ts:2");
  });

  test("is told of what is taken out of a declared field", async () => {
    const keeper = `import type { Store } from "./store.ts";
export interface Parts {
  readonly shelf: Store;
}
export function keep(parts: Parts): void {
  const { shelf } = parts;
  shelf.put("a", "b");
}
`;
    await tree.write("src/keeper.ts", keeper);
    const { edges } = graph.callersOf(tree.symbol("src/store.ts#Store.put"));
    expect(edges.find(({ file }) => file.path === "src/keeper.ts")).toMatchObject({ line: 7, how: "receiver" });
  });

  test("is the same after files were written again many times", async () => {
    const before = callers("src/text.ts#hash");
    for (let times = 0; times < 1_100; times++) {
      const file = tree.file("src/other.ts");
      tree.index.add({ path: file.path, blob: String(times), text: "", parsed: file.parsed });
    }
    expect(callers("src/text.ts#hash")).toEqual(before);
    expect(callers("src/other.ts#pad")).toEqual(["src/other.ts:8"]);
  });

  test("leaves files unread that are more than it may read, and says so", () => {
    const { edges, unread } = graph.callersOf(tree.symbol("src/text.ts#hash"), { files: 1, unlikely: 0, edges: 9 });
    expect(edges).toHaveLength(1);
    expect(unread).toBeGreaterThan(0);
  });
});

describe("the impact of a change", () => {
  test("goes from call to call, says how far each is, and which tests are reached", () => {
    const { reached, tests, isCut } = impactOf(graph, [tree.symbol("src/text.ts#pad")], WIDE);
    expect(reached.map(({ symbol, distance }) => `${distance} ${nameOf(symbol)}`)).toEqual([
      "1 src/text.ts#hash",
      "2 src/text.ts#describeText",
      "2 src/app.ts#main",
      "2 src/store.ts#Store.put",
    ]);
    expect(tests).toEqual([]);
    expect(isCut).toBe(false);
    const ofClock = impactOf(graph, [tree.symbol("src/clock.ts#SystemClock")], WIDE);
    expect(ofClock.tests.map(({ symbol }) => nameOf(symbol))).toContain("test/store.test.ts#a store.keeps what is put");
  });

  test("reaches what inherits, and does not follow what only shares a name", () => {
    const { reached } = impactOf(graph, [tree.symbol("src/store.ts#Base")], WIDE);
    expect(reached.find(({ symbol }) => nameOf(symbol) === "src/store.ts#Store")).toMatchObject({
      distance: 1,
      how: "inherits",
    });
    const { reached: none, uncertain } = impactOf(graph, [tree.symbol("src/other.ts#Merger.merge")], WIDE);
    expect(none).toEqual([]);
    expect(uncertain).toBe(1);
  });

  test("stops at its limits and says that there is more", () => {
    const few = impactOf(graph, [tree.symbol("src/text.ts#pad")], { ...WIDE, symbols: 2 });
    expect(few.reached).toHaveLength(2);
    expect(few.isCut).toBe(true);
    expect(impactOf(graph, [tree.symbol("src/text.ts#pad")], { ...WIDE, depth: 1 })).toMatchObject({ isCut: true });
  });
});

test("tests of a symbol are those that call it, then those that reach it, then files that are named after it", () => {
  const made = tree.symbol("src/store.ts#createStore");
  const { edges } = graph.callersOf(made);
  const found = testsOf(edges, impactOf(graph, [made], WIDE), [
    tree.file("test/store.test.ts"),
    tree.file("src/other.ts"),
  ]);
  expect(found.map(({ test, file, distance, how }) => [test?.symbol.name ?? file.path, distance, how])).toEqual([
    ["keeps what is put", 2, "same-file"],
    ["src/other.ts", 1, "named-after"],
  ]);
});
