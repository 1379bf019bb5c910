import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Edge, SymbolGraph } from "../../../../src/engine/code/graph/symbolGraph.ts";
import { isCode, nameOf, symbolsOf } from "../../../../src/engine/code/graph/symbolAt.ts";
import { CodeTree, readTree } from "../../../support/codeTree.ts";

const FOLDER = join(import.meta.dirname, "trees");
/** Beside each tree stands who calls what in it. `HEIRLOOM_GOLDEN=write` writes what is missing: read it before you keep it. */
const writes = process.env["HEIRLOOM_GOLDEN"] === "write";

const trees = readdirSync(FOLDER).filter((name) => !name.endsWith(".golden.txt"));
test.each(trees)("who calls what, and how sure that is, in %s", async (name) => {
  const golden = join(FOLDER, name.replace(/\.txt$/u, ".golden.txt"));
  const tree = await CodeTree.of(readTree(readFileSync(join(FOLDER, name), "utf8")));
  const found = describeGraph(tree);
  if (writes && !existsSync(golden)) writeFileSync(golden, found);
  expect(found).toBe(readFileSync(golden, "utf8"));
});

/** Every symbol that is used or uses something, with its callers, callees, bases and heirs. */
function describeGraph({ index }: CodeTree): string {
  const graph = new SymbolGraph(index);
  const paragraphs = [...index.files()].flatMap((file) =>
    symbolsOf(file)
      .filter(isCode)
      .map((symbol) => {
        const caller = ({ from, file: { path }, line, how, through }: Edge): string =>
          `  called by ${from === undefined ? path : nameOf(from)} in line ${line}, ${how}${through === undefined ? "" : `, as ${nameOf(through)}`}`;
        const lines = [
          ...graph.callersOf(symbol).edges.map(caller),
          ...graph.calleesOf(symbol).map(({ to, line, how }) => `  calls ${nameOf(to)} in line ${line}, ${how}`),
          ...graph.importsOf(symbol).map(({ file: { path }, line }) => `  imported by ${path} in line ${line}`),
          ...graph.basesOf(symbol).map((base) => `  inherits from ${nameOf(base)}`),
          ...graph.derivedOf(symbol).map((heir) => `  inherited by ${nameOf(heir)}`),
        ];
        return lines.length === 0 ? "" : `${[nameOf(symbol), ...lines].join("\n")}\n`;
      }),
  );
  return paragraphs.filter((one) => one !== "").join("\n");
}
