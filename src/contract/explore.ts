import type { RequestContext } from "./engineApi.ts";
import type { Kind, Scope } from "./kinds.ts";
import type { AnchorChange, AnchorState, Freshness } from "./freshness.ts";
import type { Anchor, Memory, MemoryView, Revision } from "./memory.ts";

export type { Freshness } from "./freshness.ts";

/** What a person narrows a list by. Values of one facet are alternatives, facets are joined; an absent or empty one asks nothing. */
export interface BrowseFacets {
  readonly kind?: readonly Kind[];
  readonly scope?: readonly Scope[];
  readonly freshness?: readonly Freshness[];
  readonly branch?: readonly string[];
  readonly agent?: readonly string[];
  /** Full ids of commits that memories belong to; the lane view asks this. */
  readonly commit?: readonly string[];
  /** Milliseconds since the epoch, both ends inclusive. */
  readonly time?: { readonly from?: number; readonly to?: number };
  readonly pinned?: true;
}
/** Those whose values are words. */
export const FACETS = [
  "kind",
  "scope",
  "freshness",
  "branch",
  "agent",
  "commit",
  "pinned",
] as const satisfies readonly (keyof BrowseFacets)[];
export type Facet = (typeof FACETS)[number];
export type BrowseOrder = "best" | "newest" | "oldest";

export interface BrowseQuery {
  /** "" lists. */
  readonly text: string;
  readonly facets: BrowseFacets;
  /** Whether the commit that is checked out inherits them. */
  readonly visibility: "visible" | "hidden" | "all";
  /** `best` of a listing is the newest; pinned ones come first in a listing. */
  readonly order: BrowseOrder;
  /** Rows to send with the answer. */
  readonly limit: number;
}

/** One line of a list: enough to draw it, small enough to send hundreds. */
export interface MemoryRow {
  readonly id: string;
  /** The title, else the first words of the text. */
  readonly title: string;
  /** At most 200 characters of one line, of the passage that matched where there is one; without what the title says, so it may be empty. */
  readonly excerpt: string;
  readonly kind: Kind;
  readonly scope: Scope;
  readonly freshness: Freshness;
  /** What changed, and since which commit where that is known. */
  readonly freshnessReason?: string;
  readonly visibility: "visible" | "hidden";
  readonly pending: boolean;
  readonly pinned: boolean;
  readonly branch?: string;
  readonly commit?: string;
  readonly agent?: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly anchors: number;
  /** 0..1 where a text was asked for. */
  readonly score?: number;
}

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

export interface BrowseResult {
  /** Names the whole result on the engine's side; it is kept until 8 newer ones or a minute without use. */
  readonly resultId: string;
  readonly total: number;
  readonly rows: readonly MemoryRow[];
  /** How many of the result have each value, most first, at most 50 a facet; each facet counted as if it asked nothing itself. */
  readonly facets: Readonly<Record<"kind" | "scope" | "freshness" | "branch" | "agent", readonly FacetCount[]>>;
  readonly tookMs: number;
}

export interface MemoryDetail {
  readonly memory: Memory;
  /** Its reasons say why the question found it; none without a question. */
  readonly view: MemoryView;
  /** What became of each anchor, in their order; empty where nobody looked. */
  readonly anchors: readonly (AnchorState & { readonly change?: AnchorChange })[];
  /** Newest first; what each revision replaced. */
  readonly history: readonly Revision[];
  /** Memories with the same anchors or much the same words, best first, at most 8. */
  readonly related: readonly (MemoryRow & { readonly why: string })[];
}

/** A commit of the lane view, newest first in topological order. */
export interface LaneCommit {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly subject: string;
  readonly author: string;
  /** Milliseconds since the epoch, of the commit. */
  readonly at: number;
  /** Branches and tags that point here. */
  readonly refs: readonly string[];
  /** Memories that belong to it. */
  readonly memories: number;
  /** Whether HEAD inherits it. */
  readonly visible: boolean;
}

export interface LaneGraph {
  readonly head?: string;
  readonly branch?: string;
  readonly commits: readonly LaneCommit[];
  /** Memories that wait for the next commit here. */
  readonly pending: number;
  /** Memories of commits that are not among `commits`. */
  readonly elsewhere: number;
  /** Whether there are older commits than these. */
  readonly more: boolean;
}

/** Two memories that say much the same and were not merged. */
export interface DuplicatePair {
  readonly a: MemoryRow & { readonly content: string };
  readonly b: MemoryRow & { readonly content: string };
  /** Jaccard similarity of the word shingles, of short texts of the words, 0..1; where only the meaning is alike, the cosine of their vectors. */
  readonly similarity: number;
  /** Absent: by words. */
  readonly by?: "meaning";
}

export interface MergeInput {
  readonly keep: string;
  readonly drop: string;
  /** Replaces the text of the one that is kept. */
  readonly content?: string;
}
export interface MergeResult {
  readonly id: string;
  readonly revision: number;
  /** Takes the merge back (`forget` with undo); what the kept one has been revised to since stays. */
  readonly undoToken: string;
}

/** Latencies of one operation in one minute. */
export interface LatencySample {
  /** Milliseconds since the epoch, of the minute's beginning. */
  readonly at: number;
  readonly count: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface Vitals {
  /** By operation (retrieve, capture, buildContext, …): the last hour, oldest first, minutes without calls left out. */
  readonly latencies: Readonly<Record<string, readonly LatencySample[]>>;
  readonly stores: readonly {
    readonly name: "workspace" | "user";
    readonly memories: number;
    readonly journalBytes: number;
    readonly snapshotBytes: number;
    readonly indexedTerms: number;
    readonly indexBytes: number;
    readonly role: "owner" | "follower" | "reader";
  }[];
  /** Of the whole process. */
  readonly memoryBytes: number;
}

/** What has changed since the last call of a listener. */
export interface EngineChange {
  /** Some store holds something else, or the code that memories speak of is another. */
  readonly memories: boolean;
  /** HEAD of a work tree moved, or its branch. */
  readonly head: boolean;
}

/** What the explorer asks an engine beside EngineApi. Every method may throw a `HeirloomError`. */
export interface ExploreApi {
  /** The whole result of a question with its facets; `best`, `newest` and `oldest` at 100,000 memories. INVALID_INPUT, QUERY_TIMEOUT. */
  browse(query: BrowseQuery, context: RequestContext): Promise<BrowseResult>;
  /** Some rows of a result; memories that were forgotten meanwhile are left out. NOT_FOUND when the result is not kept any more. */
  browseRows(
    window: { readonly resultId: string; readonly offset: number; readonly limit: number },
    context: RequestContext,
  ): Promise<readonly MemoryRow[]>;
  /** `query` is the text whose search led there. NOT_FOUND. */
  detail(id: string, context: RequestContext, query?: string): Promise<MemoryDetail>;
  lanes(window: { readonly limit: number }, context: RequestContext): Promise<LaneGraph>;
  /**
   * Pairs at or above the `similarity`, most alike first, at most `limit`; with a model also those that only mean the same, as far as the settings
   * say so for their kinds.
   */
  duplicates(
    options: { readonly similarity: number; readonly limit: number },
    context: RequestContext,
  ): Promise<readonly DuplicatePair[]>;
  /** NOT_FOUND, INVALID_INPUT when they are of different stores, STORAGE_FULL, OWNER_UNREACHABLE. */
  merge(input: MergeInput, context: RequestContext): Promise<MergeResult>;
  /** Memories whose anchors are in a file (path relative to the workspace root, forward slashes), visible ones only. */
  anchoredIn(
    path: string,
    context: RequestContext,
  ): Promise<readonly (MemoryRow & { readonly in: readonly Anchor[] })[]>;
  vitals(context: RequestContext): Promise<Vitals>;
  /** Calls `listener` after something changed, at most ten times a second; the returned function ends it. */
  onChange(listener: (change: EngineChange) => void): () => void;
  /** Says that HEAD of the folder may have moved, where somebody watches git better than the engine does. */
  headMoved(workspace: string): void;
}
