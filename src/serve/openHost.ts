import { readdir, readFile, realpath, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HeirloomError } from "../contract/errors.ts";
import type { Settings } from "../contract/settings.ts";
import type { Profile } from "../contract/tools.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { createLogger } from "../engine/operations/createLogger.ts";
import type { Clock, Logger, LogLevel, PeerAddress } from "../engine/ports.ts";
import { type HttpServer, serveHttp } from "./http.ts";
import type { McpServerOptions } from "./mcpServer.ts";
import { nodeFiles } from "./nodeFiles.ts";
import { createNodeGit } from "./nodeGit.ts";
import { nodePeers } from "./nodePeers.ts";
import { type PeerEngine, servePeer } from "./peerRoutes.ts";
import { prepareDataFolder } from "./prepareDataFolder.ts";
import { createRateLimits } from "./rateLimits.ts";
import { readSettings } from "./readSettings.ts";
import { IS_BUNDLED, VERSION } from "./version.ts";

export interface HostOptions {
  readonly workspace: string;
  readonly dataFolder: string;
  readonly profiles: readonly Profile[];
  readonly rateLimited: boolean;
  readonly longLived: boolean;
  readonly port?: number;
  readonly rebuild?: boolean;
  readonly logLevel?: LogLevel;
}

/** An engine with the loopback listener through which other processes reach it. Closing it closes both. */
export interface Host {
  readonly engine: Engine;
  readonly http: HttpServer;
  /** For a transport of its own, such as stdio. */
  readonly serverOptions: McpServerOptions;
  close(): Promise<void>;
}

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Listens first, because a store may only be owned by who can be reached; requests wait until the engine is open. */
export async function openHost(options: HostOptions): Promise<Host> {
  const workspace = await existingFolder(options.workspace);
  const settings = await settingsFor(options);
  await prepareDataFolder(options.dataFolder);
  const logger = stderrLogger(options.logLevel ?? "warn");
  let opened: (engine: Engine) => void = () => undefined;
  const whenOpen = new Promise<Engine>((resolve) => (opened = resolve));
  const serverOptions: McpServerOptions = {
    profiles: options.profiles,
    settings,
    limits: createRateLimits(settings.rateLimit, clock),
    version: VERSION,
    logger,
    workspace,
  };
  const http = await serveHttp(waitingEngine(whenOpen), {
    ...serverOptions,
    clock,
    onPeer: async (operation, body) => servePeer(await whenOpen, operation, body),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  try {
    const address: PeerAddress = { url: http.url, token: http.token };
    const engine = await openEngine(
      {
        files: nodeFiles,
        git: createNodeGit(),
        clock,
        logger,
        peers: nodePeers(Promise.resolve(address)),
        sqlWasm: sqlWasmPath(),
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
      {
        workspace,
        dataFolder: options.dataFolder,
        version: VERSION,
        longLived: options.longLived,
        rebuild: options.rebuild ?? false,
      },
    );
    opened(engine);
    const close = async (): Promise<void> => {
      await http.close();
      await engine.close();
    };
    return { engine, http, serverOptions, close };
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** Real path of a folder that must exist. INVALID_INPUT. */
async function existingFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch {
    // said below
  }
  throw new HeirloomError("INVALID_INPUT", `There is no folder ${path}: give --workspace an existing folder.`);
}

async function settingsFor(options: HostOptions): Promise<Settings> {
  const settings = await readSettings(options.dataFolder);
  return options.rateLimited ? settings : { ...settings, rateLimit: { ...settings.rateLimit, enabled: false } };
}

const stderrLogger = (level: LogLevel): Logger =>
  createLogger((line) => process.stderr.write(`${line}\n`), { level, clock });

/** In the bundle the WebAssembly lies beside the code; the sources find it in its package. */
function sqlWasmPath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return IS_BUNDLED
    ? join(here, here.endsWith("chunks") ? "../sql-wasm.wasm" : "sql-wasm.wasm")
    : join(here, "../../node_modules/sql.js/dist/sql-wasm.wasm");
}

/** An engine whose calls wait until it is open. */
function waitingEngine(whenOpen: Promise<Engine>): PeerEngine {
  return {
    capture: async (input, context) => (await whenOpen).capture(input, context),
    retrieve: async (input, context) => (await whenOpen).retrieve(input, context),
    buildContext: async (input, context) => (await whenOpen).buildContext(input, context),
    revise: async (input, context) => (await whenOpen).revise(input, context),
    forget: async (input, context) => (await whenOpen).forget(input, context),
    gitState: async (context) => (await whenOpen).gitState(context),
    health: async (detailed, context) => (await whenOpen).health(detailed, context),
    stats: async (context) => (await whenOpen).stats(context),
    get: async (id, context) => (await whenOpen).get(id, context),
    learn: async (options, context) => (await whenOpen).learn(options, context),
    inspect: async (context) => (await whenOpen).inspect(context),
    importLines: async (lines, options, context) => (await whenOpen).importLines(lines, options, context),
    async *exportLines(context) {
      yield* (await whenOpen).exportLines(context);
    },
    serveWrite: async (store, write, body) => (await whenOpen).serveWrite(store, write, body),
    close: async () => (await whenOpen).close(),
  };
}
