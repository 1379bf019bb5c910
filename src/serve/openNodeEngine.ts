import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile, realpath, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ParseApi } from "../contract/code.ts";
import type { CodeRules } from "../contract/codeRules.ts";
import type { ComputeApi } from "../contract/compute.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Settings } from "../contract/settings.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import type { EngineOptions } from "../engine/enginePorts.ts";
import type { Clock, CodeWatcher, Drafts, GitRunner, Logger, Peers } from "../engine/ports.ts";
import type { MeaningFiles } from "../engine/meaning.ts";
import { createNodeCodeWatcher } from "./nodeCodeWatcher.ts";
import { nodeFiles } from "./nodeFiles.ts";
import { parserVersion } from "./parserVersion.ts";
import { createRipgrep } from "./ripgrep.ts";
import { IS_BUNDLED, VERSION } from "./version.ts";

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** What differs between the hosts of an engine that all run on Node. */
export interface NodeEngineParts {
  readonly settings: Settings;
  readonly git: GitRunner;
  readonly logger: Logger;
  readonly peers: Peers;
  readonly compute: ComputeApi;
  readonly parser: ParseApi;
  /** Node's own unless given. */
  readonly watcher?: CodeWatcher;
  readonly drafts?: Drafts;
  readonly codeRules?: (root: string) => CodeRules;
  /** Path of a ripgrep, where there is one. */
  readonly ripgrep?: string;
}

/** Opens an engine with Node's own files, clock and processes. Throws what `openEngine` throws. */
export function openNodeEngine(
  { settings, git, logger, peers, compute, parser, watcher, drafts, codeRules, ripgrep }: NodeEngineParts,
  options: Omit<EngineOptions, "version">,
): Promise<Engine> {
  return openEngine(
    {
      files: nodeFiles,
      git,
      clock: systemClock,
      logger,
      peers,
      sqlWasm: sqlWasmPath(),
      meaning: meaningFiles,
      compute,
      parser,
      watcher: watcher ?? createNodeCodeWatcher(),
      ...(drafts === undefined ? {} : { drafts }),
      ...(codeRules === undefined ? {} : { codeRules }),
      scan: ripgrep === undefined ? undefined : createRipgrep(ripgrep),
      parserVersion: () => parserVersion(parseWorkerPath),
      readText: (path) => readFile(path, "utf8").catch(() => undefined),
      realPath: (path) => realpath(path).catch(() => undefined),
      linksIn: (folder) =>
        readdir(folder, { withFileTypes: true }).then(
          (entries) => entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name),
          () => undefined,
        ),
      freeBytes: (folder) =>
        statfs(folder).then(
          ({ bavail, bsize }) => bavail * bsize,
          () => undefined,
        ),
    },
    settings,
    { ...options, version: VERSION },
  );
}

/** Real path of a folder that must exist; `advice` says what to do when it does not. INVALID_INPUT. */
export async function existingFolder(path: string, advice: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch {
    // said below
  }
  throw new HeirloomError("INVALID_INPUT", `There is no folder ${path}: ${advice}.`);
}

/** Of the program: where it is bundled the bundle's folder, else that of the sources. */
const here = dirname(fileURLToPath(import.meta.url));
const bundle = here.endsWith("chunks") ? dirname(here) : here;

/** In the bundle the WebAssembly lies beside the code; the sources find it in its package. */
function sqlWasmPath(): string {
  return IS_BUNDLED ? join(bundle, "sql-wasm.wasm") : join(here, "../../node_modules/sql.js/dist/sql-wasm.wasm");
}

/** The compute thread; the sources start the one that was built. */
export const computeWorkerPath = IS_BUNDLED
  ? join(bundle, "computeWorker.js")
  : join(here, "../../dist/computeWorker.js");

/** The threads that parse. */
export const parseWorkerPath = IS_BUNDLED ? join(bundle, "parseWorker.js") : join(here, "../../dist/parseWorker.js");

/** The built-in model ships with the pictures; the scan is compiled into dist/, which the sources use as well. */
export const meaningFiles: MeaningFiles = {
  model: () => readFileSync(join(IS_BUNDLED ? join(bundle, "..") : join(here, "../.."), "media/model/static.bin")),
  vectorScan: () => {
    const file = IS_BUNDLED ? join(bundle, "vectorScan.wasm") : join(here, "../../dist/vectorScan.wasm");
    return existsSync(file) ? readFileSync(file) : undefined;
  },
};
