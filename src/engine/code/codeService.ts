import { setImmediate } from "node:timers/promises";
import type { ParseApi } from "../../contract/code.ts";
import type { CodeRules } from "../../contract/codeRules.ts";
import type { IndexResult } from "../../contract/codeTools.ts";
import type { Clock, CodeSubscription, CodeWatcher, GitRunner, Logger } from "../ports.ts";
import type { TextIndex } from "../seams.ts";
import { CodeIndex, type CodeIndexParts, type CodeMeaning, type IndexedFile } from "./codeIndex.ts";
import { atMost, countsOf, foldersOf, isWithin, without } from "./codePaths.ts";
import { CodeReader, type ReadFiles } from "./codeReader.ts";
import { CodeUpkeep } from "./codeUpkeep.ts";
import { DroppedFiles } from "./droppedFiles.ts";
import { FollowedHistory } from "./history/followedHistory.ts";
import type { FileLines, LineHistory } from "./history/lineHistory.ts";
import { RememberedLines } from "./history/rememberedLines.ts";
import { SymbolGraph } from "./graph/symbolGraph.ts";
import { ImportGraph } from "./importGraph.ts";
import type { CodeCache } from "./kept/codeCache.ts";
import type { CodeSources } from "./locate/signals.ts";
import { openCodeFolder } from "./walk/codeFolder.ts";
import type { LeftOutReason } from "./walk/codeListing.ts";
import { type CodeState, findChanges } from "./walk/findChanges.ts";
import { listCode } from "./walk/listCode.ts";
import { OWN_IGNORE_FILE } from "./walk/listingRules.ts";
import { readCode } from "./walk/readCode.ts";

export interface CodeServiceParts {
  /** Absolute path of the work tree. */
  readonly root: string;
  readonly parser: ParseApi;
  readonly git: GitRunner;
  /** Tells what changes; undefined where the tree is walked before each answer. */
  readonly watcher?: CodeWatcher;
  /** Commit of HEAD; undefined without a repository or before its first commit. */
  readonly head: () => Promise<string | undefined>;
  /** An empty one, or one that was saved. */
  readonly createTextIndex: (saved?: Uint8Array) => TextIndex;
  readonly meaning?: CodeMeaning;
  /** Undefined where nothing is kept on disk. */
  readonly cache?: CodeCache;
  /** One that does not live on saves what is worth it before it ends. */
  readonly longLived?: boolean;
  readonly rules: () => CodeRules;
  /** Called when `status` says something else, not where only the time of the last look is another. */
  readonly changed?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds after which whoever else waits has a turn. */
const TURN_MS = 8;
/** Of more paths that the watcher names the whole tree is walked: that costs less. */
const MOST_NAMED = 100;
/** Reading the history anew costs as much as so many files that differ. */
const HISTORY_WORTH = 16;
const IGNORE_FILES: ReadonlySet<string> = new Set([".gitignore", OWN_IGNORE_FILE]);
const CONTENT_REASONS: ReadonlySet<LeftOutReason> = new Set(["binary", "minified", "generated"]);

/** Keeps the index of one work tree: what differs is read, parsed and indexed; one run at a time. */
export class CodeService {
  readonly #parts: CodeServiceParts;
  readonly #history: FollowedHistory;
  readonly #lines: RememberedLines;
  readonly #upkeep: CodeUpkeep;
  readonly #dropped = new DroppedFiles();
  readonly #reader: CodeReader;
  #index: CodeIndex;
  /** Made when they are asked for, and anew when a file changes. */
  #graphs: { imports?: ImportGraph; symbols?: SymbolGraph } = {};
  #running: Promise<void> | undefined;
  #subscription: CodeSubscription | undefined;
  /** Goes up with every change of the index: what was derived from it before is of another one. */
  #generation = 0;
  /** Whether what is on disk was looked at. */
  #isOpened = false;
  /** Something may have changed since the last walk began: anything, or what is at these paths. */
  #isStale = true;
  readonly #named = new Set<string>();
  #isClearing = false;
  /** Of what was told last. */
  #told: { readonly state?: IndexResult["state"]; readonly generation: number } = { generation: 0 };
  #pending = 0;
  #lastSync: number | undefined;
  #state: CodeState | undefined;
  /** Every folder that holds a file of the state. */
  #folders: ReadonlySet<string> = new Set();
  /** By path: what its content told, or reading it. What its path told is told by every walk. */
  #refused = new Map<string, LeftOutReason>();
  #leftOutByPath: readonly LeftOutReason[] = [];
  #problem: string | undefined;
  #version = 0;

  constructor(parts: CodeServiceParts) {
    this.#parts = parts;
    const { root, parser, clock, logger } = parts;
    this.#index = new CodeIndex(this.#indexParts());
    this.#history = new FollowedHistory(parts);
    this.#lines = new RememberedLines(parts.git, root, logger);
    this.#reader = new CodeReader(root, parser, this.#dropped);
    this.#upkeep = new CodeUpkeep({ save: () => this.#save(), files: () => this.#index.counts.files, clock, logger });
  }

  get root(): string {
    return this.#parts.root;
  }

  /** Another number whenever answers may be others: what it was asked under one holds as long as it is the same. */
  get version(): number {
    return this.#version;
  }

  /** Whether every file was indexed once; what changed since may be missing. */
  get isIndexed(): boolean {
    return this.#lastSync !== undefined;
  }

  status(): IndexResult {
    const { files, chunks, symbols } = this.#index.counts;
    return {
      state: this.#stateNow(),
      files,
      chunks,
      symbols,
      pending: this.#pending,
      ...(this.#lastSync === undefined ? {} : { lastSync: new Date(this.#lastSync).toISOString() }),
      leftOut: countsOf([...this.#leftOutByPath, ...this.#refused.values()]),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  #stateNow(): IndexResult["state"] {
    const { enabled, paused } = this.#parts.rules();
    if (!enabled) return "off";
    if (paused) return "paused";
    // A walk that finds nothing new is no indexing.
    if (this.#running !== undefined && (this.#pending > 0 || this.#lastSync === undefined)) return "indexing";
    if (this.#problem !== undefined) return "failed";
    return this.#lastSync === undefined ? "empty" : "ready";
  }

  /**
   * Resolves when the index is that of the work tree as it was when this was called, or later; at once where a person paused indexing or
   * switched it off, and before the end where somebody does so meanwhile. Throws what listing the files threw.
   */
  async sync(): Promise<void> {
    this.#isStale = true;
    await this.#bringUpOnce();
  }

  /** The same where something may have changed since; at once where the watcher knows that nothing did. */
  async follow(): Promise<void> {
    if (this.#isHeld()) {
      // What was indexed before the pause answers.
      if (this.#parts.rules().enabled) await this.#open();
      return;
    }
    if (this.#subscription?.isWatching() !== true) this.#isStale = true;
    if (this.#isStale || this.#named.size > 0 || this.#running !== undefined) await this.#bringUpOnce();
    else await this.#bringUpHistory();
  }

  /** Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#subscription?.dispose();
    this.#subscription = undefined;
    const isWorthSaving = this.#parts.longLived !== true && this.#running === undefined && this.#problem === undefined;
    await this.#upkeep.close({ saveFirst: isWorthSaving });
  }

  /** Gives up what is indexed, here and on disk, of these files and folders where some are given; the next run indexes it anew. */
  async clear(paths?: readonly string[]): Promise<void> {
    this.#isClearing = true;
    await this.#running?.catch(() => undefined);
    this.#isClearing = false;
    this.#isStale = true;
    this.#pending = 0;
    this.#isOpened = true;
    this.#changed();
    await this.#upkeep.forget(async () => this.#parts.cache?.remove());
    this.#dropped.clear();
    if (paths === undefined) {
      this.#index = new CodeIndex(this.#indexParts());
      this.#lastSync = undefined;
      this.#state = undefined;
      this.#refused.clear();
      this.#leftOutByPath = [];
      this.#problem = undefined;
      this.#tell();
      return;
    }
    const files = new Map(this.#state?.files);
    for (const path of files.keys())
      if (paths.some((one) => isWithin(path, one))) {
        files.delete(path);
        this.#index.remove(path);
        this.#refused.delete(path);
      }
    if (this.#state !== undefined) this.#state = { ...this.#state, files };
    this.#tell();
  }

  /** What a person says is another now: what that leaves out goes with the next run, everything at once where the code is switched off. */
  async rulesChanged(): Promise<void> {
    this.#isStale = true;
    if (this.#parts.rules().enabled) this.#tell();
    else await this.clear();
  }

  /** Everything a question is answered from. */
  sources(): CodeSources {
    const [index, graphs] = [this.#index, this.#graphs];
    return {
      index,
      history: this.#history.commits,
      get graph() {
        return (graphs.imports ??= new ImportGraph(index));
      },
      get symbols() {
        return (graphs.symbols ??= new SymbolGraph(index));
      },
    };
  }

  /** Which of the newest commits changed some lines of an indexed file. */
  changesOf(lines: FileLines): Promise<LineHistory> {
    return this.#lines.of(this.#history.saved.head, lines, this.#history.commits.of(lines.path));
  }

  /** The text of a file as it is now; undefined where it is gone or none that is indexed. */
  async read(path: string): Promise<string | undefined> {
    return (await this.readNow(path))?.text;
  }

  /** The same with the address of its content. */
  async readNow(path: string): Promise<{ readonly text: string; readonly blob: string } | undefined> {
    const read = await readCode(this.#parts.root, path, { objectFormat: this.#state?.objectFormat ?? "sha1" });
    return "text" in read ? read : undefined;
  }

  /** Bytes of a file when it was indexed; 0 where it is not. */
  sizeOf(path: string): number {
    return this.#state?.files.get(path)?.size ?? 0;
  }

  /** The text of a file as it is indexed; undefined where it has changed or gone since. */
  async textOf({ path, blob }: IndexedFile): Promise<string | undefined> {
    const now = await this.readNow(path);
    return now?.blob === blob ? now.text : undefined;
  }

  async #bringUpOnce(): Promise<void> {
    // A run that began before may have passed what changed meanwhile.
    await this.#running?.catch(() => undefined);
    if (this.#isHeld()) return;
    this.#running ??= this.#bringUp().finally(() => {
      this.#running = undefined;
      if (this.#stateNow() !== this.#told.state || this.#generation !== this.#told.generation) this.#tell();
    });
    await this.#running;
  }

  async #bringUp(): Promise<void> {
    const { root, watcher, clock, logger } = this.#parts;
    this.#subscription ??= watcher?.subscribe(root, (paths) => this.#note(paths));
    const named = this.#isStale ? undefined : [...this.#named];
    this.#isStale = false;
    this.#named.clear();
    const before = this.#generation;
    try {
      await this.#open();
      if (named === undefined || !(await this.#takeNamed(named))) await this.#walk();
      await this.#bringUpHistory();
      this.#problem = undefined;
      if (this.#pending > 0) this.#isStale = true;
      else this.#lastSync = clock.now();
    } catch (error) {
      this.#isStale = true;
      this.#pending = 0;
      this.#problem = error instanceof Error ? error.message : String(error);
      logger.log("warn", "the code could not be indexed", { error });
      throw error;
    }
    this.#upkeep.changed(this.#generation - before);
  }

  #tell(): void {
    this.#told = { state: this.#stateNow(), generation: this.#generation };
    this.#parts.changed?.();
  }

  /** Whether nothing more may be indexed now. */
  #isHeld(): boolean {
    const { enabled, paused } = this.#parts.rules();
    return this.#isClearing || paused || !enabled;
  }

  #note(paths: readonly string[] | undefined): void {
    for (const path of paths ?? []) this.#named.add(path);
    if (paths === undefined || this.#named.size > MOST_NAMED) this.#isStale = true;
  }

  /** What was saved, once. */
  async #open(): Promise<void> {
    if (this.#isOpened) return;
    this.#isOpened = true;
    const saved = await this.#parts.cache?.open(this.#indexParts());
    if (saved === undefined) return;
    this.#index = saved.index;
    this.#state = saved.state;
    this.#refused = new Map(saved.refused);
    this.#history.restore(saved.history.head, saved.history.commits);
    this.#graphs = {};
    this.#upkeep.opened();
  }

  async #walk(): Promise<void> {
    const { root, git, rules } = this.#parts;
    const { exclude, mostFiles } = rules();
    const listing = atMost(mostFiles, await listCode(root, { git, exclude }));
    const { state, added, changed, removed } = await findChanges(root, this.#state, listing);
    for (const path of removed) this.#drop(path);
    const fresh = [...added, ...changed].map(({ path }) => path);
    this.#pending = fresh.length;
    if (fresh.length > 0) this.#tell();
    let taken = 0;
    for await (const read of this.#reader.all(fresh, state.objectFormat, () => this.#isHeld())) {
      await this.#take(read);
      taken += read.files.length + read.refused.length;
      this.#tell();
    }
    this.#pending = fresh.length - taken;
    this.#state = without(state, fresh.slice(taken));
    this.#folders = foldersOf(state.files.keys());
    this.#subscription?.cover(this.#folders);
    this.#leftOutByPath = listing.leftOut.map(({ leftOut }) => leftOut);
  }

  /** Only what the watcher named. False where a walk has to tell: what is new may be ignored, and rules may be others. */
  async #takeNamed(paths: readonly string[]): Promise<boolean> {
    const state = this.#state;
    if (state === undefined) return false;
    if (paths.some((path) => IGNORE_FILES.has(path.slice(path.lastIndexOf("/") + 1)))) return false;
    const folder = openCodeFolder(this.#parts.root);
    const known = paths.filter((path) => state.files.has(path));
    for (const path of paths) {
      const kind = folder.stat(path)?.kind;
      if (kind === undefined ? this.#folders.has(path) : kind !== "file" || !state.files.has(path)) return false;
    }
    const read = await this.#reader.read(known, state.objectFormat);
    const gone = read.refused.filter(([, reason]) => reason === "missing");
    const refused = read.refused.filter(([, reason]) => reason !== "missing");
    if (refused.some(([, reason]) => !CONTENT_REASONS.has(reason))) return false;
    const files = new Map(state.files);
    for (const [path] of gone) {
      this.#drop(path);
      files.delete(path);
    }
    for (const { path, blob, size, modifiedMs } of read.files)
      files.set(path, { ...files.get(path), path, blob, size, modifiedMs });
    await this.#take({ files: read.files, refused });
    this.#state = { ...state, files };
    return true;
  }

  async #take({ files, refused }: ReadFiles): Promise<void> {
    const { clock } = this.#parts;
    for (const [path, reason] of refused) {
      this.#drop(path);
      this.#refused.set(path, reason);
    }
    let turn = clock.monotonic();
    for (const file of files) {
      this.#drop(file.path);
      this.#index.add(file);
      this.#changed();
      if (clock.monotonic() - turn < TURN_MS) continue;
      await setImmediate();
      turn = clock.monotonic();
    }
    this.#pending = Math.max(0, this.#pending - files.length - refused.length);
  }

  #drop(path: string): void {
    this.#refused.delete(path);
    const file = this.#index.fileAt(path);
    if (file === undefined) return;
    this.#dropped.keep(file);
    this.#index.remove(path);
    this.#changed();
  }

  #changed(): void {
    this.#generation++;
    this.#version++;
    this.#graphs = {};
  }

  async #bringUpHistory(): Promise<void> {
    if (!(await this.#history.bringUp())) return;
    this.#version++;
    this.#upkeep.changed(HISTORY_WORTH);
  }

  async #save(): Promise<boolean> {
    const { cache } = this.#parts;
    const [state, generation] = [this.#state, this.#generation];
    if (cache === undefined || state === undefined || this.#running !== undefined || this.#pending > 0) return false;
    const isCurrent = (): boolean =>
      generation === this.#generation && state === this.#state && this.#running === undefined && !this.#upkeep.isClosed;
    const code = { index: this.#index, state, refused: this.#refused, history: this.#history.saved };
    return cache.write(code, this.#indexParts(), isCurrent);
  }

  #indexParts(): CodeIndexParts {
    const { createTextIndex, meaning } = this.#parts;
    return { createTextIndex, ...(meaning === undefined ? {} : { meaning }) };
  }
}
