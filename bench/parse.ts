// Parsing whole trees of code: files and MB a second, in this thread and in the pool, the medians of some rounds. Trees are folders, read whole before.
// usage: node bench/parse.ts [--repos FOLDER[,FOLDER…]] [--rounds 5] [--languages typescript,python] [--no-pool]     needs dist/ (npm run build)
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { FileToParse } from "../src/contract/code.ts";
import { createFileParser } from "../src/engine/code/parse/parseFile.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: join(import.meta.dirname, "..") },
    rounds: { type: "string", default: "5" },
    languages: { type: "string" },
  },
});
const dist = join(import.meta.dirname, "../dist");
const SKIPPED = /(?:^|\/)(?:node_modules|dist|\.git|\.vscode-test)(?:\/|$)/u;
const LARGEST_BYTES = 1_000_000;

const parser = await createFileParser(dist);
const byLanguage = new Map<string, FileToParse[]>();
for (const file of values.repos.split(",").flatMap(filesIn)) {
  const { language, unparsed } = await parser.parse(file);
  if (language !== undefined && unparsed === undefined)
    byLanguage.set(language, [...(byLanguage.get(language) ?? []), file]);
}
const wanted = values.languages?.split(",");
for (const [language, files] of byLanguage) {
  if (wanted?.includes(language) === false) continue;
  const megabytes = bytesOf(files) / 1_000_000;
  const seconds: number[] = [];
  let symbols = 0;
  for (let round = 0; round < Number(values.rounds); round++) {
    const started = performance.now();
    symbols = 0;
    for (const file of files) symbols += (await parser.parse(file)).symbols.length;
    seconds.push((performance.now() - started) / 1000);
  }
  const median = summary(seconds).p50;
  printFigure("parse", `${language}, one thread`, {
    ...{ files: files.length, megabytes, symbols },
    ...{
      megabytesPerSecond: megabytes / median,
      filesPerSecond: files.length / median,
      of10KB: (100 * megabytes) / median,
    },
  });
}

function filesIn(folder: string): readonly FileToParse[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !SKIPPED.test(relative(folder, path)) && statSync(path).size <= LARGEST_BYTES)
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

function bytesOf(files: readonly FileToParse[]): number {
  return files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}
