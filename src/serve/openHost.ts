import type { Settings } from "../contract/settings.ts";
import type { Profile } from "../contract/tools.ts";
import type { Engine } from "../engine/engine.ts";
import { createLogger } from "../engine/operations/createLogger.ts";
import type { Logger, LogLevel } from "../engine/ports.ts";
import { type HttpServer, serveHttp } from "./http.ts";
import type { McpServerOptions } from "./mcpServer.ts";
import { ComputePool } from "../worker/computePool.ts";
import { ParsePool } from "../worker/parsePool.ts";
import { createNodeGit } from "./nodeGit.ts";
import { nodePeers } from "./nodePeers.ts";
import { computeWorkerPath, parseWorkerPath, existingFolder, openNodeEngine, systemClock } from "./openNodeEngine.ts";
import { servePeer } from "./peerRoutes.ts";
import { prepareDataFolder } from "./prepareDataFolder.ts";
import { createRateLimits } from "./rateLimits.ts";
import { readSettings } from "./readSettings.ts";
import { routedEngine } from "./routedEngine.ts";
import { VERSION } from "./version.ts";

export interface HostOptions {
  readonly workspace: string;
  readonly dataFolder: string;
  readonly profiles: readonly Profile[];
  readonly rateLimited: boolean;
  readonly longLived: boolean;
  readonly port?: number;
  /** Absolute paths of folders whose code is asked together with that of the workspace. */
  readonly also?: readonly string[];
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

/** Listens first, because a store may only be owned by who can be reached; requests wait until the engine is open. */
export async function openHost(options: HostOptions): Promise<Host> {
  const workspace = await existingFolder(options.workspace, "give --workspace an existing folder");
  const settings = await settingsFor(options, workspace);
  await prepareDataFolder(options.dataFolder);
  const logger = stderrLogger(options.logLevel ?? "warn");
  let opened: (engine: Engine) => void = () => undefined;
  const whenOpen = new Promise<Engine>((resolve) => (opened = resolve));
  const serverOptions: McpServerOptions = {
    profiles: options.profiles,
    settings,
    limits: createRateLimits(settings.rateLimit, systemClock),
    version: VERSION,
    logger,
    workspace,
  };
  const engineOnceOpen = routedEngine(
    async (context) => ({ engine: await whenOpen, context }),
    async (store, write, body) => (await whenOpen).serveWrite(store, write, body),
  );
  const http = await serveHttp(engineOnceOpen, {
    ...serverOptions,
    clock: systemClock,
    onPeer: (operation, body) => servePeer(engineOnceOpen, operation, body),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const compute = new ComputePool(computeWorkerPath);
  const parser = new ParsePool(parseWorkerPath);
  try {
    const peers = nodePeers(Promise.resolve({ url: http.url, token: http.token }));
    const engine = await openNodeEngine(
      { settings, git: createNodeGit(), logger, peers, compute, parser },
      {
        workspace,
        dataFolder: options.dataFolder,
        longLived: options.longLived,
        rebuild: options.rebuild ?? false,
      },
    );
    opened(engine);
    const close = async (): Promise<void> => {
      await http.close();
      await engine.close();
      await Promise.all([compute.close(), parser.close()]);
    };
    return { engine, http, serverOptions, close };
  } catch (error) {
    await http.close();
    await Promise.all([compute.close(), parser.close()]);
    throw error;
  }
}

async function settingsFor(options: HostOptions, workspace: string): Promise<Settings> {
  const common = await readSettings(options.dataFolder);
  const { folders } = common.code;
  const also = [...(folders[workspace] ?? []), ...(options.also ?? [])];
  const settings = also.length === 0 ? common : { ...common, code: { folders: { ...folders, [workspace]: also } } };
  return options.rateLimited ? settings : { ...settings, rateLimit: { ...settings.rateLimit, enabled: false } };
}

const stderrLogger = (level: LogLevel): Logger =>
  createLogger((line) => process.stderr.write(`${line}\n`), { level, clock: systemClock });
