import type { Memory, Provenance, RelationName } from "./memory.ts";
import type { RankingExample } from "./ranking.ts";
import type { SharedVerdict } from "./share.ts";
import type { Outcome } from "./use.ts";

/** What a revision may change. */
export type MemoryChanges = Partial<
  Pick<
    Memory,
    | "content"
    | "kind"
    | "scope"
    | "title"
    | "tags"
    | "metadata"
    | "anchors"
    | "fingerprints"
    | "ttlSeconds"
    | "expiresAt"
    | "tokens"
    | "parts"
    | "flags"
    | "signature"
    | "pinned"
  >
>;

/** What is known of a commit beside its id, kept so that a rewrite is recognised after git has collected the objects. */
export interface CommitFacts {
  readonly commit: string;
  readonly parents: readonly string[];
  /** `git patch-id --stable` of the commit against its first parent; absent for merges and empty commits. */
  readonly patchId?: string;
  readonly branch?: string;
  /** The merge base with the default branch when the commit was seen. */
  readonly base?: string;
  /** Patch-id of the whole branch, `base`..`commit`. */
  readonly branchPatchId?: string;
  /** Commits of the branch before this one that memories were learned on: what takes its place takes theirs. */
  readonly carries?: readonly string[];
  /** Who wrote it and when, as the commit says; a rebase and a cherry-pick keep that. */
  readonly authored?: string;
  /** The 64 smallest hashes of the lines that it adds, see git/rewrites/addedLines.ts. */
  readonly lines?: readonly number[];
}

/** How it was found that a commit stands for another one. */
export const MAPPING_METHODS = ["reflog", "patch-id", "branch", "rewrite-map", "content", "parts", "person"] as const;

/** Since history was rewritten, what was learned on `from` counts where `to` is inherited. */
export interface CommitMapping {
  readonly from: string;
  readonly to: string;
  readonly how: (typeof MAPPING_METHODS)[number];
  /** 0..1 */
  readonly sureness: number;
  /** `offered`: too doubtful to count before a person says so. The latest event about a pair of commits stands. */
  readonly state: "applied" | "offered" | "refused";
  readonly at: number;
}

/** What a merge did to the memory that was kept, so that it can be taken back. */
export interface MergedInto {
  readonly id: string;
  /** Of the kept one after the merge: what was said later stays. */
  readonly revision: number;
  /** What the merge may have changed, as it was. */
  readonly before: MemoryChanges;
  /** Fields that the merge may have given it, and that it had not. */
  readonly absent?: readonly ("title" | "ttlSeconds" | "expiresAt")[];
  /** Whether the merge made a revision; where that is not said, whether the text changed. */
  readonly revised?: boolean;
  /** Origins that the kept one had not. */
  readonly origins: readonly Provenance[];
}

/**
 * What the journal holds, one frame each. A snapshot is the same list reduced: one `captured` a living memory, one
 * `observed` a commit, one `mapped` a pair of commits.
 * Applying an event twice changes nothing.
 */
export type JournalEvent =
  | { readonly type: "captured"; readonly memory: Memory; readonly idempotencyKey?: string }
  | {
      /** A duplicate arrived: its provenance joins `mergedFrom`, its tags and new metadata keys are added. */
      readonly type: "merged";
      readonly id: string;
      readonly provenance: Provenance;
      readonly tags: readonly string[];
      readonly metadata: Memory["metadata"];
      readonly anchors: Memory["anchors"];
      /** Take the place of those that it has: who says it again says it of the code as it is now. */
      readonly fingerprints?: NonNullable<Memory["fingerprints"]>;
      readonly idempotencyKey?: string;
    }
  | {
      readonly type: "revised";
      readonly id: string;
      readonly revision: number;
      readonly changes: MemoryChanges;
      readonly reason?: string;
      readonly provenance: Provenance;
    }
  | {
      /** An empty `undoToken`: for good, the next compaction removes the text. */
      readonly type: "forgotten";
      readonly ids: readonly string[];
      readonly undoToken: string;
      readonly at: number;
      /** It was forgotten in favour of another one; restoring it takes the merge back. */
      readonly merged?: MergedInto;
    }
  | {
      /** With `ids` only these of what the token hid. */
      readonly type: "restored";
      readonly undoToken: string;
      readonly ids?: readonly string[];
      readonly at: number;
    }
  | {
      /** Pending provenances of this worktree found their commit. */
      readonly type: "bound";
      readonly ids: readonly string[];
      readonly worktree: string;
      readonly commit: string;
      readonly branch?: string;
    }
  | {
      /** What anchors spoke of when they were captured, read later than they were: those that the memory has already stay. */
      readonly type: "fingerprinted";
      readonly id: string;
      readonly fingerprints: NonNullable<Memory["fingerprints"]>;
    }
  | { readonly type: "observed"; readonly facts: CommitFacts }
  | { readonly type: "mapped"; readonly mapping: CommitMapping }
  | {
      /** The latest about two memories stands, whichever of them comes first. Withdrawn: nothing is said of them any more. */
      readonly type: "related";
      readonly from: string;
      readonly to: string;
      readonly relation: RelationName | "withdrawn";
      readonly since?: string;
      readonly at: number;
      readonly author?: string;
      readonly agent?: string;
      readonly reason?: string;
    }
  | {
      /** What was said of memories that came with the repository, and whether they are accepted unasked from now on. */
      readonly type: "shared";
      readonly verdicts?: readonly SharedVerdict[];
      readonly trusted?: boolean;
    }
  | {
      /** Somebody says that memories belong to another commit than the one they were learned on. */
      readonly type: "moved";
      readonly ids: readonly string[];
      readonly commit: string;
      readonly branch?: string;
      readonly at: number;
    }
  | {
      /** What became of memories that were shown. */
      readonly type: "feedback";
      readonly ids: readonly string[];
      readonly outcome: Outcome;
      readonly at: number;
      /** The search that showed them, to learn from. */
      readonly example?: RankingExample;
    }
  | {
      /** Everything that was learned of ranking is given up; what was said of single memories stays. */
      readonly type: "rankingReset";
      readonly at: number;
    }
  | {
      /** Only in snapshots: what was learned, forgotten and is gone, so that learning leaves it out. See store/unlearned.ts. */
      readonly type: "unlearned";
      readonly keys: readonly string[];
    };

/** An event with its place in the store's history. `seq` starts at 1 and is never used twice; a memory's row is the `seq` of its `captured`. */
export interface RecordedEvent {
  readonly seq: number;
  readonly event: JournalEvent;
}
