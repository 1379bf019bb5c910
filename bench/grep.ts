// How long context_grep takes to look through a work tree, by itself and with VS Code's ripgrep to tell which files are worth a look; and what
// the worst of patterns costs a line. usage: node bench/grep.ts [--repos DIR] [--rounds 5]
//   DIR is a work tree; without it that of this project. Ripgrep is that of the editor in .vscode-test/.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { grepFiles } from "../src/engine/code/grep/grepFiles.ts";
import { listCode } from "../src/engine/code/walk/listCode.ts";
import { compileFinder } from "../src/engine/store/pattern.ts";
import { createNodeGit } from "../src/serve/nodeGit.ts";
import { systemClock } from "../src/serve/openNodeEngine.ts";
import { createRipgrep } from "../src/serve/ripgrep.ts";
import { vscodeRipgrep } from "../test/support/vscodeRipgrep.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({ options: { repos: { type: "string" }, rounds: { type: "string", default: "5" } } });
const root = values.repos ?? join(import.meta.dirname, "..");
const { files } = await listCode(root, { git: createNodeGit() });
const paths = files.map(({ path }) => path).sort();
const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1e6;
const ripgrep = vscodeRipgrep();

for (const [kind, pattern] of [
  ["a name", "createServer"],
  ["a class of characters", "function\\s+\\w+Error\\("],
  ["without case", "(?i)todo"],
  ["nowhere", "zzqqxx"],
] as const)
  for (const scan of ripgrep === undefined ? [undefined] : [undefined, createRipgrep(ripgrep)]) {
    const find = compileFinder(pattern, { ignoreCase: false, word: false, literal: false });
    const search = { pattern, literal: false, ignoreCase: false, find, limit: Infinity, mode: "count" } as const;
    const took: number[] = [];
    let lines = 0;
    for (let round = 0; round <= Number(values.rounds); round++) {
      lines = 0;
      const from = performance.now();
      const parts = { clock: systemClock, ...(scan === undefined ? {} : { scan }) };
      await grepFiles(root, paths, search, parts, ({ found }) => (lines += found.length));
      // The first warms the caches.
      if (round > 0) took.push(performance.now() - from);
    }
    printFigure("grep", `${kind}, ${scan === undefined ? "by itself" : "with ripgrep"} (ms)`, {
      ...summary(took),
      files: paths.length,
      megabytes,
      lines,
    });
  }

const worst = compileFinder("(a[ab]{300}|b[ab]{300}|[ab]a[ab]{300})z", {
  ignoreCase: true,
  word: false,
  literal: false,
});
const took: number[] = [];
for (let round = 0; round < 5; round++) {
  const line = Array.from({ length: 10_000 }, () => (Math.random() < 0.5 ? "a" : "b")).join("");
  const from = performance.now();
  worst(`${line}z`);
  took.push(performance.now() - from);
}
printFigure("grep", "a hostile pattern over a line of 10,000 characters (ms)", summary(took));
