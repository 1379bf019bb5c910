// Finding code from a plain question: 6,267 Python functions, a file each, are asked 500 web queries, each of which has one right function (CoSQA).
// Mean reciprocal rank by text, by meaning and by both. usage: node bench/quality/codeSearch.ts [--data ../shared/data/eval]
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SEARCH_MODES } from "../../src/contract/codeTools.ts";
import { createFileParser } from "../../src/engine/code/parse/parseFile.ts";
import { searchChunks } from "../../src/engine/code/searchChunks.ts";
import { printFigure, summary } from "../figure.ts";
import { createBenchIndex } from "./benchIndex.ts";
import { bootstrap } from "./bootstrap.ts";
import { asFigure } from "./measuring.ts";

const { values } = parseArgs({ options: { data: { type: "string", default: "../shared/data/eval" } } });
const functions = JSON.parse(readFileSync(join(values.data, "cosqa-functions.json"), "utf8")) as readonly string[];
const queries = JSON.parse(readFileSync(join(values.data, "cosqa-dev.json"), "utf8")) as readonly {
  readonly query: string;
  readonly gold: number;
}[];
/** Chunks that are looked through for the right function. */
const DEPTH = 100;
const index = createBenchIndex();
const parser = await createFileParser(join(import.meta.dirname, "../../dist"));
for (const [number, text] of functions.entries()) {
  const path = `${number}.py`;
  index.add({ path, blob: path, text, parsed: await parser.parse({ path, text }) });
}

for (const mode of SEARCH_MODES) {
  const times: number[] = [];
  const reciprocals = queries.map(({ query, gold }) => {
    const begun = performance.now();
    const found = searchChunks(index, query, { mode, limit: DEPTH });
    times.push(performance.now() - begun);
    const files = [...new Set(found.map(({ file }) => file.path))];
    const rank = files.indexOf(`${gold}.py`) + 1;
    return rank === 0 ? 0 : 1 / rank;
  });
  printFigure("codeSearch", `mean reciprocal rank, ${mode}`, {
    ...asFigure(bootstrap(reciprocals)),
    queries: queries.length,
  });
  printFigure("codeSearch", `one question, ${mode} (ms)`, summary(times));
}
