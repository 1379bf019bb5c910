import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { CodeRules } from "../contract/codeRules.ts";
import type { ImportResult, LearnResult, RequestContext } from "../contract/engineApi.ts";
import { HeirloomError } from "../contract/errors.ts";
import { defaultSettings, type Settings, settingsSchema } from "../contract/settings.ts";
import type { FolderState, LongRun, WindowEvents, WindowFolder, WindowOptions } from "../contract/window.ts";
import { type CodeRoot, unreachableRoot } from "../engine/codeRoots.ts";
import type { Engine } from "../engine/engine.ts";
import { createRecordLogger } from "../engine/operations/createLogger.ts";
import type { Logger, Peers } from "../engine/ports.ts";
import { exportFile } from "../serve/exportFile.ts";
import { fileLines } from "../serve/fileLines.ts";
import { type HttpServer, serveHttp } from "../serve/http.ts";
import { isInside } from "../serve/isInside.ts";
import { createNodeCodeWatcher } from "../serve/nodeCodeWatcher.ts";
import { createNodeGit } from "../serve/nodeGit.ts";
import { computeWorkerPath, openNodeEngine, parseWorkerPath, systemClock } from "../serve/openNodeEngine.ts";
import { type PeerEngine, servePeer } from "../serve/peerRoutes.ts";
import { prepareDataFolder } from "../serve/prepareDataFolder.ts";
import { createRateLimits } from "../serve/rateLimits.ts";
import { readSettings } from "../serve/readSettings.ts";
import { type Reached, routedEngine } from "../serve/routedEngine.ts";
import { VERSION } from "../serve/version.ts";
import { codeRulesAt } from "./codeRulesAt.ts";
import { ComputePool } from "./computePool.ts";
import { ParsePool } from "./parsePool.ts";
import { releaseLeftClaims } from "./releaseLeftClaims.ts";
import { StoreEngines } from "./storeEngines.ts";
import { type KnownFolder, WindowFolders } from "./windowFolders.ts";
import { WindowCodeWatcher } from "./windowCodeWatcher.ts";
import { WindowDrafts } from "./windowDrafts.ts";
import { windowPeers } from "./windowPeers.ts";

export type Emit = <Name extends keyof WindowEvents>(name: Name, data: WindowEvents[Name]) => void;

/** How long the endpoint waits for what it is still answering, and everything together may take, when the window closes. */
const LAST_ANSWERS_MS = 400;
const CLOSING_MS = 1_700;
/** Stores of repositories inside the window's folders that are open at once; the one that was opened first goes first. */
const MOST_NESTED = 8;
/** The newest of HEAD that `learnNew` looks at. */
const NEW_COMMITS = 200;

/** The folders of one window with their engines, behind one endpoint. It owns them all and closes them. */
export class EngineWindow {
  readonly #options: WindowOptions;
  readonly #settings: Settings;
  readonly #emit: Emit;
  readonly #logger: Logger;
  readonly #folders = new WindowFolders((folder) => this.#emit("folder", this.#stateOf(folder)));
  readonly #engines: StoreEngines;
  readonly #compute = new ComputePool(computeWorkerPath);
  readonly #parser = new ParsePool(parseWorkerPath);
  readonly #codeWatcher = new WindowCodeWatcher({
    watched: () => this.#folders.ruled.map(({ real }) => real),
    elsewhere: createNodeCodeWatcher(),
  });
  readonly #drafts = new WindowDrafts();
  /** Stores that only a folder inside one of the window's folders has, by name. */
  readonly #nested = new Map<string, KnownFolder>();
  readonly #givenUp = new AbortController();
  #logLevel: WindowOptions["logLevel"];
  #http: HttpServer | undefined;
  #closing: Promise<void> | undefined;
  /** Resolves when stores may be opened. */
  #ready: Promise<void> = Promise.resolve();

  private constructor(options: WindowOptions, settings: Settings, emit: Emit) {
    this.#options = options;
    this.#settings = settings;
    this.#emit = emit;
    this.#logLevel = options.logLevel;
    this.#logger = createRecordLogger(
      (record) => emit("log", record),
      () => this.#logLevel,
    );
    this.#engines = new StoreEngines({
      open: (workspace, { rebuild }) => this.#openEngine(workspace, rebuild),
      onState: (store) => this.#folders.of(store).forEach((folder) => this.#emit("folder", this.#stateOf(folder))),
      now: () => systemClock.monotonic(),
    });
  }

  /** Resolves when the endpoint listens; the stores are opened in the background. INVALID_INPUT. */
  static async open(options: WindowOptions, emit: Emit): Promise<EngineWindow> {
    await prepareDataFolder(options.dataFolder);
    const window = new EngineWindow(options, await settingsOf(options), emit);
    await window.#listen();
    window.#folders.set(options.folders);
    if (options.folders.some(({ path }) => path === options.activeFolder))
      window.#folders.setActive(options.activeFolder);
    window.#ready = releaseLeftClaims(options.dataFolder, window.#peers(), window.#logger);
    void window.#openFolders();
    return window;
  }

  get address(): { readonly url: string; readonly token: string } {
    if (this.#http === undefined) throw new HeirloomError("INTERNAL", "The endpoint does not listen.");
    const { url, token } = this.#http;
    return { url, token };
  }

  /** The engine of a request, when it is open, and the request as that engine has to see it. */
  readonly reach = async (context: RequestContext): Promise<Reached> => {
    this.#whileOpen();
    const { workspace, store, folder } = await this.#folders.locate(context.workspace);
    if (folder.store !== store) this.#keepNested(store, folder);
    const engine = await this.#engines.engineOf(store, workspace);
    return { engine, context: { ...context, workspace } };
  };

  /** The code of every folder of the window; one whose store cannot be opened says why. */
  readonly reachCode = async (context: RequestContext): Promise<readonly CodeRoot[]> => {
    const roots = await Promise.all(
      this.#folders.all.map(async ({ path }) => {
        try {
          const { engine, context: there } = await this.reach({ ...context, workspace: path });
          return await engine.codeRoots(there);
        } catch (error) {
          return [unreachableRoot(path, error)];
        }
      }),
    );
    return roots.flat();
  };

  async setFolders(folders: readonly WindowFolder[]): Promise<readonly FolderState[]> {
    this.#whileOpen();
    this.#folders.set(folders);
    await this.#openFolders();
    this.#drafts.keepInside(this.#folders.all.flatMap(({ real }) => real ?? []));
    return this.folders();
  }

  setLogLevel(level: WindowOptions["logLevel"]): void {
    this.#logLevel = level;
  }

  setActiveFolder(path: string | undefined): void {
    this.#folders.setActive(path);
  }

  async folders(): Promise<readonly FolderState[]> {
    await Promise.all(this.#folders.all.map((folder) => this.#settled(folder)));
    return this.#folders.all.map((folder) => this.#stateOf(folder));
  }

  /** The folder may be of another repository now, or of one at last. */
  async headMoved(path: string): Promise<void> {
    const { workspace, store } = await this.#folders.locate(path);
    this.#closeUnused();
    const engine = await this.#engines.engineOf(store, workspace);
    engine.explore.headMoved(workspace);
  }

  async setCodeRules(path: string, rules: CodeRules): Promise<void> {
    this.#whileOpen();
    const folder = this.#folders.get(path);
    folder.code = rules;
    const engine = folder.store === undefined ? undefined : await this.#engines.known(folder.store);
    await engine?.code.rulesChanged();
  }

  async codeChanged(path: string, changed: readonly string[] | undefined): Promise<void> {
    const { workspace } = await this.#folders.place(this.#folders.get(path));
    this.#codeWatcher.tell(workspace, changed);
  }

  async setDraft(path: string, file: string, text: string | undefined): Promise<void> {
    const { workspace } = await this.#folders.place(this.#folders.get(path));
    const whole = join(workspace, file);
    if (!isInside(whole, workspace) || whole === workspace)
      throw new HeirloomError("INVALID_INPUT", `${file} is no file of ${path}: name it relative to that folder.`);
    // As of files, nothing is compared to which a link leads out of the folder; what is not on the disk yet leads nowhere.
    const real = text === undefined ? whole : await realpath(whole).catch(() => whole);
    this.#drafts.set(whole, isInside(real, workspace) ? text : undefined);
  }

  learn(path: string, run: LongRun = {}): Promise<LearnResult> {
    const onProgress = (commitsRead: number): void => this.#emit("learning", { path, commitsRead });
    return this.#long(path, run, ({ engine, context }) => engine.learn({ onProgress }, context));
  }

  learnNew(path: string): Promise<LearnResult> {
    const options = { mostCommits: NEW_COMMITS, committedOnly: true };
    return this.#long(path, {}, ({ engine, context }) => engine.learn(options, context));
  }

  exportTo(path: string, file: string, run: LongRun = {}): Promise<{ readonly memories: number }> {
    const onProgress = (lines: number): void => this.#emit("progress", { path, task: "export", lines });
    return this.#long(path, run, async ({ engine, context }, signal) => ({
      memories: await exportFile(engine.exportLines(context), file, { signal, onProgress }),
    }));
  }

  importFrom(path: string, file: string, run: LongRun = {}): Promise<ImportResult> {
    const onProgress = (lines: number): void => this.#emit("progress", { path, task: "import", lines });
    return this.#long(path, run, ({ engine, context }) =>
      engine.importLines(fileLines(file), { dedupe: "merge", onProgress }, context),
    );
  }

  async reindex(path: string): Promise<void> {
    this.#whileOpen();
    const { workspace, store } = await this.#folders.locate(path);
    await this.#engines.rebuild(store, workspace);
  }

  /** Within `CLOSING_MS`, done or not: what was acknowledged is in the journal. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#givenUp.abort(new HeirloomError("OWNER_UNREACHABLE", "This window is closing."));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#logger.log("warn", "the window's stores did not close in time; the next start is slower");
        resolve();
      }, CLOSING_MS);
    });
    const work = (async () => {
      await this.#http?.close();
      await this.#engines.closeAll();
      await Promise.all([this.#compute.close(), this.#parser.close()]);
    })();
    try {
      await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #listen(): Promise<void> {
    const here = routedEngine(this.reach, this.#engines.serveWrite, this.reachCode);
    this.#http = await serveHttp(here, {
      profiles: ["core"],
      settings: this.#settings,
      limits: createRateLimits(this.#settings.rateLimit, systemClock),
      version: VERSION,
      logger: this.#logger,
      clock: systemClock,
      admitWorkspace: (path) =>
        this.#folders.locate(path).then(
          ({ workspace }) => workspace,
          () => undefined,
        ),
      onPeer: (operation, body) => servePeer(this.#forPeers(), operation, body),
      bounds: { shutdownMs: LAST_ANSWERS_MS },
    });
  }

  /** A process that found this one by a store's claim may ask from any folder of that repository, in this window or not. */
  #forPeers(): PeerEngine {
    const reach = async (context: RequestContext): Promise<Reached> => {
      if (context.workspace === undefined) return this.reach(context);
      const engine = await this.#engines.known(this.#folders.storeAt(context.workspace).store);
      return engine === undefined ? this.reach(context) : { engine, context };
    };
    return routedEngine(reach, this.#engines.serveWrite);
  }

  #peers(): Peers {
    const here = routedEngine(this.reach, this.#engines.serveWrite);
    return windowPeers(this.address, (operation, body) => servePeer(here, operation, body));
  }

  async #openEngine(workspace: string, rebuild: boolean): Promise<Engine> {
    const { gitPath, ripgrepPath, dataFolder } = this.#options;
    await this.#ready;
    const engine = await openNodeEngine(
      {
        settings: this.#settings,
        git: createNodeGit(gitPath === undefined ? {} : { binary: gitPath }),
        logger: this.#logger,
        peers: this.#peers(),
        compute: this.#compute,
        parser: this.#parser,
        watcher: this.#codeWatcher,
        drafts: this.#drafts,
        codeRules: (root) => codeRulesAt(root, this.#folders.ruled),
        ...(ripgrepPath === undefined ? {} : { ripgrep: ripgrepPath }),
      },
      { workspace, dataFolder, longLived: true, rebuild },
    );
    engine.explore.onChange((change) => {
      for (const { path } of this.#folders.of(engine.workspaceId)) this.#emit("changed", { ...change, path });
    });
    engine.code.onStatus((root, status) => {
      for (const folder of this.#folders.of(engine.workspaceId))
        if (this.#folders.rootOf(folder) === root) this.#emit("code", { path: folder.path, status });
    });
    return engine;
  }

  async #openFolders(): Promise<void> {
    const located = await Promise.all(
      this.#folders.all.map((folder) => this.#folders.place(folder).catch(() => undefined)),
    );
    this.#closeUnused();
    for (const one of located) if (one !== undefined) this.#engines.retry(one.store, one.workspace);
    await Promise.all(
      this.#folders.all.map(async (folder) => {
        const engine = await this.#settled(folder);
        // An engine watches the HEAD of the folder that it was opened for, and of those that it is told of.
        if (folder.real !== undefined) engine?.explore.headMoved(folder.real);
      }),
    );
  }

  /** Resolves when the folder's engine is open, or could not be opened. */
  async #settled(folder: KnownFolder): Promise<Engine | undefined> {
    const located = await this.#folders.place(folder).catch(() => undefined);
    if (located === undefined || this.#closing !== undefined) return undefined;
    return this.#engines.engineOf(located.store, located.workspace).catch(() => undefined);
  }

  #stateOf({ path, name, store, problem }: KnownFolder): FolderState {
    if (problem !== undefined) return { path, name, state: "failed", problem };
    return { path, name, ...((store && this.#engines.stateOf(store)) || { state: "opening" }) };
  }

  #keepNested(store: string, folder: KnownFolder): void {
    this.#nested.set(store, folder);
    if (this.#nested.size <= MOST_NESTED) return;
    for (const oldest of [...this.#nested.keys()].slice(0, -MOST_NESTED)) this.#nested.delete(oldest);
    this.#closeUnused();
  }

  #closeUnused(): void {
    const folders = new Set(this.#folders.all);
    for (const [store, folder] of this.#nested) if (!folders.has(folder)) this.#nested.delete(store);
    for (const store of this.#engines.stores) {
      if (this.#nested.has(store) || this.#folders.of(store).length > 0) continue;
      this.#engines
        .close(store)
        .catch((error: unknown) => this.#logger.log("warn", "a store could not be closed", { error }));
    }
  }

  /** Work that is given up when its caller says so, or the window closes. */
  async #long<T>(path: string, run: LongRun, work: (reached: Reached, signal: AbortSignal) => Promise<T>): Promise<T> {
    const closing = this.#givenUp.signal;
    const signal = AbortSignal.any(run.signal === undefined ? [closing] : [closing, run.signal]);
    try {
      return await work(await this.reach({ workspace: path, signal }), signal);
    } catch (error) {
      // Where the work noticed it first, it says so in words of its own.
      throw closing.aborted ? closing.reason : error;
    }
  }

  #whileOpen(): void {
    if (this.#closing !== undefined) throw new HeirloomError("OWNER_UNREACHABLE", "This window is closing.");
  }
}

/** Settings of the data folder, with what the window sets itself. INVALID_INPUT. */
async function settingsOf({ dataFolder, settings }: WindowOptions): Promise<Settings> {
  const common = await readSettings(dataFolder);
  const parsed = settingsSchema.safeParse({ ...defaultSettings, ...common, ...settings });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
  throw new HeirloomError("INVALID_INPUT", `Mend Heirloom's settings. ${problems.join("; ")}`, { problems });
}
