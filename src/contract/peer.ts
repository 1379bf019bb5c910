import type { ErrorShape } from "./errors.ts";
import type { MergeResult } from "./explore.ts";
import type { Fingerprint } from "./freshness.ts";
import type { JournalEvent } from "./events.ts";
import type { JsonObject } from "./json.ts";
import type { Scope } from "./kinds.ts";
import type { Anchor, Memory, Provenance } from "./memory.ts";
import type { CaptureResult } from "./tools.ts";
import type { MergeStrategy, UpsertReport, UpsertResult } from "./upsert.ts";

/** Version of the messages below; a process that speaks another one is answered UNSUPPORTED_VERSION. */
export const PEER_VERSION = 1;

/** An event on its way to become a memory, as its source gives it. */
export interface Candidate {
  readonly content: string;
  readonly eventType: string;
  /** As the caller named it; absent: derived from the event type, else note. */
  readonly kind?: string;
  readonly scope?: Scope;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly metadata?: JsonObject;
  readonly anchors?: readonly Anchor[];
  readonly ttlSeconds?: number;
}

/** A write on its way to the owner: what to remember, and everything about its origin that only the asking process knows. */
export interface RememberRequest {
  readonly candidate: Candidate;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly provenance: Provenance;
  /** Milliseconds since the epoch; absent: now. */
  readonly timestamp?: number;
  readonly sessionId?: string;
  readonly idempotencyKey?: string;
  readonly dedupe: "none" | "skip" | "merge";
  /** Ids of memories that this one stands in the place of. */
  readonly supersedes?: readonly string[];
  /** What the anchors speak of is read from the work tree: it is as it was when the memory was made. */
  readonly readAnchors?: boolean;
  /** By `anchorKey`, what they speak of in texts that only the asking process has: these are not read. */
  readonly fingerprints?: Readonly<Record<string, Fingerprint>>;
  /** What an import restores as it was. */
  readonly restored?: Partial<
    Pick<Memory, "id" | "mergedFrom" | "revision" | "history" | "pinned" | "flags" | "expiresAt">
  >;
}

export type RememberOutcome =
  | {
      readonly ok: true;
      readonly result: Omit<CaptureResult, "provenance" | "warnings"> & { readonly provenance: Provenance };
    }
  | { readonly ok: false; readonly error: ErrorShape };

export interface ReviseRequest {
  readonly id: string;
  readonly workspace: string;
  readonly provenance: Provenance;
  readonly reason?: string;
  readonly changes: Partial<Candidate> & { readonly pinned?: boolean };
  /** As those of a `RememberRequest`. */
  readonly fingerprints?: Readonly<Record<string, Fingerprint>>;
}

/** Two memories become the one that is kept; the other is forgotten, in one append. */
export interface MergeRequest {
  readonly keep: string;
  readonly drop: string;
  /** Replaces the text of the one that is kept. */
  readonly content?: string;
  readonly workspace: string;
  /** Of who merges. */
  readonly provenance: Provenance;
  /** Chosen by who asks, so that asking again merges nothing more and gives the same token. */
  readonly undoToken?: string;
}

/** Items on their way into a store, each into a memory that says much the same where there is one. */
export interface UpsertRequest {
  readonly items: readonly {
    /** In the caller's list. */
    readonly index: number;
    readonly candidate: Candidate;
    readonly sessionId?: string;
    /** Ids of memories that may say the same, which only who asks knows to be visible. */
    readonly alike: readonly string[];
  }[];
  readonly strategy: MergeStrategy;
  /** From how alike on two are one; absent: as the owner's settings say. */
  readonly threshold?: number;
  /** Milliseconds since the epoch: what is older is merged with nothing. */
  readonly since?: number;
  readonly dryRun: boolean;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly provenance: Provenance;
  /** Begins with `UPSERT_TOKEN`; chosen by who asks, so that asking again stores nothing more. */
  readonly undoToken: string;
}
export interface UpsertAnswer {
  readonly report: readonly UpsertReport[];
  readonly redactions: number;
  readonly comparedBy: UpsertResult["comparedBy"];
  /** Whether there is anything to undo. */
  readonly wrote: boolean;
}
export interface RestoreAnswer {
  /** Memories that are back; of an upsert those that are as they were before it merged something in. */
  readonly restored: number;
  /** What an upsert had created. */
  readonly forgotten?: number;
  /** Brings those back. */
  readonly undoToken?: string;
}

/** Tokens of upserts take back what was created as well. */
export const UPSERT_TOKEN = "upsert.";

export interface ForgetRequest {
  readonly ids: readonly string[];
  /** The text leaves the disk before the answer, and there is no undo. */
  readonly now: boolean;
  /** Chosen by who asks, so that asking again forgets nothing more and gives the same token. */
  readonly undoToken?: string;
}

export interface RestoreRequest {
  readonly undoToken: string;
  /** Only these of what the token hid. */
  readonly ids?: readonly string[];
}

/** Notes that processes take of the repository and of what became of memories, as the journal holds them. */
export type NoteRequest = Extract<
  JournalEvent,
  {
    readonly type:
      "bound" | "fingerprinted" | "observed" | "mapped" | "moved" | "related" | "shared" | "feedback" | "rankingReset";
  }
>;

/** The writes of one store. The owner does them, every other process sends them to it. */
export interface StoreWrites {
  /** In order; one bad request does not stop the others. Resolves when all that were taken are durable. */
  remember(requests: readonly RememberRequest[]): Promise<readonly RememberOutcome[]>;
  revise(request: ReviseRequest): Promise<{ readonly id: string; readonly revision: number }>;
  forget(request: ForgetRequest): Promise<{ readonly undoToken?: string }>;
  /** NOT_FOUND, INVALID_INPUT. */
  merge(request: MergeRequest): Promise<MergeResult>;
  /** PAYLOAD_TOO_LARGE and the like stand in the report of the item. */
  upsert(request: UpsertRequest): Promise<UpsertAnswer>;
  /** NOT_FOUND when the token is unknown or used, or the time for undoing is over. */
  restore(request: RestoreRequest): Promise<RestoreAnswer>;
  note(requests: readonly NoteRequest[]): Promise<void>;
}
export type StoreWrite = keyof StoreWrites;
export const STORE_WRITES = [
  "remember",
  "revise",
  "forget",
  "merge",
  "upsert",
  "restore",
  "note",
] as const satisfies readonly StoreWrite[];
