import type { CodeExplorerApi } from "./codeExplorer.ts";
import type { CodeRules } from "./codeRules.ts";
import type { IndexResult } from "./codeTools.ts";
import type { EngineApi, ImportResult, LearnResult } from "./engineApi.ts";
import type { EngineChange, ExploreApi } from "./explore.ts";
import type { HookApi } from "./hooks.ts";
import type { Settings } from "./settings.ts";

/** A folder of the window that is opened, as VS Code names it. */
export interface WindowFolder {
  /** Absolute path. */
  readonly path: string;
  readonly name: string;
  /** What a person says of its code; given by a window that also tells what changes in the folder. */
  readonly code?: CodeRules;
}

export interface WindowOptions {
  readonly dataFolder: string;
  readonly folders: readonly WindowFolder[];
  /** Folder that requests are about which name none, e.g. those of agents over MCP. */
  readonly activeFolder?: string;
  /** Settings that the window sets itself; the others are those of `settings.json` in the data folder. */
  readonly settings: Partial<Settings>;
  /** Path of git as VS Code found it. */
  readonly gitPath?: string;
  /** Path of the ripgrep that VS Code has with it. */
  readonly ripgrepPath?: string;
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

/** How one folder's engine is. Folders of one repository share an engine, and each has its own HEAD. */
export interface FolderState {
  readonly path: string;
  readonly name: string;
  readonly state: "opening" | "open" | "failed";
  /** Of the HeirloomError that opening it failed with. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** The calls of an engine that cross threads: all but those that stream, take functions or end it. */
type Crossing<Api, Left extends keyof Api> = Omit<Api, Left>;
export type FolderCalls = Crossing<EngineApi, "importLines" | "exportLines" | "learn" | "close"> &
  Crossing<ExploreApi, "onChange" | "headMoved"> &
  CodeExplorerApi &
  HookApi;

/** Long work can be given up: what it has stored until then stays. */
export interface LongRun {
  readonly signal?: AbortSignal;
}

/**
 * What the engine worker does for the extension host. Every method is asynchronous and may throw a `HeirloomError`; an AbortSignal in a
 * RequestContext or LongRun is carried over, and the call then fails with the signal's reason. `context.workspace` says which folder is
 * asked, or a folder inside one; absent: the active one, else the first. Calls wait while the folder's store is being opened, and fail with
 * the code of its problem when that failed; opening is then tried again, not more often than every two seconds. OWNER_UNREACHABLE when the
 * worker has ended.
 */
export interface WindowApi extends FolderCalls {
  /**
   * Starts the endpoint and opens the folders' stores in the background. Resolves when the endpoint listens. INVALID_INPUT when there is such
   * a window already, for settings that are none, and for a data folder that cannot be.
   */
  openWindow(options: WindowOptions): Promise<{ readonly url: string; readonly token: string }>;
  /** Opens folders that are new, closes those that are gone. Resolves when all are open or failed. */
  setFolders(folders: readonly WindowFolder[]): Promise<readonly FolderState[]>;
  /** INVALID_INPUT when it is none of the window's folders. */
  setActiveFolder(path: string | undefined): Promise<void>;
  /** The least that `log` events are told of from now on. */
  setLogLevel(level: WindowOptions["logLevel"]): Promise<void>;
  /** Resolves when every folder is open or has failed. */
  folders(): Promise<readonly FolderState[]>;
  /** Git of this folder moved: HEAD, branch or repository. */
  headMoved(path: string): Promise<void>;
  /** What a person says of the folder's code is another now. INVALID_INPUT when it is none of the window's folders. */
  setCodeRules(path: string, rules: CodeRules): Promise<void>;
  /** Files or folders below this folder may have changed: relative paths with forward slashes, or undefined for anything. */
  codeChanged(path: string, changed: readonly string[] | undefined): Promise<void>;
  /**
   * The text of a file of this folder as an editor has it and nobody saved it: anchors are compared with it from now on, and read from it. Undefined: it is
   * saved or given up, and the file holds. `file` is relative to the folder, with forward slashes. INVALID_INPUT when the folder is none of the window's,
   * or the file is not in it.
   */
  setDraft(path: string, file: string, text: string | undefined): Promise<void>;
  /** Remembers the folder's history and documents, with `learning` events on the way. */
  learn(path: string, run?: LongRun): Promise<LearnResult>;
  /** Remembers what of HEAD's newest 200 commits and its committed documents is not known yet: cheap, and without events. */
  learnNew(path: string): Promise<LearnResult>;
  /** Writes the folder's memories and the user's to a file, whole or not at all, with `progress` events on the way. */
  exportTo(path: string, file: string, run?: LongRun): Promise<{ readonly memories: number }>;
  /** Near-duplicates are merged; bad lines are reported and the good ones kept. With `progress` events on the way. */
  importFrom(path: string, file: string, run?: LongRun): Promise<ImportResult>;
  /** Makes projection and indexes anew from the journal. Calls wait meanwhile. */
  reindex(path: string): Promise<void>;
  /** Gives up long work, flushes and closes all stores, within two seconds; the worker may be ended afterwards. */
  closeWindow(): Promise<void>;
}

/** What the worker tells without being asked. `path` is a folder's, as VS Code names it. */
export type WindowEvents = {
  readonly changed: EngineChange & { readonly path: string };
  readonly folder: FolderState;
  readonly learning: { readonly path: string; readonly commitsRead: number };
  /** `lines` that an import has read, or an export has written, so far. */
  readonly progress: { readonly path: string; readonly task: "import" | "export"; readonly lines: number };
  /** The index of the folder's code is in another state, or further. */
  readonly code: { readonly path: string; readonly status: IndexResult };
  readonly log: {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly message: string;
    readonly fields?: Readonly<Record<string, unknown>>;
  };
};
