// The engine in one process: durable captures, imports, opening and memory. Searches are in bench/search.ts.
// usage: node bench/engine.ts [--large 100000] [--small 10000]      needs dist/ (npm run build)
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Files } from "../src/engine/ports.ts";
import { nodeFiles } from "../src/serve/nodeFiles.ts";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

const { values } = parseArgs({
  options: { large: { type: "string", default: "100000" }, small: { type: "string", default: "10000" } },
});
const large = Number(values.large);
const small = Number(values.small);
const texts = realTexts(large);

await captures();
await manyWriters();
for (const count of [small, large]) await stores(count);

/** One writer, each capture followed by a bare write and fdatasync of as many bytes, so that both see the same disk. */
async function captures(): Promise<void> {
  const folder = benchFolder();
  const engine = await openBenchEngine(folder);
  const bare = await open(join(folder.dataFolder, "bare"), "a");
  const captured: number[] = [];
  const synced: number[] = [];
  for (const [index, content] of texts.slice(0, 1_200).entries()) {
    let started = performance.now();
    await engine.capture({ eventType: "note", content }, {});
    const capture = performance.now() - started;
    started = performance.now();
    await bare.write(Buffer.alloc(content.length + 400, index));
    await bare.datasync();
    // The first captures load the token tables and compile the code.
    if (index < 200) continue;
    synced.push(performance.now() - started);
    captured.push(capture);
  }
  await bare.close();
  await engine.close();
  folder.remove();
  const [own, disk] = [summary(captured), summary(synced)];
  printFigure("engine", "capture, durable (ms)", { ...own });
  printFigure("engine", "bare write and fdatasync (ms)", { ...disk });
  printFigure("engine", "capture above one fdatasync, p50 (ms)", { value: own.p50 - disk.p50, wanted: "at most 0.5" });
}

/** fdatasync slowed to 4 ms, so that what is compared is how well writers share one, not the disk of this machine. */
async function manyWriters(): Promise<void> {
  const perSecond = async (writers: number, captures: number): Promise<number> => {
    const folder = benchFolder();
    const engine = await openBenchEngine(folder, { files: slowed(nodeFiles, 4) });
    let next = 0;
    for (; next < 64; next++) await engine.capture({ eventType: "note", content: texts[next] ?? "" }, {});
    const started = performance.now();
    const end = next + captures;
    await Promise.all(
      Array.from({ length: writers }, async () => {
        while (next < end) await engine.capture({ eventType: "note", content: texts[next++] ?? "" }, {});
      }),
    );
    const took = performance.now() - started;
    await engine.close();
    folder.remove();
    return captures / (took / 1000);
  };
  const one = await perSecond(1, 300);
  const sixtyFour = await perSecond(64, 6_400);
  printFigure("engine", "captures a second, 1 writer, fdatasync of 4 ms", { value: one });
  printFigure("engine", "captures a second, 64 writers, fdatasync of 4 ms", { value: sixtyFour });
  printFigure("engine", "64 writers against 1", { ratio: sixtyFour / one, wanted: "at least 20" });
}

function slowed(files: Files, ms: number): Files {
  return {
    ...files,
    open: async (path, how) => {
      const file = await files.open(path, how);
      return {
        append: (bytes) => file.append(bytes),
        datasync: () => new Promise((resolve) => setTimeout(resolve, ms)),
        read: (offset, length) => file.read(offset, length),
        truncate: (length) => file.truncate(length),
        size: () => file.size(),
        close: () => file.close(),
      };
    },
  };
}

async function stores(count: number): Promise<void> {
  const folder = benchFolder();
  const own = texts.slice(0, count);
  const engine = await openBenchEngine(folder);
  const started = performance.now();
  const imported = await engine.importLines(importLinesOf(own), { dedupe: "merge" }, {});
  const seconds = (performance.now() - started) / 1000;
  printFigure("engine", "import, memories a second, screening and near-duplicates on", {
    memories: count,
    value: count / seconds,
    merged: imported.merged,
    redactions: imported.redactions,
    refused: imported.problems.length,
    ...(count >= 100_000 ? { wanted: "at least 5000" } : {}),
  });
  await engine.close();

  const opened: number[] = [];
  for (let round = 0; round < 5; round++) opened.push((await inChild(folder)).ms);
  printFigure("engine", "open a store and answer, new process (ms)", {
    memories: count,
    ...summary(opened),
    ...(count >= 100_000 ? { wanted: "at most 1500" } : {}),
  });
  const [full, empty] = [(await inChild(folder)).rss, (await inChild(undefined)).rss];
  printFigure("engine", "RSS above an empty Node process (MB)", {
    memories: count,
    value: (full - empty) / 1_048_576,
    ...(count === 10_000 ? { wanted: "at most 150" } : {}),
  });
  if (count === small)
    for (const embedding of ["none", "built-in"] as const) await server(folder, realQueries(own, 200), embedding);

  // As after a crash of a store whose cache was never written.
  const storesFolder = join(folder.dataFolder, "stores");
  const stores = (await readdir(storesFolder)).filter((name) => !name.startsWith("."));
  for (const name of stores) await rm(join(storesFolder, name, "cache"), { recursive: true });
  printFigure("engine", "open a store without its cache and answer, new process (ms)", {
    memories: count,
    value: (await inChild(folder)).ms,
  });
  folder.remove();
}

/** What the built server takes above an empty Node process after some searches; where the system tells (Linux). */
async function server(
  folder: { readonly workspace: string; readonly dataFolder: string },
  queries: readonly string[],
  embedding: "none" | "built-in",
): Promise<void> {
  await writeFile(join(folder.dataFolder, "settings.json"), JSON.stringify({ embedding }));
  const cli = join(import.meta.dirname, "../dist/cli.js");
  const at = ["--workspace", folder.workspace, "--data", folder.dataFolder, "--no-rate-limit"];
  const empty = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)"]);
  const child = spawn(process.execPath, [cli, "serve", ...at], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(empty.stdout, "data");
    const [first] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { url, token } = JSON.parse(first) as { url: string; token: string };
    for (const [id, query] of queries.entries()) {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2025-11-25",
        },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id,
          method: "tools/call",
          params: { name: "retrieve-memories", arguments: { query } },
        }),
      });
      if (!(await response.text()).includes('"memories"')) throw new Error("the server does not answer");
    }
    const [full, none] = await Promise.all([residentMegabytes(child.pid), residentMegabytes(empty.pid)]);
    if (full !== undefined && none !== undefined) {
      printFigure("engine", "RSS of heirloom serve above an empty Node process (MB)", {
        ...{ memories: small, embedding, value: full - none },
        wanted: "at most 150",
      });
    }
  } finally {
    empty.kill();
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

async function residentMegabytes(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+)/mu.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

function inChild(
  folder: { readonly workspace: string; readonly dataFolder: string } | undefined,
): Promise<{ readonly ms: number; readonly rss: number }> {
  return new Promise((resolve, reject) => {
    const child = fork(
      join(import.meta.dirname, "openOnce.ts"),
      folder === undefined ? [] : [folder.workspace, folder.dataFolder],
    );
    child.once("message", (message) => resolve(message as { readonly ms: number; readonly rss: number }));
    child.once("error", reject);
  });
}
