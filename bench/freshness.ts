// How long it takes until memories say what became of their code: 10,000 anchors in 1,000 files, and one file that is written, or typed
// into without being saved.
// usage: node bench/freshness.ts [--files 1000] [--memories 10000] [--rounds 20]      needs dist/ (npm run build)
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Anchor } from "../src/contract/memory.ts";
import { type Host, openHost } from "../src/serve/openHost.ts";
import { startEngine } from "../src/worker/engineClient.ts";
import { type CodeTree, makeTree } from "./codeTree.ts";
import { printFigure, summary } from "./figure.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "1000" },
    memories: { type: "string", default: "10000" },
    rounds: { type: "string", default: "20" },
  },
});
const [files, memories, rounds] = [Number(values.files), Number(values.memories), Number(values.rounds)];
const LISTING = { text: "", facets: {}, visibility: "visible", order: "newest", limit: 1 } as const;

const tree = makeTree(
  ["src", "webview"].map((folder) => join(import.meta.dirname, "..", folder)),
  files,
);
const dataFolder = join(tree.root, "..", "data");
try {
  const commit = tree.git("rev-parse", "HEAD").trim();
  await withHost(async (host) => {
    await host.engine.importLines(lines(tree, commit), { dedupe: "none" }, {});
    await measured("captured without their code: git is asked, every file parsed", host);
  });
  await withHost((host) => measured("after opening: read and hashed, nothing changed", host));
  for (const path of tree.paths) edit(path, 1);
  await withHost(async (host) => {
    await measured("after opening: every file has another content", host);
    await again(host);
    await writing(host);
  });
  await typing();
} finally {
  tree.remove();
}

async function withHost(work: (host: Host) => Promise<void>): Promise<void> {
  const host = await openHost({
    ...{ workspace: tree.root, dataFolder, profiles: ["core"], rateLimited: false, longLived: true, logLevel: "error" },
  });
  try {
    await work(host);
  } finally {
    await host.close();
  }
}

/** Until no anchor is unchecked, or nothing changes any more. */
async function measured(how: string, { engine }: Host): Promise<void> {
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  let [left, same] = [Infinity, 0];
  while (left > 0 && same < 100) {
    const { facets } = await engine.explore.browse(LISTING, {});
    const unchecked = facets.freshness.find(({ value }) => value === "unchecked")?.count ?? 0;
    same = unchecked === left ? same + 1 : 0;
    left = unchecked;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const used = process.cpuUsage(cpu);
  printFigure("freshness", `${memories} anchors in ${tree.files} files, ${how}`, {
    seconds: (performance.now() - started) / 1000,
    "processor ms an anchor": (used.user + used.system) / 1000 / memories,
    unchecked: left,
  });
}

/** What is known costs a look at the time of each file. */
async function again({ engine }: Host): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await engine.retrieve({ query: "", filters: { freshness: "orphaned" } }, {});
    times.push(performance.now() - started);
  }
  printFigure("freshness", `filter by freshness, ${memories} anchors known (ms)`, { ...summary(times) });
}

/** From writing a file until its memories say what became of its code. */
async function writing({ engine }: Host): Promise<void> {
  // Watches begin a little after they are asked for.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await told("file written until its memories say so", (path) => engine.explore.anchoredIn(path, {}), {
    change: (path, text) => writeFileSync(join(tree.root, path), text),
    first: 0,
  });
}

/** The same of a text that a window is told of and nobody saves: without the 75 ms in which key strokes are gathered. */
async function typing(): Promise<void> {
  const window = startEngine(pathToFileURL(join(import.meta.dirname, "../dist/engineWorker.js")));
  const folders = [{ path: tree.root, name: "bench" }];
  try {
    await window.api.openWindow({ dataFolder, folders, settings: {}, logLevel: "error" });
    await window.api.folders();
    const at = { workspace: tree.root };
    const unchecked = async (): Promise<number> =>
      (await window.api.browse(LISTING, at)).facets.freshness.find(({ value }) => value === "unchecked")?.count ?? 0;
    for (let left = Infinity, before = 0; left !== before;) {
      [before, left] = [left, await unchecked()];
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    await told("draft told until the memories of its file say so", (path) => window.api.anchoredIn(path, at), {
      change: (path, text) => window.api.setDraft(tree.root, path, text),
      first: 2 * rounds,
    });
  } finally {
    await window.close();
  }
}

/** A file at hand is one whose neighbours rest; without a pause the one before is still looked for in the other files. */
async function told(
  what: string,
  anchoredIn: (path: string) => ReturnType<Host["engine"]["explore"]["anchoredIn"]>,
  { change, first }: { readonly change: (path: string, text: string) => unknown; readonly first: number },
): Promise<void> {
  for (const [at, [pause, how]] of Object.entries([
    [700, "the file at hand"],
    [0, "one file right after another"],
  ] as const)) {
    const times: number[] = [];
    const start = first + Number(at) * rounds;
    for (const path of tree.paths.slice(start, start + rounds)) {
      const reasons = async (): Promise<string> =>
        JSON.stringify((await anchoredIn(path)).map(({ freshness, freshnessReason }) => [freshness, freshnessReason]));
      await new Promise((resolve) => setTimeout(resolve, pause));
      const before = await reasons();
      const text = readFileSync(join(tree.root, path), "utf8");
      const started = performance.now();
      // Half of its words are others.
      await change(
        path,
        text.replaceAll(/\b[a-m]\w+/gu, (word) => `${word}1`),
      );
      while ((await reasons()) === before) {
        if (performance.now() - started > 10_000)
          throw new Error(`The memories of ${path} say nothing new after 10 s.`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      times.push(performance.now() - started);
    }
    printFigure("freshness", `${what}, ${how} (ms)`, { ...summary(times), wanted: "p95 at most 300" });
  }
}

function edit(path: string, line: number): void {
  const file = join(tree.root, path);
  const text = readFileSync(file, "utf8").split("\n");
  text.splice(line, 0, "", "");
  writeFileSync(file, text.join("\n"));
}

/** A tenth speaks of whole files, four of lines, five of symbols. */
async function* lines({ root, paths }: CodeTree, commit: string): AsyncGenerator<string> {
  for (let at = 0; at < memories; at++) {
    const path = paths[at % paths.length] ?? "";
    const text = readFileSync(join(root, path), "utf8");
    const anchor = anchorIn(path, text, Math.floor(at / paths.length));
    yield JSON.stringify({
      ...{ content: `Note ${at} on what ${path} does`, eventType: "note", scope: "repo", gitCommit: commit },
      anchors: [anchor],
    });
  }
  await Promise.resolve();
}

function anchorIn(path: string, text: string, kind: number): Anchor {
  if (kind % 10 === 0) return { path };
  const count = text.split("\n").length;
  const names = [...text.matchAll(/\b(?:function|class|interface) (\w+)/gu)].map((match) => match[1] ?? "");
  const symbol = kind % 2 === 0 ? names[(kind >> 1) % Math.max(1, names.length)] : undefined;
  if (symbol !== undefined) return { path, symbol };
  const startLine = 1 + Math.floor((count * (kind % 10)) / 12);
  return { path, startLine, endLine: Math.min(count, startLine + 8) };
}
