// What analyze_implementation costs for a symbol that was never asked before and for one that was, in real repositories; and impact alone.
// usage: node bench/analyze.ts --repos DIR [--only owner/name] [--symbols 120]      needs dist/ (npm run build)
//   DIR holds repositories as OWNER+NAME/repo
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CodeIndex, qualifiedName } from "../src/engine/code/codeIndex.ts";
import { impactOf } from "../src/engine/code/graph/impact.ts";
import { isClass, isFunction, type SymbolAt, symbolsOf } from "../src/engine/code/graph/symbolAt.ts";
import { SymbolGraph } from "../src/engine/code/graph/symbolGraph.ts";
import { judgeText } from "../src/engine/code/walk/judgeContent.ts";
import { createFileParser } from "../src/engine/code/parse/parseFile.ts";
import { createTextIndex } from "../src/engine/indexing/textIndex.ts";
import { openHost } from "../src/serve/openHost.ts";
import { printFigure, summary } from "./figure.ts";
import { readBlobs } from "./model/sourceFiles.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: "" },
    only: { type: "string" },
    symbols: { type: "string", default: "120" },
  },
});
const LARGEST_FILE = 300_000;
const parser = await createFileParser(join(import.meta.dirname, "../dist"));
const all = { first: [] as number[], again: [] as number[] };

for (const name of readdirSync(values.repos).sort()) {
  const repository = join(values.repos, name, "repo");
  if (!existsSync(repository) || (values.only !== undefined && values.only.replace("/", "+") !== name)) continue;
  const folder = mkdtempSync(join(tmpdir(), "heirloom-bench-"));
  try {
    const root = join(folder, "tree");
    execFileSync("git", ["clone", "-q", "--shared", repository, root]);
    await measure(name.replace("+", "/"), root, join(folder, "data"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
printFigure("analyze", "all, first time (ms)", { ...summary(all.first), wanted: "p95 at most 30" });
printFigure("analyze", "all, asked again (ms)", { ...summary(all.again) });

async function measure(name: string, root: string, dataFolder: string): Promise<void> {
  const index = await indexOf(root);
  const symbols = sample(index, Number(values.symbols));
  if (symbols.length < 20) return;
  const impacts = symbols.map((symbol) => {
    const begun = performance.now();
    impactOf(new SymbolGraph(index), [symbol], { depth: 3, symbols: 120, files: 300 });
    return performance.now() - begun;
  });
  const host = await openHost({
    workspace: root,
    dataFolder,
    profiles: [],
    rateLimited: false,
    longLived: true,
    logLevel: "error",
  });
  try {
    await host.engine.indexControl({ action: "sync" }, {});
    const targets = symbols.map(({ file, symbol }) => `${file.path}#${qualifiedName(symbol)}`);
    // The first answers load the tables of tokens and compile the code.
    for (const target of targets.slice(0, 15)) await host.engine.analyze({ target }, {});
    const first = await timed(targets.slice(15));
    const again = await timed(targets.slice(15));
    all.first.push(...first);
    all.again.push(...again);
    const { files } = index.counts;
    printFigure("analyze", `${name}, first time (ms)`, { ...summary(first), files });
    printFigure("analyze", `${name}, asked again (ms)`, { ...summary(again) });
    printFigure("analyze", `${name}, impact three calls deep (ms)`, { ...summary(impacts) });
  } finally {
    await host.close();
  }

  async function timed(targets: readonly string[]): Promise<number[]> {
    const times: number[] = [];
    for (const target of targets) {
      const begun = performance.now();
      await host.engine.analyze({ target }, {});
      times.push(performance.now() - begun);
    }
    return times;
  }
}

async function indexOf(root: string): Promise<CodeIndex> {
  const index = new CodeIndex({ createTextIndex });
  const listed = execFileSync("git", ["-C", root, "ls-tree", "-r", "-l", "-z", "HEAD"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const files = listed.split("\0").flatMap((line) => {
    const [, blob = "", size, path = ""] = /^\d+ blob (\w+) +(\S+)\t(.*)$/su.exec(line) ?? [];
    return blob !== "" && Number(size) <= LARGEST_FILE ? [{ path, blob }] : [];
  });
  const texts = readBlobs(
    join(root, ".git"),
    files.map(({ blob }) => blob),
  );
  for (const [at, { path, blob }] of files.entries()) {
    const text = texts[at] ?? "";
    // What the engine leaves out it is not asked about.
    if (judgeText(path, text) !== undefined) continue;
    index.add({ path, blob, text, parsed: await parser.parse({ path, text }) });
  }
  return index;
}

/** Evenly over all functions and classes that are no tests. */
function sample(index: CodeIndex, count: number): readonly SymbolAt[] {
  const all = [...index.files()]
    .filter(({ role }) => role === "source")
    .flatMap((file) =>
      symbolsOf(file).filter((one) => (isFunction(one) || isClass(one)) && one.symbol.kind !== "module"),
    );
  const step = Math.max(1, all.length / count);
  return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[Math.floor(at * step)]).filter(
    (one) => one !== undefined,
  );
}
