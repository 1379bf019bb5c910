/**
 * What the steps of the engine are to one another. A step folder imports these shapes, contract/ and ports.ts, never another step;
 * engine.ts alone constructs them, remember.ts and recall.ts lead the data through.
 */
import type { EmbeddingPurpose } from "../contract/compute.ts";
import type { CommitFacts, CommitMapping, JournalEvent, RecordedEvent } from "../contract/events.ts";
import type { RankingExample, ShownResult } from "../contract/ranking.ts";
import type { Facet, LaneCommit } from "../contract/explore.ts";
import type { Condition, FieldCondition } from "../contract/filter.ts";
import type { Freshness, MemoryFreshness } from "../contract/freshness.ts";
import type { JsonObject } from "../contract/json.ts";
import type { Kind, Scope } from "../contract/kinds.ts";
import type { Anchor, Memory, Part } from "../contract/memory.ts";
import type { Candidate } from "../contract/peer.ts";
import type { RowSet } from "../contract/rowSet.ts";
import type { SharedVerdict } from "../contract/share.ts";
import type { Use } from "../contract/use.ts";
import type { GitStateResult } from "../contract/tools.ts";

// capture -> admit

declare const admittedBrand: unique symbol;
/** A candidate that passed admission: valid, normalised, screened, measured. Only admit/ makes one. */
export interface Admitted {
  readonly [admittedBrand]: true;
  readonly content: string;
  readonly eventType: string;
  readonly kind: Kind;
  readonly scope: Scope;
  readonly title?: string;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly anchors: readonly Anchor[];
  readonly ttlSeconds?: number;
  readonly tokens: number;
  readonly parts: readonly Part[];
  readonly flags: Memory["flags"];
  readonly signature: string;
  readonly redactions: number;
}

/** What is known of the place that a candidate comes from. */
export interface AdmissionPlace {
  /** Absolute workspace root: anchors must stay inside it, and the .env files in it are read for secret values. */
  readonly workspace: string;
}

export interface Admission {
  /** INVALID_INPUT with `details.fields`, PAYLOAD_TOO_LARGE, FORBIDDEN_PATH; INVALID_INPUT for a secret when settings refuse it. */
  admit(candidate: Candidate, place: AdmissionPlace): Promise<Admitted>;
  /** As `admit`, for many at once: screening is shared between them. A bad one gives its error in its place. */
  admitMany(candidates: readonly Candidate[], place: AdmissionPlace): Promise<readonly (Admitted | Error)[]>;
  /** Each text without the secrets in it, for what is written elsewhere than into a memory. */
  redact(texts: readonly string[], place: AdmissionPlace): Promise<readonly string[]>;
}

export interface Duplicate {
  readonly row: number;
  /** Jaccard similarity of the shingles, 0..1; 1 for the same text. */
  readonly similarity: number;
  readonly exact: boolean;
}

/** Finds near-duplicates among the rows that were added, by MinHash bands and then an exact comparison. */
export interface DuplicateIndex {
  add(row: number, signature: string): void;
  remove(row: number): void;
  /** The most similar row that `eligible` accepts, at or above the threshold. `textOf` gives the content of a row. */
  find(
    text: { readonly content: string; readonly signature: string },
    textOf: (row: number) => string,
    eligible: (row: number) => boolean,
  ): Duplicate | undefined;
}

// admit -> journal

/** Where a reader of the journal stands. */
export interface JournalCursor {
  readonly generation: number;
  /** File name of the segment, and the offset in it after the last frame that was read. */
  readonly segment: string;
  readonly offset: number;
  readonly seq: number;
}

/** Something in the journal that could not be read as written. Nothing of it is dropped silently: the bytes are in `quarantine`. */
export interface JournalDamage {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly what: "torn-tail" | "bad-frame" | "missing-file" | "unreadable-header" | "foreign-epoch";
  readonly quarantine?: string;
}

export interface JournalRead {
  readonly events: readonly RecordedEvent[];
  readonly cursor: JournalCursor;
  /** The cursor that was given is older than what the journal still holds: drop all state; `events` start from the snapshot. */
  readonly reset: boolean;
  readonly damage: readonly JournalDamage[];
}

/** Reads a store's journal; any number of processes may. */
export interface Journal {
  /** Everything after `cursor`, or from the newest valid snapshot. UNSUPPORTED_VERSION, STORE_CORRUPT. Writes nothing. */
  read(cursor?: JournalCursor): Promise<JournalRead>;
  /**
   * For `doctor --rebuild` when read() is STORE_CORRUPT: every event that can still be read, in order of `seq`. Write them down with
   * startWriting(epoch, cursor) and then compact(). Writes nothing. UNSUPPORTED_VERSION.
   */
  salvage(): Promise<JournalRead>;
  /** Synchronous and cheap (a stat or two): whether anything may have been written after `cursor`. */
  moved(cursor: JournalCursor): boolean;
  /** Checks every frame of every kept generation. */
  verify(): Promise<readonly JournalDamage[]>;
  sizes(): Promise<{ readonly journalBytes: number; readonly snapshotBytes: number; readonly segments: number }>;
  /**
   * Recovers (cuts a torn tail, quarantines the bad frames that were read) and starts this epoch's segment. Only the owner of the store may
   * call it, after a read() that gave `after`; INTERNAL when there is more to read after it, OWNER_UNREACHABLE when a newer epoch has written.
   */
  startWriting(epoch: number, after: JournalCursor): Promise<JournalWriter>;
}

export interface JournalWriter {
  readonly cursor: JournalCursor;
  /** What recovery cut off or put aside when writing started. */
  readonly recovered: readonly JournalDamage[];
  /**
   * Appends all or nothing and resolves, with their sequence numbers, when they are durable; calls that overlap share one fsync, and resolve
   * in the order of their sequence numbers. STORAGE_FULL (disk or `maxStoreBytes`), OWNER_UNREACHABLE when the fence says that a newer epoch exists.
   */
  append(events: readonly JournalEvent[]): Promise<readonly RecordedEvent[]>;
  /**
   * Writes a snapshot of `state` (the living state at `cursor.seq`) and starts a new generation. Appends wait meanwhile. `purge` also
   * removes every older generation once the new snapshot has been read back; otherwise the one before is kept.
   */
  compact(state: () => Iterable<RecordedEvent>, options: { readonly purge: boolean }): Promise<void>;
  close(): Promise<void>;
}

// journal -> store

/** What an application of events changed, for the indexes that follow the projection. */
export interface ProjectionDelta {
  readonly added: readonly { readonly row: number; readonly memory: Memory }[];
  readonly changed: readonly { readonly row: number; readonly memory: Memory }[];
  readonly removed: readonly number[];
}

/** Columns of a store by row, for a pass over all of them. Views: not to be changed, and not to be kept beyond the next change. */
export interface RowColumns {
  /** Codes of words, 0 for none. Rows past the end have none. */
  facet(facet: Facet): Uint32Array;
  readonly timestamps: Float64Array;
  /** All rows, living or not, by (timestamp, row), oldest first. */
  readonly byTime: Uint32Array;
  /** One past the largest code. */
  readonly codeLimit: number;
  codeOf(facet: Facet, text: string): number | undefined;
  textOf(code: number): string | undefined;
}

/** Which session each row is of; a document is one for its parts, where they have no other. Not to be changed. */
export interface Sessions {
  /** By row, the number of its session, 0 where it has none; rows past the end have none. */
  readonly of: Uint32Array;
  isDocument(session: number): boolean;
  /** One past the largest number. */
  readonly limit: number;
}

export interface PendingMemory {
  readonly id: string;
  readonly row: number;
  readonly at: number;
  readonly commit?: string;
  readonly branch?: string;
  readonly worktree?: string;
}

export interface SharedVerdicts {
  /** Whether what the repository shares is accepted unasked. */
  readonly trusted: boolean;
  readonly verdicts: readonly SharedVerdict[];
}

export interface ForgottenMemory {
  readonly memory: Memory;
  readonly undoToken: string;
  /** The memory that it was merged into. */
  readonly mergedInto?: string;
}

/** What a request's HEAD inherits. */
export interface LineageView {
  /** Absent in a folder without git: then lineage memories without a commit are visible. */
  readonly head?: string;
  readonly branch?: string;
  readonly worktree?: string;
  /** Those of the store's memory commits that HEAD has as ancestors. */
  readonly visibleCommits: ReadonlySet<string>;
  /** Session of the request: session memories of others are hidden. */
  readonly sessionId?: string;
}

/** The queryable state of one store: sql.js behind it. Synchronous. Rows are `captured` sequence numbers. */
export interface Projection {
  readonly lastSeq: number;
  /** Bumped by every change, for caches. */
  readonly version: number;
  /** Rows of memories that became, are others or are no more since that version; undefined where it is too long ago to be known. */
  changedSince(version: number): ReadonlySet<number> | undefined;
  /** In one transaction. Events at or below `lastSeq` are skipped. */
  apply(events: readonly RecordedEvent[]): ProjectionDelta;
  rowOf(id: string): number | undefined;
  /** The memory of a living row. */
  memory(row: number): Memory | undefined;
  /** Milliseconds since the epoch; undefined when the row is not living. */
  timestamp(row: number): number | undefined;
  /** Whether the memory of a living row has anchors, known without reading it. */
  isAnchored(row: number): boolean;
  /** Numbers of the files that the memory of a row is anchored to, known without reading it. */
  anchorsOf(row: number): Uint32Array;
  /** How many memories are anchored to the file of this number, living or not: all of them, or of the rows below `rowBound` no more than `most`. */
  anchoredMemories(file: number, most: number, rowBound?: number): number;
  /** Up to `limit` rows that are anchored to it, living or not and below `rowBound`, the newest first. */
  newestAnchored(file: number, limit: number, rowBound?: number): readonly number[];
  /** Living rows that are visible in `view` and not expired at `now`. Cached until a change. */
  visibleRows(view: LineageView, now: number): RowSet;
  /** Every living row that is not expired at `now`. */
  livingRows(now: number): RowSet;
  /** Why a row that is not visible is hidden, for a person. */
  hiddenBecause(row: number, view: LineageView, now: number): string | undefined;
  /** One past the largest row. */
  readonly rowLimit: number;
  /** Rows that satisfy the condition, living or not in `view`. INVALID_INPUT for a pattern that is no pattern. */
  rowsWhere(condition: Condition): RowSet;
  /** Those of `rows` that satisfy the condition, in the order given. */
  keepWhere(condition: Condition, rows: readonly number[]): readonly number[];
  /** Estimated number of rows that satisfy the condition, and the cost of `rowsWhere` in row visits. */
  estimate(condition: Condition): { readonly rows: number; readonly cost: number };
  /** Newest first by (timestamp, row), of `rows`, strictly after `after`. */
  newest(
    rows: RowSet,
    limit: number,
    after?: { readonly timestamp: number; readonly row: number },
  ): readonly { readonly row: number; readonly timestamp: number }[];
  columns(): RowColumns;
  sessions(): Sessions;
  /** Up to `reach` rows of `within` on each side of a row in its session or document, by (timestamp, row), the nearest first. */
  beside(
    row: number,
    reach: number,
    within: RowSet,
  ): { readonly before: readonly number[]; readonly after: readonly number[] };
  /** Living rows with an anchor in the file, ascending. */
  anchoredIn(path: string): readonly number[];
  /** Rows, living or not, with an anchor in a file whose path is accepted. */
  anchoredWhere(accepts: (path: string) => boolean): RowSet;
  /** Signatures of all living rows, for the duplicate index. */
  signatures(): Iterable<{ readonly row: number; readonly signature: string }>;
  /** All living memories in order of row, read without filling any cache. */
  memories(): Iterable<{ readonly row: number; readonly memory: Memory }>;
  /** Distinct commits that memories belong to. */
  memoryCommits(): readonly string[];
  pending(): readonly PendingMemory[];
  commitFacts(commit: string): CommitFacts | undefined;
  /** Facts of commits whose branch held this one when they were noted. */
  carriersOf(commit: string): readonly CommitFacts[];
  /** What was said of memories that came with the repository, the latest of each text, oldest first. */
  shared(): SharedVerdicts;
  /** Oldest first. The same array as long as nothing was mapped. */
  mappings(): readonly CommitMapping[];
  /** The memory that an idempotency key made. */
  keyed(idempotencyKey: string): string | undefined;
  /**
   * What was learned and then forgotten: ids of commits, and of sections of documents `HASH SECTION SIGNATURE`, being the hash and the name of
   * the section as its document mark has them, and the signature of the text.
   */
  unlearned(kind: "commit" | "section"): readonly string[];
  counts(): {
    readonly memories: number;
    readonly byKind: Readonly<Record<string, number>>;
    readonly byScope: Readonly<Record<string, number>>;
  };
  /** What became of the memory of a row when it was shown, known without reading it. */
  use(row: number): Use | undefined;
  /** Searches with what came of them, oldest first. The same array as long as none is added. */
  examples(): readonly RankingExample[];
  /** Ids that a forget call hid and that can still be brought back. */
  undoable(undoToken: string): readonly string[];
  /**
   * Memories that can still be brought back and were not merged into another one, those forgotten last first; `at` is when they were, in
   * milliseconds since the epoch.
   */
  lastForgotten(limit: number): readonly { readonly memory: Memory; readonly at: number }[];
  /** What brings such a memory back, with those that were forgotten together with it. */
  undoTokenOf(id: string): string | undefined;
  /** Whether the memory is forgotten and its text still held. */
  isForgotten(id: string): boolean;
  /** Memories that were forgotten and can still be brought back, in order of row. */
  forgotten(): Iterable<ForgottenMemory>;
  /** The oldest `at` of forgotten events whose text is still held for undo. */
  oldestForgotten(): number | undefined;
  /**
   * The living state as events that make it again, in order of row, for a snapshot. Memories forgotten after `keepForgottenSince` are kept
   * with their `forgotten` event, so that they can still be brought back.
   */
  living(keepForgottenSince: number): Iterable<RecordedEvent>;
  /**
   * The database as a file image, free of deleted text. What was forgotten at or before `keepForgottenSince` is deleted first, for good: give
   * the time that `living` was given. Closes no statement that is in use.
   */
  image(keepForgottenSince: number): Uint8Array;
  close(): void;
}

// store -> indexing -> retrieve

/** The fields of a memory that text search reads. */
export interface TextDocument {
  readonly title: string;
  readonly body: string;
  readonly tags: readonly string[];
  readonly anchors: readonly string[];
  /** Passages to index each on their own; empty: the body is one passage. */
  readonly parts: readonly Part[];
}

export interface TextHit {
  readonly row: number;
  /** Index of the best passage; 0 when the memory has none. */
  readonly part: number;
  /** BM25. */
  readonly score: number;
}

export interface TextQueryOptions {
  readonly limit: number;
  /** Only these rows may be hits; statistics are over the whole index. */
  readonly rows?: RowSet;
  /** Rows at or above this one are neither hits nor counted in any statistic, so that a later page ranks as the first did. */
  readonly rowBound?: number;
}

export interface TextHits {
  /** Best first; ties by row, newest first. One hit a row. */
  readonly hits: readonly TextHit[];
  /** The score that a passage would have that holds every term of the query with saturated frequency: the scale of `score`. */
  readonly ceiling: number;
  /** Terms as they were looked up, with what replaced those that the index does not know. */
  readonly terms: readonly {
    readonly term: string;
    readonly documents: number;
    readonly expandedTo: readonly string[];
  }[];
  /** Postings that were visited, for explain. */
  readonly visited: number;
  readonly workingBytes: number;
}

/** Every row that a query finds, in parallel arrays, in the order of the index. */
export interface TextMatches {
  readonly rows: Uint32Array;
  /** Index of the best passage of each. */
  readonly parts: Uint16Array;
  /** BM25 of that passage. */
  readonly scores: Float32Array;
  /** See `TextHits`. */
  readonly ceiling: number;
}

/** By number of a session: see `TextIndex.sessionShares`. */
export type SessionShares = ReadonlyMap<number, number>;

/** A passage that answers a query, and how much that is believed. */
export interface FeedbackPassage {
  readonly text: string;
  readonly weight: number;
}

export interface TextIndex {
  add(row: number, document: TextDocument): void;
  remove(row: number): void;
  search(query: string, options: TextQueryOptions): TextHits;
  /**
   * For who types: the last word stands for all that begin with it, unless something follows it. Rows that hold only a small part of what
   * the best one holds are left out.
   */
  matches(query: string, rows: RowSet): TextMatches;
  /**
   * How much of what the query asks for each session holds, as if all its rows were one document: BM25 over sessions as a share of its
   * ceiling, 0..1. Only `rows` count.
   */
  sessionShares(query: string, sessions: Sessions, rows: RowSet, rowBound?: number): SessionShares;
  /**
   * Rows that hold the words which tell `passages` from everything else and which the query lacks, best first. `score` is a share of all those
   * words, 0..1.
   */
  feedback(query: string, passages: readonly FeedbackPassage[], options: TextQueryOptions): readonly TextHit[];
  /** Estimated number of rows that match any term. */
  estimate(query: string): number;
  /**
   * Which words of the query a document holds, by field, as readable reasons. `at` says where it stands in the index, which then tells the
   * words that it does not hold.
   */
  explain(query: string, document: TextDocument, at?: Pick<TextHit, "row" | "part">): readonly string[];
  stats(): { readonly documents: number; readonly terms: number; readonly postings: number; readonly bytes: number };
  /** The whole index as bytes with a version, for the cache on disk. */
  save(): Uint8Array;
  /** The same bytes without a copy of them: views of what it holds, of no use after the next change. */
  pieces(): readonly Uint8Array[];
}

export interface VectorHit {
  readonly row: number;
  /** Index of the nearest passage. */
  readonly part: number;
  /** Cosine, -1..1. */
  readonly similarity: number;
}

/** A unit vector as it is stored: components times scale. Vectors of other models are not to be compared with it. */
export interface PassageVector {
  readonly model: string;
  readonly components: Int8Array;
  readonly scale: number;
}

/** Vectors of passages, all of one model. */
export interface VectorIndex {
  /** Id of the model whose vectors these are: never mixed. */
  readonly model: string;
  readonly dimensions: number;
  /** One unit vector a passage, in the order of the memory's parts; replaces what the row had. */
  add(row: number, vectors: readonly Float32Array[]): void;
  remove(row: number): void;
  has(row: number): boolean;
  /** The nearest rows, best first, ties newest first, one hit a row; only rows of `rows` where given. */
  search(query: Float32Array, options: { readonly limit: number; readonly rows?: RowSet }): readonly VectorHit[];
  /** For rows that were found otherwise: the best passage of each, undefined where the row has no vector. */
  similarities(query: Float32Array, rows: readonly number[]): readonly (VectorHit | undefined)[];
  /** The vector of a passage; undefined where it has none. */
  vectorOf(row: number, part: number): PassageVector | undefined;
  stats(): { readonly rows: number; readonly vectors: number; readonly bytes: number };
  /** All of it as bytes with a version, nothing of what was removed. */
  save(): Uint8Array;
  /** The same bytes, some at a time: they are whole where nothing was changed meanwhile. */
  pieces(): Iterable<Uint8Array>;
}

/** What tells the vectors of one model from those of another: they are never compared. */
export interface EmbeddingModel {
  /** Tells models apart, and versions of one. */
  readonly id: string;
  readonly dimensions: number;
}

/** A model in memory that turns text into unit vectors of its meaning. */
export interface Embedder extends EmbeddingModel {
  /** Zeros for a text of white space alone. */
  embed(text: string): Float32Array;
}

/**
 * Where texts become vectors: one unit vector a text, in their order, zeros for white space. The model is loaded by the first call that needs
 * it. Both calls throw EMBEDDING_FAILED, and say what to do.
 */
export type EmbedderPort = DirectEmbedder | ThreadedEmbedder;

/** Answers at once, in this thread. */
export interface DirectEmbedder {
  readonly runs: "here";
  model(): EmbeddingModel;
  embed(texts: readonly string[], purpose: EmbeddingPurpose): readonly Float32Array[];
}

/** Answers from the compute thread. */
export interface ThreadedEmbedder {
  readonly runs: "elsewhere";
  model(): Promise<EmbeddingModel>;
  /** Also throws the signal's reason. */
  embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<readonly Float32Array[]>;
}

/** Reads a question and passages together, in another thread, and tells how well each passage answers. */
export interface RerankerPort {
  /** As people are told of it. */
  readonly name: string;
  /** Why it cannot be asked, for a person, where that is known without asking. */
  readonly missing: string | undefined;
  /** 0..1, in the order of the passages. Also throws the signal's reason. EMBEDDING_FAILED. */
  rerank(query: string, passages: readonly string[], signal: AbortSignal): Promise<readonly number[]>;
}

// git

/** Where a request stands. */
export interface GitPlace {
  readonly workspace: string;
  /** Absent: no repository here. */
  readonly repository?: {
    /** The common directory: worktrees of one repository share it. */
    readonly commonDir: string;
    /** This worktree's own git directory. */
    readonly gitDir: string;
    readonly root: string;
    /** Absent when HEAD is detached. */
    readonly branch?: string;
    /** Absent on an unborn branch. */
    readonly head?: string;
  };
}

export interface CommitGraphQuery {
  /** Local branches whose histories belong to it beside that of HEAD; one that is not there is left out. */
  readonly branches: readonly string[];
  /** Commits that belong to it though no branch leads there; one that is missing is left out. */
  readonly commits: readonly string[];
  readonly limit: number;
}

export interface CommitGraph {
  /** Newest first, every commit before its parents. */
  readonly commits: readonly Omit<LaneCommit, "memories" | "visible">[];
  /** There are older ones. */
  readonly more: boolean;
}

/** A commit that memories were learned on and that HEAD does not inherit. */
export interface LostCommit {
  /** Itself, then those that took its place before. */
  readonly commits: readonly string[];
  readonly facts?: CommitFacts;
  /** Facts of later commits whose branch it was part of. */
  readonly carriers: readonly CommitFacts[];
}

export type FoundRewrite = Pick<CommitMapping, "from" | "to" | "how" | "sureness"> & {
  readonly state: "applied" | "offered";
};

/** What a commit changes and what would take that back, each in a form that is the same wherever it is done. */
export interface PatchPair {
  /** `git patch-id --stable` */
  readonly id: string;
  /** The same of the change the other way. */
  readonly reverse: string;
}

export interface GitLineage {
  /** Reads HEAD from its files, validated by stat: microseconds when nothing moved, and right when something did. */
  place(workspace: string): Promise<GitPlace>;
  /** Whether the work tree has changes, untracked files counted. Never a stale answer. */
  dirty(place: GitPlace): Promise<boolean>;
  /** Those of `commits` that are ancestors of the place's HEAD, or HEAD itself. One git call at most; a missing object is not visible. */
  visibleCommits(place: GitPlace, commits: readonly string[]): Promise<ReadonlySet<string>>;
  /** For pending memories of this worktree: the commit that each now belongs to. Those that still wait are left out. */
  bindings(
    place: GitPlace,
    pending: readonly PendingMemory[],
  ): Promise<ReadonlyMap<string, { commit: string; branch?: string }>>;
  /** Patch-ids and parents of a commit and of its branch. */
  facts(place: GitPlace, commit: string): Promise<CommitFacts | undefined>;
  /** Those of `commits` that a branch holds, being the commits of `tip` that `base` does not inherit. Empty where one of both is missing. */
  between(place: GitPlace, base: string, tip: string, commits: ReadonlySet<string>): Promise<readonly string[]>;
  /** For commits that HEAD does not inherit: those of HEAD that took their place, one each at most. */
  rewrites(place: GitPlace, lost: readonly LostCommit[]): Promise<readonly FoundRewrite[]>;
  /** What a name of git means here: a full or short id, a branch, a tag, HEAD~2. Undefined where it is no commit. */
  commitOf(place: GitPlace, name: string): Promise<{ readonly commit: string; readonly branch?: string } | undefined>;
  /** Where HEAD was at a time, in milliseconds since the epoch: as its log tells, or where that does not reach back, the newest commit of HEAD's history before. */
  headAt(place: GitPlace, at: number): Promise<string | undefined>;
  /** First lines of the messages of those commits that are here. */
  subjects(place: GitPlace, commits: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * By commit, of those that are here and change just the files that another of them changes. A merge has none, nor has one that changes too
   * much. Each is read once.
   */
  patchPairs(place: GitPlace, commits: readonly string[]): Promise<ReadonlyMap<string, PatchPair>>;
  state(workspace: string): Promise<GitStateResult>;
  /** Empty without a repository, or where nothing was committed yet. */
  graph(place: GitPlace, query: CommitGraphQuery): Promise<CommitGraph>;
  /** Tags, and when each was made; what a question about a release means. Newest first, at most 500. */
  releases(place: GitPlace): Promise<readonly { readonly name: string; readonly at: number }[]>;
  /** Name and mail of the person, as git is configured here. */
  author(place: GitPlace): Promise<string | undefined>;
  close(): void;
}

// anchors -> retrieve

/** How fresh the memories of one store are where a request stands, as it is known, without looking. */
export interface KnownFreshness {
  of(row: number): Freshness;
  /** Undefined where there is no memory. */
  stateOf(row: number): MemoryFreshness | undefined;
  /** Of the rows that were compared. */
  words(): Iterable<readonly [row: number, freshness: Freshness]>;
  /** Rows with anchors that went to this file. */
  nowIn(path: string): readonly number[];
  /** Rows whose freshness a comparison accepts. */
  rowsWhere(condition: FieldCondition): RowSet;
}

// retrieve -> compose

/** A memory that was found, with the passage and why. */
export interface Recalled {
  readonly memory: Memory;
  /** 0..1 */
  readonly score: number;
  readonly part?: number;
  readonly visible: boolean;
  readonly hiddenBecause?: string;
  /** What became of its anchors; absent where nobody looked. */
  readonly freshness?: MemoryFreshness;
  /** Empty where only function words of the query agree. */
  readonly reasons: readonly string[];
  /** What its score is made of; absent in a listing. */
  readonly ranking?: Pick<ShownResult, "evidence" | "qualities">;
  /** What each signal adds to the score. */
  readonly signals?: () => Readonly<Record<string, number>>;
}

export interface TokenCounter {
  /** Resolves when `count` can be called; the tables are loaded on the first call. */
  load(): Promise<void>;
  count(text: string): number;
}

// code -> compose

/** A file of the code as a bundle may show it. Texts of a repository are hostile; secrets are taken out of them already. */
export interface CodeItem {
  readonly path: string;
  /** As a fence names it. */
  readonly language?: string;
  readonly lines: number;
  /** How much of the question it is about, of the file that is most, 0..1. */
  readonly score: number;
  readonly reasons: readonly string[];
  /** It is shown before anything else is: a frame of a trace leads there, or it was asked for by its path. */
  readonly leads?: "frame" | "asked";
  /** What the question is likely about, that first. Lines begin with 1, the last one counts. */
  readonly symbols: readonly CodeItemSymbol[];
  /** Of its text, best first. Empty where the text is not at hand. */
  readonly passages: readonly CodePassage[];
  /** The whole text, where it is short enough to be shown. */
  readonly whole?: string;
}

export interface CodeItemSymbol {
  readonly name: string;
  readonly signature: string;
  readonly startLine: number;
  readonly endLine: number;
}

export interface CodePassage {
  readonly startLine: number;
  readonly endLine: number;
  /** What most of it belongs to. */
  readonly symbol?: string;
  readonly text: string;
}

/** What a question makes of the bundle that answers it. */
export interface BundleShape {
  /** The part of the budget that memories are meant to have, 0..1. */
  readonly memoryShare: number;
  readonly memoriesFirst: boolean;
  /** By what the worth of a commit's message is multiplied. */
  readonly commitWorth: number;
  /** What each level of a file is worth of what the file is worth whole, 0..1; `implementation` of all its passages. */
  readonly levels: { readonly outline: number; readonly signatures: number; readonly implementation: number };
}
