import { HeirloomError } from "../contract/errors.ts";
import type { JournalEvent, MemoryChanges, MergedInto } from "../contract/events.ts";
import type { Memory, Provenance } from "../contract/memory.ts";
import type { MergeRequest } from "../contract/peer.ts";
import { revisedEvent } from "./revisions.ts";
import { isSameOrigin } from "./store/unmerge.ts";

export interface Merging extends MergeRequest {
  /** What else changes in the kept one. */
  readonly changes: MemoryChanges;
  readonly undoToken: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * What makes one memory of two when it is appended at once: the kept one takes over every origin, and the tags, metadata and anchors that it
 * lacks, then its new text and the pin; the other is forgotten. INVALID_INPUT when one belongs to a session and the other does not.
 */
export function mergeEvents(keep: Memory, drop: Memory, merging: Merging): readonly JournalEvent[] {
  if ((keep.scope === "session") !== (drop.scope === "session"))
    throw new HeirloomError(
      "INVALID_INPUT",
      "A session's memory can't be merged with one that outlives the session: change its scope first.",
    );
  const nothing = { tags: [], metadata: {}, anchors: [] };
  const { tags, metadata, anchors } = drop;
  const origins = [drop.provenance, ...drop.mergedFrom].map((provenance, index): JournalEvent => ({
    type: "merged",
    id: keep.id,
    provenance,
    ...(index === 0 ? { tags, metadata, anchors, ...printsOf(keep, drop) } : nothing),
  }));
  const changes = { ...merging.changes, ...(drop.pinned === true && keep.pinned !== true ? { pinned: true } : {}) };
  const revised =
    Object.keys(changes).length === 0
      ? []
      : [
          revisedEvent(
            { id: keep.id, provenance: merging.provenance, reason: `merged with ${drop.id}` },
            changes,
            keep.revision + 1,
          ),
        ];
  const { undoToken, now: at } = merging;
  const merged = mergedInto(keep, { revised: revised.length > 0, origins: [drop.provenance, ...drop.mergedFrom] });
  return [...origins, ...revised, { type: "forgotten", ids: [drop.id], undoToken, at, merged }];
}

/** Of anchors of both what the kept one has stays. */
const printsOf = (keep: Memory, drop: Memory): Pick<Memory, "fingerprints"> =>
  drop.fingerprints === undefined ? {} : { fingerprints: { ...drop.fingerprints, ...keep.fingerprints } };

/** What has to be known of the kept one as it was, so that a merge with memories of these origins can be taken back. */
export function mergedInto(
  keep: Memory,
  { revised, origins }: { readonly revised: boolean; readonly origins: readonly Provenance[] },
): MergedInto {
  const { id, revision, title, ttlSeconds, expiresAt } = keep;
  const { content, tokens, parts, flags, signature, tags, metadata, anchors, kind, pinned = false } = keep;
  const optional = { title, ttlSeconds, expiresAt };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  const known = [keep.provenance, ...keep.mergedFrom];
  return {
    id,
    revision: revision + (revised ? 1 : 0),
    before: { content, tokens, parts, flags, signature, tags, metadata, anchors, kind, pinned, ...given },
    absent: OPTIONAL.filter((field) => optional[field] === undefined),
    revised,
    origins: origins.filter((one) => !known.some((other) => isSameOrigin(one, other))),
  };
}

const OPTIONAL = ["title", "ttlSeconds", "expiresAt"] as const;
