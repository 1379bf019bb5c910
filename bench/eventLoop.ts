/**
 * What the engine worker costs the thread that started it, as an editor's extension host is: delay of its event loop while the worker imports
 * 50,000 memories, and while it indexes code, against the same thread with nothing to do. And how long a window takes to close.
 * usage: node --expose-gc bench/eventLoop.ts [memories] [path of engineWorker.js] [folders of code]   (after npm run build)
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { type EngineClient, startEngine } from "../src/worker/engineClient.ts";
import { makeTree } from "./codeTree.ts";
import { realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, importLinesOf } from "./openStore.ts";

const MEMORIES = Number(process.argv[2] ?? 50_000);
const WORKER = pathToFileURL(process.argv[3] ?? join(import.meta.dirname, "../dist/engineWorker.js"));
const CODE = (process.argv[4] ?? join(import.meta.dirname, "..")).split(",");
const CODE_FILES = 3_000;
const IDLE_MS = 10_000;
/** The delay is sampled by a timer of one millisecond. */
const RESOLUTION_MS = 1;
const WANTED_ABOVE_IDLE_MS = 10;
const WANTED_CLOSING_MS = 2_000;
const CLOSINGS = 5;
const SEARCH_EVERY_MS = 20;

const folder = benchFolder();
try {
  const file = join(folder.workspace, "..", "memories.jsonl");
  await writeLines(file);
  const idle = await delaysDuring(() => new Promise((resolve) => setTimeout(resolve, IDLE_MS)));
  const engine = await open();
  const busy = await delaysDuring(() => importAll(engine, file));
  printFigure("eventLoop", "delay of the extension host's event loop, idle (ms)", { ...idle });
  printFigure("eventLoop", `the same while the worker imports ${MEMORIES} memories (ms)`, { ...busy });
  printFigure("eventLoop", "p99 above idle (ms)", { value: busy.p99 - idle.p99, wanted: WANTED_ABOVE_IDLE_MS });
  const tree = makeTree(CODE, CODE_FILES);
  try {
    const indexing = await open(tree.root);
    const during = await delaysDuring(() => indexing.api.indexControl({ action: "sync" }, {}));
    printFigure("eventLoop", `the same while the worker indexes ${CODE_FILES} files of code (ms)`, { ...during });
    printFigure("eventLoop", "p99 above idle, code (ms)", {
      value: during.p99 - idle.p99,
      wanted: WANTED_ABOVE_IDLE_MS,
    });
    const rebuilding = indexing.api.indexControl({ action: "rebuild" }, {});
    printFigure("eventLoop", "a search while the worker indexes code (ms)", await searchesUntil(indexing, rebuilding));
    await indexing.close();
  } finally {
    tree.remove();
  }
  printFigure("eventLoop", `closing right after an import of ${MEMORIES} memories (ms)`, {
    value: await closing(engine),
    wanted: WANTED_CLOSING_MS,
  });
  const searching = await open();
  printFigure("eventLoop", "a search while the worker imports (ms)", await searchesDuring(searching, file));
  await searching.close();
  const quiet: number[] = [];
  for (let run = 0; run < CLOSINGS; run++) quiet.push(await closing(await open()));
  printFigure("eventLoop", `closing a window with ${MEMORIES} memories that wrote nothing (ms)`, { ...summary(quiet) });
  const writing: number[] = [];
  for (let run = 0; run < CLOSINGS; run++) writing.push(await closingWhileImporting(file));
  printFigure("eventLoop", "closing in the middle of an import (ms)", {
    ...summary(writing),
    wanted: WANTED_CLOSING_MS,
  });
} finally {
  folder.remove();
}

async function writeLines(file: string): Promise<void> {
  const lines: string[] = [];
  for await (const line of importLinesOf(realTexts(MEMORIES))) lines.push(line);
  writeFileSync(file, lines.join("\n"));
}

async function importAll(engine: EngineClient, file: string): Promise<void> {
  const { read, problems } = await engine.api.importFrom(folder.workspace, file);
  if (read !== MEMORIES || problems.length > 0)
    throw new Error(`${read} lines were read, ${problems.length} not taken`);
}

/** The lines are known by now, so that every one of them is looked up as well. */
function searchesDuring(engine: EngineClient, file: string) {
  return searchesUntil(engine, importAll(engine, file));
}

async function searchesUntil(engine: EngineClient, work: Promise<unknown>) {
  const milliseconds: number[] = [];
  const state = { isWorking: true };
  const end = work.finally(() => (state.isWorking = false));
  while (state.isWorking) {
    const started = performance.now();
    // One that takes too long is given up by the engine: it counts as the time that it took.
    await engine.api.retrieve({ query: "error handling of the parser", limit: 10 }, {}).catch(() => undefined);
    milliseconds.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, SEARCH_EVERY_MS));
  }
  await end;
  return summary(milliseconds);
}

async function open(workspace = folder.workspace): Promise<EngineClient> {
  const engine = startEngine(WORKER);
  engine.on("log", ({ level, message }) => level === "error" && console.error(message));
  const { dataFolder } = folder;
  await engine.api.openWindow({
    dataFolder,
    folders: [{ path: workspace, name: "bench" }],
    settings: {},
    logLevel: "warn",
  });
  await engine.api.folders();
  return engine;
}

/** Milliseconds; `samples` is how often the delay was measured. */
async function delaysDuring(work: () => Promise<unknown>) {
  globalThis.gc?.();
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const started = performance.now();
  delays.enable();
  await work();
  delays.disable();
  const at = (percent: number): number => delays.percentile(percent) / 1e6;
  return {
    p50: at(50),
    p99: at(99),
    p999: at(99.9),
    max: delays.max / 1e6,
    samples: delays.count,
    seconds: (performance.now() - started) / 1000,
  };
}

async function closing(engine: EngineClient): Promise<number> {
  const started = performance.now();
  await engine.close();
  return performance.now() - started;
}

async function closingWhileImporting(file: string): Promise<number> {
  const engine = await open();
  const some = new Promise<void>((resolve) => engine.on("progress", ({ lines }) => lines > 2_000 && resolve()));
  const importing = engine.api.importFrom(folder.workspace, file).catch(() => undefined);
  await some;
  const milliseconds = await closing(engine);
  await importing;
  return milliseconds;
}
