import { z } from "zod";
import { type Anchor, anchorInput, FRESHNESS } from "./anchor.ts";
import type { Fingerprint } from "./freshness.ts";
import { type JsonObject, jsonObject } from "./json.ts";
import { KINDS, SCOPES } from "./kinds.ts";
import type { Use } from "./use.ts";

export { type Anchor, anchorInput, FRESHNESS } from "./anchor.ts";

/** The most that one memory's content may hold, in UTF-8 bytes. */
export const MAX_CONTENT_BYTES = 1_048_576;

/** Where a memory comes from. Stored at capture and never rewritten; `bound` events fill `commit` of a pending one. */
export interface Provenance {
  /** Milliseconds since the epoch at which it was recorded. */
  readonly at: number;
  readonly author?: string;
  readonly agent?: string;
  readonly sessionId?: string;
  readonly branch?: string;
  /** The commit that the memory belongs to; for a pending one the HEAD it was captured on. Absent: no git, or an unborn branch. */
  readonly commit?: string;
  readonly dirty: boolean;
  /** It waits for the next commit made from `commit` in `worktree`. */
  readonly pending: boolean;
  /** The worktree's own git directory, the identity of a pending memory's place. */
  readonly worktree?: string;
}

/** A passage of a long memory, found and ranked on its own. Offsets are UTF-16 units of `content`, end exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
}

/** What one revision replaced. */
export interface Revision {
  /** The number that the memory had before. */
  readonly revision: number;
  /** Milliseconds since the epoch at which it was replaced. */
  readonly at: number;
  readonly author?: string;
  readonly agent?: string;
  readonly reason?: string;
  /** The fields that were replaced, as they were. */
  readonly before: Partial<Pick<Memory, "content" | "title" | "kind" | "scope" | "tags" | "anchors" | "metadata">>;
}

/** What somebody says of two memories. `compatible`: they look opposed, and both hold. */
export const RELATIONS = ["supersedes", "contradicts", "confirms", "compatible"] as const;
export type RelationName = (typeof RELATIONS)[number];

/** A relation as one of its two memories keeps it. */
export interface Relation {
  readonly is: RelationName | "superseded-by" | "contradicted-by" | "confirmed-by";
  /** The other memory. */
  readonly id: string;
  /** HEAD when it was said of two that were there already: it holds where that is inherited. Absent: wherever both are seen. */
  readonly since?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author?: string;
  readonly agent?: string;
  readonly reason?: string;
  /** Of `superseded-by`: where the other one is seen, as engine/store/visibility.ts writes it; absent while that one is forgotten. */
  readonly where?: string;
  /** Of `superseded-by`: the commit from which on the other one stands in its place, where that belongs to a commit. */
  readonly until?: string;
}

/** One memory as the journal records it: the whole truth about it. */
export interface Memory {
  readonly id: string;
  readonly kind: (typeof KINDS)[number];
  readonly scope: (typeof SCOPES)[number];
  readonly eventType: string;
  readonly content: string;
  readonly title?: string;
  readonly tags: readonly string[];
  readonly metadata: JsonObject;
  readonly anchors: readonly Anchor[];
  /** What its anchors spoke of when they were captured, by `anchorKey`; those that could not be read then are missing. */
  readonly fingerprints?: Readonly<Record<string, Fingerprint>>;
  /** When the thing happened, milliseconds since the epoch; imported memories bring their own. */
  readonly timestamp: number;
  readonly sessionId?: string;
  readonly workspaceId: string;
  readonly ttlSeconds?: number;
  /** Milliseconds since the epoch from which on it is never returned. */
  readonly expiresAt?: number;
  readonly provenance: Provenance;
  /** Provenances of the captures that were merged into this one, oldest first. */
  readonly mergedFrom: readonly Provenance[];
  /** Tokens of `content`, counted once at capture. */
  readonly tokens: number;
  /** At least two, in order, covering the content; empty for a memory that is one passage. */
  readonly parts: readonly Part[];
  /** Starts at 1; every revision adds one. */
  readonly revision: number;
  /**
   * The last 20 revisions, oldest first, as long as they are no more than 64 KB of JSON; absent before the first. What a revision takes out stays
   * readable here, on purpose: text that must go, such as a secret, goes only by forgetting the memory now and capturing it anew. No agent is told
   * of it; the explorer shows it, and an export has it.
   */
  readonly history?: readonly Revision[];
  /** Chosen by a person: it comes first in lists and in the brief of a session. */
  readonly pinned?: boolean;
  /** One a pair of memories, oldest first; absent before the first. */
  readonly relations?: readonly Relation[];
  /** Absent before anybody said what became of it. */
  readonly use?: Use;
  /** What admission noticed but let pass. */
  readonly flags: readonly ("high-entropy" | "redacted")[];
  /** Near-duplicate signature: scheme, colon, base64 of the MinHash bands. */
  readonly signature: string;
}

/** The most a single memory may carry beside its content. */
export const memoryFields = {
  eventType: z.string().trim().min(1).max(128),
  content: z.string().refine((text) => text.trim().length > 0, { message: "must not be blank" }),
  kind: z
    .string()
    .min(1)
    .max(64)
    .describe(`One of ${KINDS.join(", ")}; aliases of other systems are understood`),
  scope: z
    .enum(SCOPES)
    .describe("user: every repository; repo: every branch; lineage (default): where its commit is inherited; session"),
  title: z.string().trim().min(1).max(300),
  tags: z.array(z.string().trim().min(1).max(100)).max(64),
  metadata: jsonObject,
  anchors: z.array(anchorInput).max(64),
  ttlSeconds: z.int().min(1).max(3_153_600_000),
  sessionId: z.string().min(1).max(256),
} as const;

/** What a tool may be given beside the text of a memory. */
export const optionalMemoryFields = {
  kind: memoryFields.kind.optional(),
  scope: memoryFields.scope.optional(),
  title: memoryFields.title.optional(),
  tags: memoryFields.tags.optional(),
  metadata: memoryFields.metadata.optional(),
  anchors: memoryFields.anchors.optional(),
  ttlSeconds: memoryFields.ttlSeconds.optional(),
} as const;

/** A memory as tools and the CLI show it. */
export const memoryView = z.object({
  id: z.string(),
  content: z
    .string()
    .describe("Whole text, or the passage that matched when the memory has parts and a query was asked"),
  title: z.string().optional(),
  kind: z.enum(KINDS),
  scope: z.enum(SCOPES),
  eventType: z.string(),
  score: z.number().min(0).max(1),
  timestamp: z.string().describe("ISO 8601"),
  sessionId: z.string().optional(),
  workspaceId: z.string(),
  gitBranch: z.string().optional(),
  gitCommit: z.string().optional(),
  metadata: jsonObject,
  tags: z.array(z.string()),
  anchors: z.array(anchorInput),
  freshness: z
    .enum(FRESHNESS)
    .describe("What became of the code it speaks of: drifted where it changed, orphaned where it is gone"),
  freshnessReason: z.string().optional().describe("What changed, and since which commit where that is known"),
  anchorsNow: z.array(anchorInput).optional().describe("Where anchors are now that are not where they were"),
  visibility: z.enum(["visible", "hidden"]),
  hiddenBecause: z.string().optional(),
  pending: z.boolean().optional(),
  revision: z.int().optional(),
  pinned: z.boolean().optional(),
  validTo: z.string().optional().describe("The commit from which on another memory stands in its place"),
  relations: z
    .array(z.object({ is: z.string(), id: z.string(), since: z.string().optional(), reason: z.string().optional() }))
    .optional()
    .describe("What was said of it and other memories"),
  part: z
    .object({
      index: z.int(),
      count: z.int(),
      start: z.int(),
      end: z.int(),
      headings: z.array(z.string()),
    })
    .optional()
    .describe("Which passage of a long memory this is; memory://{id} has the whole"),
  reasons: z.array(z.string()),
  signals: z.record(z.string(), z.number()).optional().describe("With explain: what each adds to the score"),
});
export type MemoryView = Readonly<z.infer<typeof memoryView>>;
