import type { AnalyzeInput, AnalyzeResult, ChunkInput, ChunkResult } from "./analyze.ts";
import type {
  IndexInput,
  IndexResult,
  LocateInput,
  LocateResult,
  SearchCodeInput,
  SearchCodeResult,
} from "./codeTools.ts";
import type { DocumentInput, DocumentResult } from "./document.ts";
import type { RelateInput, RelateResult } from "./relate.ts";
import type { LineageInput, LineageResult } from "./lineageReview.ts";
import type { GrepInput, GrepResult } from "./grep.ts";
import type { Kind } from "./kinds.ts";
import type { ShareRequest, ShareResult } from "./share.ts";
import type { ProjectStatsInput, ProjectStatsResult } from "./projectStats.ts";
import type { Memory, MemoryView } from "./memory.ts";
import type { PacksInput, PacksResult } from "./packs.ts";
import type { UpsertInput, UpsertResult } from "./upsert.ts";
import type {
  BuildContextInput,
  BuildContextResult,
  CaptureInput,
  CaptureResult,
  FeedbackInput,
  FeedbackResult,
  ForgetInput,
  ForgetResult,
  GitStateResult,
  HealthResult,
  ProgressiveInput,
  RetrieveInput,
  RetrieveResult,
  ReviseInput,
  ReviseResult,
} from "./tools.ts";

/** Who asks, and from where. HEAD belongs to the request, so the workspace does too. */
export interface RequestContext {
  /** Absolute path of the folder that the caller works in; absent: the one that the engine was opened for. */
  readonly workspace?: string;
  /** The MCP session or connection, for provenance when the input names no sessionId. */
  readonly sessionId?: string;
  /** Name of the client program. */
  readonly agent?: string;
  readonly requestId?: string;
  /** Shared by a request and its repetition only, which must not do again what the first has done although nobody heard its answer. */
  readonly onceKey?: string;
  readonly signal?: AbortSignal;
}

/** Counts and sizes of the stores behind one engine. */
export interface StatsResult {
  readonly workspaceId: string;
  readonly workspace: string;
  readonly stores: readonly StoreStats[];
  readonly byKind: Readonly<Record<string, number>>;
  readonly byScope: Readonly<Record<string, number>>;
  readonly visible: number;
  readonly hidden: number;
  readonly pending: number;
}

export interface StoreStats {
  readonly name: "workspace" | "user";
  /** `reader`: nobody can write the store now, the disk is full or the folder refused. */
  readonly role: "owner" | "follower" | "reader";
  readonly epoch: number;
  readonly folder: string;
  readonly memories: number;
  readonly journalBytes: number;
  readonly snapshotBytes: number;
  readonly indexedTerms: number;
  /** Mean of |ln(estimated/actual rows)| over the plans of this process; 0 is exact. */
  readonly planEstimateError: number;
}

/** A memory that was forgotten and can still be brought back. */
export interface ForgottenMemory {
  readonly id: string;
  /** Title, excerpt and kind as a list shows them. */
  readonly title: string;
  readonly excerpt: string;
  readonly kind: Kind;
  /** Milliseconds since the epoch. */
  readonly forgottenAt: number;
  /** Its text is removed from the disk after this, in milliseconds since the epoch. */
  readonly keptUntil: number;
}

/** One line of an import that was not taken. Lines are 1-based. */
export interface ImportProblem {
  readonly line: number;
  readonly message: string;
}

export interface ImportResult {
  readonly read: number;
  readonly created: number;
  readonly merged: number;
  readonly duplicates: number;
  readonly redactions: number;
  readonly problems: readonly ImportProblem[];
}

export interface ImportOptions {
  readonly dedupe: "none" | "skip" | "merge";
  /** The same lines sent again with the same key are not stored again, whatever `dedupe` says. */
  readonly onceKey?: string;
  readonly onProgress?: (linesRead: number) => void;
}

export interface LearnOptions {
  /** The newest so many commits; default 5,000. */
  readonly mostCommits?: number;
  /** Leaves out documents that differ from HEAD: nobody said yet that they are done. */
  readonly committedOnly?: boolean;
  /** Also what was learned before and then forgotten. */
  readonly evenForgotten?: boolean;
  readonly onProgress?: (commitsRead: number) => void;
}

/** What a workspace's history and documents gave. `known` was there before; `refused` could not be admitted, `forgotten` is left out because somebody forgot it. */
export interface LearnResult {
  readonly commits: {
    readonly read: number;
    readonly created: number;
    readonly merged: number;
    readonly known: number;
    readonly refused: number;
    readonly forgotten: number;
  };
  /** Changes that the history took back: how many it tells of, and how many of them were not known. Absent where `negativeMemory` is off. */
  readonly reverts?: { readonly found: number; readonly created: number };
  readonly documents: {
    readonly sections: number;
    readonly created: number;
    readonly merged: number;
    readonly known: number;
    readonly refused: number;
    readonly forgotten: number;
    readonly revised: number;
    readonly skipped: readonly { readonly path: string; readonly why: string }[];
  };
  /** Memories that the repository carries as files, where there are such: taken in because it is trusted, waiting for a person, and no memories. */
  readonly shared?: { readonly accepted: number; readonly pending: number; readonly problems: number };
}

/** What `doctor` found in one place, and what to do about it. */
export interface Finding {
  readonly component: string;
  readonly status: "ok" | "warning" | "error";
  readonly message: string;
  readonly remedy?: string;
}

/** The engine as its servers, the CLI and the explorer see it. Every method may throw a `HeirloomError` with the codes it names. */
export interface EngineApi {
  /** INVALID_INPUT, PAYLOAD_TOO_LARGE, STORAGE_FULL, OWNER_UNREACHABLE, FORBIDDEN_PATH. Resolves when the memory is durable. */
  capture(input: CaptureInput, context: RequestContext): Promise<CaptureResult>;
  /** INVALID_INPUT, QUERY_TIMEOUT. */
  retrieve(input: RetrieveInput, context: RequestContext): Promise<RetrieveResult>;
  /** INVALID_INPUT, QUERY_TIMEOUT. */
  buildContext(input: BuildContextInput, context: RequestContext): Promise<BuildContextResult>;
  /** The same led by files that are named. INVALID_INPUT, NOT_FOUND for a pack, QUERY_TIMEOUT. */
  contextProgressive(input: ProgressiveInput, context: RequestContext): Promise<BuildContextResult>;
  /** The named scopes of the work tree. INVALID_INPUT, NOT_FOUND, FORBIDDEN_PATH. */
  packs(input: PacksInput, context: RequestContext): Promise<PacksResult>;
  /** INVALID_INPUT, NOT_FOUND, PAYLOAD_TOO_LARGE, STORAGE_FULL, OWNER_UNREACHABLE. */
  /** INVALID_INPUT, NOT_FOUND with the unknown ids: then nothing is recorded. */
  feedback(input: FeedbackInput, context: RequestContext): Promise<FeedbackResult>;
  revise(input: ReviseInput, context: RequestContext): Promise<ReviseResult>;
  /** INVALID_INPUT, NOT_FOUND, STORAGE_FULL, OWNER_UNREACHABLE. */
  forget(input: ForgetInput, context: RequestContext): Promise<ForgetResult>;
  /** At most `limit` memories that can be brought back, those forgotten last first. */
  forgotten(limit: number, context: RequestContext): Promise<readonly ForgottenMemory[]>;
  gitState(context: RequestContext): Promise<GitStateResult>;
  health(detailed: boolean, context: RequestContext): Promise<HealthResult>;
  stats(context: RequestContext): Promise<StatsResult>;
  /** The whole memory, visible or not. NOT_FOUND. */
  get(id: string, context: RequestContext): Promise<{ readonly memory: Memory; readonly view: MemoryView }>;
  /**
   * Stores items, each into a memory that says much the same where there is one. What is wrong with one item stands in its report and stops none
   * of the others; `forget` with the undo token takes all of it back. INVALID_INPUT, STORAGE_FULL, OWNER_UNREACHABLE.
   */
  upsert(input: UpsertInput, context: RequestContext): Promise<UpsertResult>;
  /**
   * A document of several parts in order. Its id is `document:` and the path for a file of the workspace, whose sections are a memory each, else
   * that of the one memory; neither changes when the text does. INVALID_INPUT, NOT_FOUND.
   */
  document(input: DocumentInput, context: RequestContext): Promise<DocumentResult>;
  /** How two memories stand to each other, and which may be opposed. INVALID_INPUT, NOT_FOUND. */
  relate(input: RelateInput, context: RequestContext): Promise<RelateResult>;
  /** What HEAD does not inherit, and what a person says of it. INVALID_INPUT, NOT_FOUND. */
  lineage(input: LineageInput, context: RequestContext): Promise<LineageResult>;
  /** Memories that the repository carries as files. INVALID_INPUT, NOT_FOUND, FORBIDDEN_PATH. */
  share(request: ShareRequest, context: RequestContext): Promise<ShareResult>;
  /** The files of the work tree that a question is about, as it is now. INVALID_INPUT. */
  locate(input: LocateInput, context: RequestContext): Promise<LocateResult>;
  /** Passages of its code that answer a question. INVALID_INPUT. */
  searchCode(input: SearchCodeInput, context: RequestContext): Promise<SearchCodeResult>;
  /** Lines of its code that match a regular expression. INVALID_INPUT. */
  grep(input: GrepInput, context: RequestContext): Promise<GrepResult>;
  /** What there is in the work tree: languages, symbols, the largest and busiest files, manifests, what is remembered of it. */
  projectStats(input: ProjectStatsInput, context: RequestContext): Promise<ProjectStatsResult>;
  /** What the code, its history and memories say of a symbol or a file. FORBIDDEN_PATH; NOT_FOUND with the nearest names. */
  analyze(input: AnalyzeInput, context: RequestContext): Promise<AnalyzeResult>;
  /** Lines of the code as they are now, with what they stand in. INVALID_INPUT, FORBIDDEN_PATH, NOT_FOUND. */
  codeChunk(input: ChunkInput, context: RequestContext): Promise<ChunkResult>;
  indexControl(input: IndexInput, context: RequestContext): Promise<IndexResult>;
  /** Lines of the import format, bad ones reported and the good ones kept. STORAGE_FULL, OWNER_UNREACHABLE. */
  importLines(lines: AsyncIterable<string>, options: ImportOptions, context: RequestContext): Promise<ImportResult>;
  /** Remembers the workspace's own history and documents; what is known already is not stored twice. */
  learn(options: LearnOptions, context: RequestContext): Promise<LearnResult>;
  /** Checks everything that can be checked; with `rebuild` the projection and indexes are made anew from the journal first. */
  inspect(context: RequestContext): Promise<readonly Finding[]>;
  /** Every living memory of the workspace's store and then of the user's, oldest first, as lines of the import format. */
  exportLines(context: RequestContext): AsyncIterable<string>;
  close(): Promise<void>;
}
