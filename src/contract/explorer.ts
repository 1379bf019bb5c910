import type { RelateInput, RelateResult } from "./relate.ts";
import type { JudgeInput, ShareInput, ShareResult } from "./share.ts";
import type { LineageInput, LineageResult } from "./lineageReview.ts";
import type { AnalyzeInput, AnalyzeResult } from "./analyze.ts";
import type { SymbolQuery, SymbolsFound } from "./codeExplorer.ts";
import type { IndexResult, LocateInput, LocateResult } from "./codeTools.ts";
import type { ErrorShape } from "./errors.ts";
import type { ForgottenMemory, StatsResult } from "./engineApi.ts";
import type {
  BrowseQuery,
  BrowseResult,
  DuplicatePair,
  LaneGraph,
  MemoryDetail,
  MemoryRow,
  MergeInput,
  MergeResult,
  Vitals,
} from "./explore.ts";
import type { Receipt } from "./hooks.ts";
import type { Anchor } from "./memory.ts";
import type {
  BuildContextInput,
  BuildContextResult,
  ForgetInput,
  ForgetResult,
  HealthResult,
  ReviseInput,
  ReviseResult,
} from "./tools.ts";
import type { FolderState } from "./window.ts";

export const EXPLORER_VIEWS = ["memories", "lanes", "code", "context", "receipts", "review", "health"] as const;
export type ExplorerView = (typeof EXPLORER_VIEWS)[number];

/** What the explorer needs to know before it asks anything. */
export interface ExplorerState {
  readonly trust: "trusted" | "restricted";
  /** Folders of the window; more than one: the person chooses which is shown. */
  readonly folders: readonly FolderState[];
  readonly activeFolder?: string;
  /** Where HEAD of the active folder is; absent without git. */
  readonly branch?: string;
  readonly head?: string;
  /** History is being read into an empty store. */
  readonly learning?: { readonly commitsRead: number };
}

/** Every request of the explorer (webview to extension host) by name: what it takes, what it gives. Absolute paths name folders. */
export interface ExplorerRequests {
  state: { params: Record<string, never>; result: ExplorerState };
  selectFolder: { params: { readonly path: string }; result: ExplorerState };
  browse: { params: BrowseQuery; result: BrowseResult };
  browseRows: {
    params: { readonly resultId: string; readonly offset: number; readonly limit: number };
    result: readonly MemoryRow[];
  };
  detail: { params: { readonly id: string; readonly query?: string }; result: MemoryDetail };
  stats: { params: Record<string, never>; result: StatsResult };
  revise: { params: ReviseInput; result: ReviseResult };
  forget: { params: ForgetInput; result: ForgetResult };
  /** What can still be brought back, by `forget` with its id as `undo`. */
  forgotten: { params: Record<string, never>; result: readonly ForgottenMemory[] };
  merge: { params: MergeInput; result: MergeResult };
  duplicates: {
    params: { readonly similarity: number; readonly limit: number };
    result: readonly DuplicatePair[];
  };
  /** How memories stand to each other. */
  relate: { params: RelateInput; result: RelateResult };
  /** What HEAD does not inherit, and what a person says of it. */
  lineage: { params: LineageInput; result: LineageResult };
  /** What came with the repository, and what a person says of it. */
  share: { params: ShareInput | JudgeInput; result: ShareResult };
  lanes: { params: { readonly limit: number }; result: LaneGraph };
  codeStatus: { params: Record<string, never>; result: IndexResult };
  findSymbols: { params: SymbolQuery; result: SymbolsFound };
  analyze: { params: AnalyzeInput; result: AnalyzeResult };
  locate: { params: LocateInput; result: LocateResult };
  buildContext: { params: BuildContextInput; result: BuildContextResult };
  receipts: { params: { readonly limit: number }; result: readonly Receipt[] };
  vitals: { params: Record<string, never>; result: { readonly vitals: Vitals; readonly health: HealthResult } };
  /** Opens the file at the anchor's line, or finds its symbol. NOT_FOUND when the file is gone. */
  openAnchor: { params: Anchor; result: null };
  copyText: { params: { readonly text: string }; result: null };
  /** Runs one of the extension's own commands: connecting agents, trust, log, settings. */
  runCommand: { params: { readonly command: ExplorerCommand }; result: null };
}
export type ExplorerRequest = keyof ExplorerRequests;

export const EXPLORER_COMMANDS = [
  "heirloom.remember",
  "heirloom.connectClaudeCode",
  "heirloom.connectAgent",
  "heirloom.openLog",
  "heirloom.openSettings",
  "heirloom.import",
  "heirloom.export",
  "heirloom.learn",
  "heirloom.indexCode",
  "heirloom.pauseCodeIndexing",
  "heirloom.resumeCodeIndexing",
  "heirloom.clearCodeIndex",
  "heirloom.openExplorer",
  "heirloom.manageTrust",
] as const;
export type ExplorerCommand = (typeof EXPLORER_COMMANDS)[number];

/** What the extension host tells the explorer without being asked. */
export interface ExplorerNotices {
  /** Something the explorer shows may be different now. */
  changed: { readonly memories: boolean; readonly head: boolean };
  state: ExplorerState;
  /** The index of the active folder's code is in another state, or further. */
  code: IndexResult;
  /** A command asks for this view, with this text in its search or question, or this memory. */
  show: { readonly view: ExplorerView; readonly text?: string; readonly id?: string };
}
export type ExplorerNotice = keyof ExplorerNotices;

/** The one channel, both ways. `id` is counted by the webview. */
export type FromExplorer =
  | {
      [Name in ExplorerRequest]: {
        readonly type: "request";
        readonly id: number;
        readonly name: Name;
        readonly params: ExplorerRequests[Name]["params"];
      };
    }[ExplorerRequest]
  | { readonly type: "ready" };

export type ToExplorer =
  | { readonly type: "answer"; readonly id: number; readonly result: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly error: ErrorShape }
  | {
      [Name in ExplorerNotice]: {
        readonly type: "notice";
        readonly name: Name;
        readonly params: ExplorerNotices[Name];
      };
    }[ExplorerNotice];
