import { setImmediate } from "node:timers/promises";
import type { ParseApi } from "../../contract/code.ts";
import type { CodeRules } from "../../contract/codeRules.ts";
import type { IndexResult } from "../../contract/codeTools.ts";
import type { Clock, CodeSubscription, CodeWatcher, GitRunner, Logger } from "../ports.ts";
import type { TextIndex } from "../seams.ts";
import { CodeIndex, type CodeMeaning, type FileToIndex, type IndexedFile } from "./codeIndex.ts";
import { CodeHistory } from "./history/codeHistory.ts";
import { readHistory } from "./history/readHistory.ts";
import { ImportGraph } from "./importGraph.ts";
import type { CodeSources } from "./locate/signals.ts";
import type { CodeListing, LeftOutReason } from "./walk/codeListing.ts";
import { type CodeState, findChanges } from "./walk/findChanges.ts";
import { listCode } from "./walk/listCode.ts";
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
  readonly createTextIndex: () => TextIndex;
  readonly meaning?: CodeMeaning;
  readonly rules: () => CodeRules;
  /** Called when `status` says something else. */
  readonly changed?: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface PreparedFiles {
  readonly files: readonly FileToIndex[];
  /** What its content, or trying to read it, keeps out of the index. */
  readonly refused: readonly (readonly [path: string, reason: LeftOutReason])[];
}

/** Files that are read and parsed together. */
const BATCH = 64;
/** Milliseconds after which whoever else waits has a turn. */
const TURN_MS = 8;

/** Keeps the index of one work tree: what differs is read, parsed and indexed; one run at a time. */
export class CodeService {
  readonly #parts: CodeServiceParts;
  #index: CodeIndex;
  #history: { readonly head: string | undefined; readonly commits: CodeHistory };
  #graph: ImportGraph | undefined;
  #running: Promise<void> | undefined;
  #subscription: CodeSubscription | undefined;
  /** Something may have changed since the last walk began. */
  #isStale = true;
  #isClearing = false;
  #pending = 0;
  #lastSync: number | undefined;
  #state: CodeState | undefined;
  /** By path: what its content told, or reading it. What its path told is told by every walk. */
  readonly #refused = new Map<string, LeftOutReason>();
  #leftOut: Readonly<Record<string, number>> = {};
  #problem: string | undefined;
  #version = 0;

  constructor(parts: CodeServiceParts) {
    this.#parts = parts;
    this.#index = this.#emptyIndex();
    this.#history = this.#historyOf(undefined, []);
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
      leftOut: this.#leftOut,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  #stateNow(): IndexResult["state"] {
    const { enabled, paused } = this.#parts.rules();
    if (!enabled) return "off";
    if (paused) return "paused";
    if (this.#running !== undefined) return "indexing";
    if (this.#problem !== undefined) return "failed";
    return this.#lastSync === undefined ? "empty" : "ready";
  }

  /**
   * Resolves when the index is that of the work tree as it was when this was called, or later; at once where a person paused indexing or
   * switched it off, and before the end where somebody does so meanwhile. Throws what listing the files threw.
   */
  async sync(): Promise<void> {
    // A run that began before may have passed what changed meanwhile.
    await this.#running?.catch(() => undefined);
    if (this.#isHeld()) return;
    this.#running ??= this.#bringUp().finally(() => {
      this.#running = undefined;
      this.#parts.changed?.();
    });
    await this.#running;
  }

  /** The same where something may have changed since; at once where the watcher knows that nothing did. */
  async follow(): Promise<void> {
    if (this.#isHeld()) return;
    const isCurrent = !this.#isStale && this.#running === undefined && this.#subscription?.isWatching() === true;
    if (!isCurrent) await this.sync();
    else await this.#bringUpHistory();
  }

  close(): void {
    this.#subscription?.dispose();
    this.#subscription = undefined;
  }

  /** Gives up what is indexed, of these files and folders where some are given; the next run indexes it anew. */
  async clear(paths?: readonly string[]): Promise<void> {
    this.#isClearing = true;
    await this.#running?.catch(() => undefined);
    this.#isClearing = false;
    this.#isStale = true;
    this.#pending = 0;
    this.#graph = undefined;
    this.#version++;
    if (paths === undefined) {
      this.#index = this.#emptyIndex();
      this.#lastSync = undefined;
      this.#state = undefined;
      this.#refused.clear();
      this.#leftOut = {};
      this.#problem = undefined;
      this.#parts.changed?.();
      return;
    }
    const files = new Map(this.#state?.files);
    for (const path of files.keys())
      if (paths.some((one) => isWithin(path, one))) {
        files.delete(path);
        this.#drop(path);
      }
    if (this.#state !== undefined) this.#state = { ...this.#state, files };
    this.#parts.changed?.();
  }

  /** What a person says is another now: what that leaves out goes with the next run, everything at once where the code is switched off. */
  async rulesChanged(): Promise<void> {
    this.#isStale = true;
    if (this.#parts.rules().enabled) this.#parts.changed?.();
    else await this.clear();
  }

  /** Everything a question is answered from. */
  sources(): CodeSources {
    this.#graph ??= new ImportGraph(this.#index.files());
    return { index: this.#index, history: this.#history.commits, graph: this.#graph };
  }

  /** The text of a file as it is now; undefined where it is gone or none that is indexed. */
  async read(path: string): Promise<string | undefined> {
    const read = await readCode(this.#parts.root, path, { objectFormat: this.#state?.objectFormat ?? "sha1" });
    return "text" in read ? read.text : undefined;
  }

  /** Bytes of a file when it was indexed; 0 where it is not. */
  sizeOf(path: string): number {
    return this.#state?.files.get(path)?.size ?? 0;
  }

  /** The text of a file as it is indexed; undefined where it has changed or gone since. */
  async textOf({ path, blob }: IndexedFile): Promise<string | undefined> {
    const read = await readCode(this.#parts.root, path, { objectFormat: this.#state?.objectFormat ?? "sha1" });
    return "text" in read && read.blob === blob ? read.text : undefined;
  }

  async #bringUp(): Promise<void> {
    const { root, git, watcher, clock, logger } = this.#parts;
    this.#subscription ??= watcher?.subscribe(root, () => (this.#isStale = true));
    this.#isStale = false;
    try {
      const { exclude, mostFiles } = this.#parts.rules();
      const listing = atMost(mostFiles, await listCode(root, { git, exclude }));
      const { state, added, changed, removed } = await findChanges(root, this.#state, listing);
      for (const path of removed) this.#drop(path);
      const fresh = [...added, ...changed].map(({ path }) => path);
      if (removed.length + fresh.length > 0) this.#graph = undefined;
      this.#pending = fresh.length;
      if (fresh.length > 0) this.#parts.changed?.();
      const taken = await this.#takeAll(fresh, state);
      this.#state = without(state, fresh.slice(taken));
      this.#subscription?.cover(foldersOf(state.files.keys()));
      this.#leftOut = countsOf([...listing.leftOut.map(({ leftOut }) => leftOut), ...this.#refused.values()]);
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
  }

  /** Whether nothing more may be indexed now. */
  #isHeld(): boolean {
    const { enabled, paused } = this.#parts.rules();
    return this.#isClearing || paused || !enabled;
  }

  /** The next files are read and parsed while these are indexed. Tells how many were taken before it was held. */
  async #takeAll(paths: readonly string[], state: CodeState): Promise<number> {
    const prepare = (at: number): Promise<PreparedFiles> => {
      const prepared = this.#prepare(paths.slice(at, at + BATCH), state);
      // Nobody waits for it where indexing the ones before throws, or is held.
      prepared.catch(() => undefined);
      return prepared;
    };
    let taken = 0;
    let next = prepare(taken);
    for (; taken < paths.length && !this.#isHeld(); taken += BATCH) {
      const prepared = await next;
      next = prepare(taken + BATCH);
      await this.#take(prepared);
      this.#parts.changed?.();
    }
    return taken;
  }

  async #prepare(paths: readonly string[], { objectFormat }: CodeState): Promise<PreparedFiles> {
    const { root, parser } = this.#parts;
    const reads = await Promise.all(paths.map((path) => readCode(root, path, { objectFormat })));
    const texts: { readonly path: string; readonly text: string; readonly blob: string }[] = [];
    const refused: PreparedFiles["refused"] = paths.flatMap((path, at) => {
      const read = reads[at];
      if (read === undefined) return [];
      if ("leftOut" in read) return [[path, read.leftOut] as const];
      texts.push({ path, text: read.text, blob: read.blob });
      return [];
    });
    const parsed = await parser.parse(texts.map(({ path, text }) => ({ path, text })));
    const files = texts.flatMap((file, at) => {
      const one = parsed[at];
      return one === undefined ? [] : [{ ...file, parsed: one }];
    });
    return { files, refused };
  }

  async #take({ files, refused }: PreparedFiles): Promise<void> {
    const { clock } = this.#parts;
    for (const [path, reason] of refused) {
      this.#drop(path);
      this.#refused.set(path, reason);
    }
    let turn = clock.monotonic();
    for (const file of files) {
      this.#index.add(file);
      this.#refused.delete(file.path);
      if (clock.monotonic() - turn < TURN_MS) continue;
      await setImmediate();
      turn = clock.monotonic();
    }
    this.#pending -= files.length + refused.length;
    this.#graph = undefined;
    this.#version++;
  }

  #drop(path: string): void {
    this.#version++;
    this.#index.remove(path);
    this.#refused.delete(path);
  }

  async #bringUpHistory(): Promise<void> {
    const { git, root, head, logger } = this.#parts;
    const now = await head();
    if (now === this.#history.head) return;
    try {
      this.#history = this.#historyOf(now, now === undefined ? [] : await readHistory(git, root));
    } catch (error) {
      // Files are found without what commits say of them.
      logger.log("warn", "the history of the code could not be read", { error });
      this.#history = this.#historyOf(now, []);
    }
    this.#version++;
  }

  #historyOf(
    head: string | undefined,
    commits: ConstructorParameters<typeof CodeHistory>[0],
  ): { readonly head: string | undefined; readonly commits: CodeHistory } {
    return { head, commits: new CodeHistory(commits, this.#parts.createTextIndex()) };
  }

  #emptyIndex(): CodeIndex {
    const { createTextIndex, meaning } = this.#parts;
    return new CodeIndex({ createTextIndex, ...(meaning === undefined ? {} : { meaning }) });
  }
}

function atMost(count: number, listing: CodeListing): CodeListing {
  if (listing.files.length <= count) return listing;
  const inOrder = [...listing.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const more = inOrder.slice(count).map(({ path }) => ({ path, leftOut: "too many files" as const }));
  return { ...listing, files: inOrder.slice(0, count), leftOut: [...listing.leftOut, ...more] };
}

/** A state in which these files are still to be found new. */
function without(state: CodeState, paths: readonly string[]): CodeState {
  if (paths.length === 0) return state;
  const files = new Map(state.files);
  for (const path of paths) files.delete(path);
  return { ...state, files };
}

/** Every folder that holds one of these files, and those above it. */
function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set([""]);
  for (const path of paths)
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}

/** Whether a path is the other one, or in that folder; "." is the root. */
function isWithin(path: string, folder: string): boolean {
  const plain = folder.replace(/^\.\/|\/+$/gu, "");
  return plain === "" || plain === "." || path === plain || path.startsWith(`${plain}/`);
}

function countsOf(reasons: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
