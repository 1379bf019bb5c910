/**
 * The index of a work tree's code: how long the first one takes, how much sooner one that was kept opens, what a changed file and another branch cost, how
 * fast questions are answered, and how much memory it is. Everything runs on copies of real trees.
 * usage: node --expose-gc --max-semi-space-size=16 bench/codeIndex.ts [--repos DIR[,DIR…]] [--files 10000] [--large 50000] [--rounds 3]
 *        [--only first,memory] [--tree DIR]
 *        needs dist/ (npm run build). The room for new objects is that of the engine's thread (src/worker/startThread.ts). DIR are working
 *        trees; without it this project's own serves. Figures: first, questions, changes, memory. --tree measures the memory that one tree takes as it is.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { USUAL_CODE_RULES } from "../src/contract/codeRules.ts";
import type { IndexedFile } from "../src/engine/code/codeIndex.ts";
import { locate, searchCode } from "../src/engine/code/codeAnswers.ts";
import { CodeService } from "../src/engine/code/codeService.ts";
import { CodeCache } from "../src/engine/code/kept/codeCache.ts";
import { createBuiltInEmbedder } from "../src/engine/embedding/builtInEmbedder.ts";
import { kernelMaker } from "../src/engine/indexing/simdKernel.ts";
import { createTextIndex, loadTextIndex } from "../src/engine/indexing/textIndex.ts";
import { createVectorIndex, loadVectorIndex } from "../src/engine/indexing/vectorIndex.ts";
import { createNodeCodeWatcher } from "../src/serve/nodeCodeWatcher.ts";
import { nodeFiles } from "../src/serve/nodeFiles.ts";
import { createNodeGit } from "../src/serve/nodeGit.ts";
import { meaningFiles, parseWorkerPath, systemClock } from "../src/serve/openNodeEngine.ts";
import { parserVersion } from "../src/serve/parserVersion.ts";
import { ParsePool } from "../src/worker/parsePool.ts";
import { type CodeTree, makeTree } from "./codeTree.ts";
import { realQueries } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({
  options: {
    repos: { type: "string", default: join(import.meta.dirname, "..") },
    files: { type: "string", default: "10000" },
    large: { type: "string", default: "50000" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    /** A tree that is there: what the process that measures memory is given. */
    tree: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const QUESTIONS = 200;
/** Other questions that are asked before. */
const WARMING = 100;
const SWITCHED_FILES = 500;
const wants = (part: string): boolean => values.only === undefined || values.only.split(",").includes(part);
const print = (figure: string, figures: Parameters<typeof printFigure>[2]): void =>
  printFigure("codeIndex", figure, { ...figures, load: loadavg()[0] ?? 0, processors: availableParallelism() });
const collect = (globalThis as { gc?: () => void }).gc;
const MB = 1e6;

const embedder = createBuiltInEmbedder(meaningFiles);
const makeKernel = kernelMaker(meaningFiles.vectorScan());
const git = createNodeGit({ timeoutMs: 120_000 });
const parser = new ParsePool(parseWorkerPath);

function serviceOf(root: string, { dataFolder, isWatched = false }: { dataFolder?: string; isWatched?: boolean } = {}) {
  const { id: model, dimensions } = embedder.model();
  const logger = { log: (level: string, message: string) => level === "info" || console.error(message) };
  const parts = { files: nodeFiles, freeBytes: () => Promise.resolve(undefined), logger };
  return new CodeService({
    ...{ root, parser, git, clock: systemClock, logger, longLived: false, rules: () => USUAL_CODE_RULES },
    head: async () => (await git.run(["rev-parse", "HEAD"], { cwd: root })).trim(),
    createTextIndex: (saved) => (saved === undefined ? createTextIndex() : loadTextIndex(saved)),
    meaning: {
      model: () => model,
      createIndex: () => createVectorIndex({ model, dimensions, makeKernel }),
      loadIndex: (bytes) => loadVectorIndex(bytes, { model, dimensions, makeKernel }),
      embed: (texts, purpose) => embedder.embed(texts, purpose),
    },
    ...(isWatched ? { watcher: createNodeCodeWatcher() } : {}),
    ...(dataFolder === undefined
      ? {}
      : { cache: new CodeCache(root, { ...parts, dataFolder, parserVersion: () => parserVersion(parseWorkerPath) }) }),
  });
}

/** Milliseconds of the wall and of every thread's processor until a service that starts now has answered. */
async function answered(service: CodeService, query: string) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await service.follow();
  locate(service, { query });
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - started, processorMs: (user + system) / 1000 };
}

async function measureFirst(tree: CodeTree, question: string): Promise<void> {
  const [built, opened, processor, delays]: number[][] = [[], [], [], []];
  let status: ReturnType<CodeService["status"]> | undefined;
  for (let round = 0; round < rounds; round++) {
    const dataFolder = mkdtempSync(join(tmpdir(), "heirloom-code-data-"));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const service = serviceOf(tree.root, { dataFolder });
    delay.enable();
    const { ms, processorMs } = await answered(service, question);
    delay.disable();
    delays?.push(delay.percentile(99) / 1e6);
    built?.push(ms);
    processor?.push(processorMs);
    status = service.status();
    // It is written now.
    await service.close();
    const again = serviceOf(tree.root, { dataFolder });
    opened?.push((await answered(again, question)).ms);
    await again.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
  const [p50, open] = [summary(built ?? []).p50, summary(opened ?? []).p50];
  const seconds = p50 / 1000;
  print("first index, to its first answer (ms)", {
    ...spread(built),
    ...{ files: status?.files ?? 0, chunks: status?.chunks ?? 0, symbols: status?.symbols ?? 0 },
    ...{ filesPerSecond: tree.files / seconds, MBPerSecond: tree.bytes / MB / seconds },
    of10KBPerSecond: tree.bytes / 10_000 / seconds,
    processorMs: summary(processor ?? []).p50,
    wanted: "at least 500 of 10 KB a second on two processors",
  });
  print("delay of the thread that indexes meanwhile, p99 (ms)", { ...spread(delays), wanted: "turns of 8" });
  print("opened from disk, to its first answer (ms)", {
    ...spread(opened),
    timesFaster: p50 / open,
    wanted: "at least 20",
  });
}

async function measureQuestions(
  tree: CodeTree,
  warming: readonly string[],
  questions: readonly string[],
): Promise<void> {
  const service = serviceOf(tree.root);
  await service.follow();
  for (const [name, ask] of [
    ["locate", (query: string) => locate(service, { query })],
    ["search", (query: string) => searchCode(service, { query })],
  ] as const) {
    const [times, processor]: [number[], number[]] = [[], []];
    // What is made for the first questions, and code that is not compiled yet, are none of the others' cost.
    for (const query of warming) await ask(query);
    for (const query of questions) {
      const [started, before] = [performance.now(), process.cpuUsage()];
      await ask(query);
      const { user, system } = process.cpuUsage(before);
      times.push(performance.now() - started);
      processor.push((user + system) / 1000);
    }
    const { p50: processorP50, p95: processorP95 } = summary(processor);
    const wanted = "p95 at most 15";
    print(`${name}, never asked before (ms)`, {
      ...summary(times),
      processorP50,
      processorP95,
      files: tree.files,
      wanted,
    });
  }
  await service.close();
}

async function measureChanges(tree: CodeTree): Promise<void> {
  const service = serviceOf(tree.root, { isWatched: true });
  await service.follow();
  await settled(service);
  const scripts = tree.paths.filter((path) => isScript(service.sources().index.fileAt(path)));
  const changed: number[] = [];
  for (let round = 0; round < 5 * rounds; round++) {
    const path = scripts[(round * 97) % scripts.length] ?? "";
    const word = `zebra${round}crossing`;
    const started = performance.now();
    appendFileSync(join(tree.root, path), `\nexport function ${word}() {}\n`);
    for (;;) {
      await service.follow();
      if (service.sources().index.definersOf(word).length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    changed.push(performance.now() - started);
  }
  print("a changed file is found, from its writing on (ms)", {
    ...summary(changed),
    files: tree.files,
    wanted: "at most 300",
  });
  tree.git("commit", "-q", "-a", "-m", "zebras");
  tree.git("checkout", "-q", "-b", "side");
  const step = Math.max(1, Math.floor(tree.paths.length / SWITCHED_FILES));
  const differing = tree.paths.filter((_, at) => at % step === 0).slice(0, SWITCHED_FILES);
  for (const path of differing) appendFileSync(join(tree.root, path), "\nexport const wombat = 1;\n");
  tree.git("commit", "-q", "-a", "-m", "side");
  tree.git("checkout", "-q", "main");
  await service.follow();
  await settled(service);
  const [first, again]: number[][] = [[], []];
  for (let round = 0; round < 2 + 2 * rounds; round++) {
    tree.git("checkout", "-q", round % 2 === 0 ? "side" : "main");
    const started = performance.now();
    await service.sync();
    (round === 0 ? first : again)?.push(performance.now() - started);
  }
  print("another branch is indexed (ms)", {
    value: first?.[0] ?? 0,
    differing: differing.length,
    wanted: "at most 2000",
  });
  print("a branch that was indexed before comes back (ms)", { ...spread(again), differing: differing.length });
  await service.close();
}

/** A function that is added to it is found. */
function isScript(file: IndexedFile | undefined): boolean {
  return /^(?:java|type)script$/u.test(file?.language ?? "") && file?.parsed.unparsed === undefined;
}

/** Until the watcher has nothing more to say of what it began to watch. */
async function settled(service: CodeService): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await service.follow();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await service.follow();
}

/** In a process of its own. */
async function measureMemory(root: string): Promise<void> {
  const rss = (): number => process.memoryUsage().rss / MB;
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, rss())), 100);
  const before = rss();
  const dataFolder = mkdtempSync(join(tmpdir(), "heirloom-code-data-"));
  const service = serviceOf(root, { dataFolder });
  const started = performance.now();
  await service.follow();
  const seconds = (performance.now() - started) / 1000;
  const peakIndexing = peak;
  const index = service.sources().index.bytes / MB;
  collect?.();
  const withPool = rss();
  // It is written now, as in a window that lives on a few seconds later.
  await service.close();
  clearInterval(timer);
  await parser.close();
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  collect?.();
  rmSync(dataFolder, { recursive: true, force: true });
  const { heapUsed, heapTotal, arrayBuffers, external } = process.memoryUsage();
  print("a large tree", {
    seconds,
    files: service.status().files,
    chunks: service.status().chunks,
    wanted: "at most 150 s",
  });
  print("memory of a large tree (MB)", {
    ...{ peakIndexing, peakRss: peak, rssAfter: withPool, rssWrittenWithoutPool: rss(), before, index },
    ...{ heapUsed: heapUsed / MB, heapTotal: heapTotal / MB, arrayBuffers: arrayBuffers / MB, external: external / MB },
    wanted: "at most 600",
  });
}

function spread(milliseconds: readonly number[] = []) {
  const { p50, samples } = summary(milliseconds);
  return { p50, least: Math.min(...milliseconds), most: Math.max(...milliseconds), samples };
}

if (values.tree !== undefined) await measureMemory(values.tree);
else {
  const sources = values.repos.split(",");
  const tree = makeTree(sources, Number(values.files));
  try {
    const texts = tree.paths.slice(0, 3_000).map((path) => readFileSync(join(tree.root, path), "utf8"));
    const questions = realQueries(texts, WARMING + QUESTIONS);
    if (wants("first")) await measureFirst(tree, questions[0] ?? "");
    if (wants("questions")) await measureQuestions(tree, questions.slice(0, WARMING), questions.slice(WARMING));
    if (wants("changes")) await measureChanges(tree);
  } finally {
    tree.remove();
  }
  if (wants("memory")) {
    const large = makeTree(sources, Number(values.large));
    try {
      print("the large tree", { files: large.files, MB: large.bytes / MB });
      const { argv0, execArgv } = process;
      // As the engine's thread is limited.
      const args = [
        "--expose-gc",
        "--max-old-space-size=1500",
        "--max-semi-space-size=16",
        ...execArgv.filter((arg) => arg !== "--expose-gc"),
        import.meta.filename,
      ];
      spawnSync(argv0, [...args, "--tree", large.root], { stdio: "inherit" });
      if (wants("large")) await measureChanges(large);
    } finally {
      large.remove();
    }
  }
}
await parser.close();
