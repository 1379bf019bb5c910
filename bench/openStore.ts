import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultSettings, type Settings } from "../src/contract/settings.ts";
import { type Engine, openEngine } from "../src/engine/engine.ts";
import type { Files } from "../src/engine/ports.ts";
import { nodeFiles } from "../src/serve/nodeFiles.ts";
import { createNodeGit } from "../src/serve/nodeGit.ts";
import { nodePeers } from "../src/serve/nodePeers.ts";
import { computeWorkerPath, meaningFiles, parseWorkerPath } from "../src/serve/openNodeEngine.ts";
import { ComputePool } from "../src/worker/computePool.ts";
import { ParsePool } from "../src/worker/parsePool.ts";

/** A folder for one bench with a git repository of one commit in it, where a real store would be: on a disk, not in memory. */
export function benchFolder(): { readonly workspace: string; readonly dataFolder: string; remove(): void } {
  const folder = mkdtempSync(join(process.env["HEIRLOOM_BENCH_DIR"] ?? tmpdir(), "heirloom-bench-"));
  const workspace = join(folder, "workspace");
  execFileSync("git", ["init", "-q", "-b", "main", workspace]);
  writeFileSync(join(workspace, "README.md"), "# Bench\n");
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  execFileSync("git", ["-C", workspace, "add", "."]);
  execFileSync("git", ["-C", workspace, ...identity, "commit", "-qm", "first"]);
  return {
    workspace,
    dataFolder: join(folder, "data"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * The engine with its defaults and real ports; `files` may be one that injects a fault, and `now` (milliseconds) the time at which it opens. Who gives
 * `compute` closes it.
 */
export function openBenchEngine(
  folder: { readonly workspace: string; readonly dataFolder: string },
  options: {
    readonly files?: Files;
    readonly settings?: Settings;
    readonly now?: number | undefined;
    readonly compute?: ComputePool;
  } = {},
): Promise<Engine> {
  const behind = options.now === undefined ? 0 : Date.now() - options.now;
  return openEngine(
    {
      files: options.files ?? nodeFiles,
      git: createNodeGit(),
      clock: { now: () => Date.now() - behind, monotonic: () => performance.now() },
      logger: { log: (level, message, fields) => level === "error" && console.error(message, fields) },
      peers: nodePeers(Promise.resolve({ url: "http://127.0.0.1:9/", token: "nobody calls" })),
      sqlWasm: join(import.meta.dirname, "../node_modules/sql.js/dist/sql-wasm.wasm"),
      meaning: meaningFiles,
      compute: options.compute ?? new ComputePool(computeWorkerPath),
      parser: new ParsePool(parseWorkerPath),
      parserVersion: () => Promise.resolve("bench"),
      readText: (path) => readFile(path, "utf8").catch(() => undefined),
      realPath: (path) => Promise.resolve(path),
      linksIn: () => Promise.resolve(undefined),
      freeBytes: () => Promise.resolve(undefined),
    },
    options.settings ?? defaultSettings,
    { ...folder, version: "bench", longLived: true },
  );
}

export async function* importLinesOf(texts: readonly string[]): AsyncGenerator<string> {
  for (const [index, content] of texts.entries()) {
    yield JSON.stringify({
      content,
      eventType: "note",
      scope: "repo",
      timestamp: new Date(1.7e12 + index * 1000).toISOString(),
    });
  }
}
