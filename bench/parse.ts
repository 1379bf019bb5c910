// Parsing whole trees of code: files and MB a second by language in this thread, and all of them in the pool, the medians of some rounds. Files are read
// before. `of10KB` is how many files of that size the same speed is.
// usage: node bench/parse.ts [--repos FOLDER[,FOLDER…]] [--rounds 5] [--languages typescript,python] [--threads 1,2]     needs dist/ (npm run build)
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { FileToParse } from "../src/contract/code.ts";
import { createFileParser } from "../src/engine/code/parse/parseFile.ts";
import { ParsePool } from "../src/worker/parsePool.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: join(import.meta.dirname, "..") },
    rounds: { type: "string", default: "5" },
    languages: { type: "string" },
    threads: { type: "string", default: `1,${Math.max(2, availableParallelism() - 1)}` },
  },
});
const dist = join(import.meta.dirname, "../dist");
const rounds = Number(values.rounds);
const wanted = values.languages?.split(",");
const SKIPPED = /(?:^|\/)(?:node_modules|dist|\.git|\.vscode-test)(?:\/|$)/u;
const LARGEST_BYTES = 1_000_000;

const cold = performance.now();
const parser = await createFileParser(dist);
const byLanguage = new Map<string, FileToParse[]>();
for (const file of values.repos.split(",").flatMap(filesIn)) {
  const { language, unparsed } = await parser.parse(file);
  if (language === undefined || unparsed !== undefined || wanted?.includes(language) === false) continue;
  byLanguage.set(language, [...(byLanguage.get(language) ?? []), file]);
}
printFigure("parse", "all files for the first time, with every grammar (ms)", {
  value: performance.now() - cold,
  // V8 optimises a grammar in the background, and where that is a large one nothing else takes as much.
  maxRssMB: process.resourceUsage().maxRSS / 1_000,
});

for (const [language, files] of byLanguage) {
  let symbols = 0;
  const times = await timed(async () => {
    symbols = 0;
    for (const file of files) symbols += (await parser.parse(file)).symbols.length;
  });
  printFigure("parse", `${language}, one thread`, { ...speed(files, times), symbols });
}

const all = [...byLanguage.values()].flat();
for (const threads of values.threads.split(",").map(Number)) {
  const pool = new ParsePool(join(dist, "parseWorker.js"), { threads });
  const times = await timed(() => pool.parse(all));
  await pool.close();
  printFigure("parse", `everything, a pool of ${threads}`, { ...speed(all, times), wanted: "at least 500 of 10 KB" });
}

interface Times {
  readonly wallSeconds: number;
  /** Of all threads together: what others do on the machine does not count. */
  readonly processorSeconds: number;
}

/** Medians of the rounds after the first one. */
async function timed(work: () => Promise<unknown>): Promise<Times> {
  const [wall, processor]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    if (round === 0) continue;
    wall.push((performance.now() - started) / 1000);
    processor.push((user + system) / 1_000_000);
  }
  return { wallSeconds: summary(wall).p50, processorSeconds: summary(processor).p50 };
}

function speed(files: readonly FileToParse[], { wallSeconds, processorSeconds }: Times) {
  const megabytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1_000_000;
  return {
    ...{ files: files.length, megabytes, megabytesPerSecond: megabytes / wallSeconds },
    ...{ filesPerSecond: files.length / wallSeconds, of10KB: (100 * megabytes) / wallSeconds },
    of10KBPerProcessorSecond: (100 * megabytes) / processorSeconds,
  };
}

function filesIn(folder: string): readonly FileToParse[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !SKIPPED.test(relative(folder, path)) && statSync(path).size <= LARGEST_BYTES)
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}
