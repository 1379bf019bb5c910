import type { MemoryChanges } from "../contract/events.ts";
import type { Memory } from "../contract/memory.ts";
import type { MergeStrategy, UpsertReport } from "../contract/upsert.ts";
import { relateTexts } from "./relateTexts.ts";
import type { Admitted } from "./seams.ts";

/** What is done with an item that says much the same as a memory that is there. */
export type Fold =
  | { readonly outcome: "skipped"; readonly reason: string }
  /** It becomes a memory of its own. */
  | { readonly outcome: "created"; readonly reason: string; readonly conflict: NonNullable<UpsertReport["conflict"]> }
  | {
      readonly outcome: "merged";
      readonly reason: string;
      /** Beside the tags, metadata and anchors that it lacks, which it takes over. */
      readonly changes: MemoryChanges;
      /** A text that no side has as it is, still to be admitted. */
      readonly text?: string;
      readonly conflict?: NonNullable<UpsertReport["conflict"]>;
    };

export interface Incoming {
  readonly admitted: Admitted;
  /** Whether the caller named a kind. */
  readonly kindNamed: boolean;
  /** Milliseconds since the epoch from which on it is never returned. */
  readonly expiresAt?: number;
}

/**
 * What a strategy makes of the two. `skip`: nothing is stored. `prefer_existing`: its text stays. `prefer_newer`: the incoming text, title, kind,
 * expiry and metadata take the place of the existing ones. `combine`: what only the incoming one says is appended. `intelligent`: texts that
 * contradict stay two; the one that says more wins, else the newer. In all of them tags, anchors and metadata of both are kept.
 */
export function foldMemories(existing: Memory, incoming: Incoming, strategy: MergeStrategy): Fold {
  const { admitted } = incoming;
  const { relation, differing } = relateTexts(existing.content, admitted.content);
  const differs = differing.existing.length + differing.incoming.length > 0;
  const conflict = differs
    ? { conflict: { id: existing.id, existing: [...differing.existing], incoming: [...differing.incoming] } }
    : {};
  switch (strategy) {
    case "skip":
      return { outcome: "skipped", reason: "something like it is known already" };
    case "prefer_existing":
      return { outcome: "merged", reason: "the existing text was kept", changes: {}, ...conflict };
    case "prefer_newer":
      return { outcome: "merged", reason: "the newer text was taken", changes: allOf(existing, incoming), ...conflict };
    case "combine": {
      const more = whatIsNew(existing.content, admitted.content);
      return more === ""
        ? { outcome: "merged", reason: "it adds nothing to the existing text", changes: {} }
        : {
            ...{ outcome: "merged", reason: "what it adds was appended", changes: {}, ...conflict },
            text: `${existing.content.trimEnd()}\n\n${more}`,
          };
    }
    case "intelligent":
  }
  switch (relation) {
    case "contradicts":
      return {
        outcome: "created",
        reason: "they contradict one another: both are kept, revise or forget the one that does not hold",
        conflict: { id: existing.id, existing: [...differing.existing], incoming: [...differing.incoming] },
      };
    case "same":
      return { outcome: "merged", reason: "both say the same", changes: {} };
    case "existing says more":
      return { outcome: "merged", reason: "the existing text says more", changes: {} };
    case "incoming says more":
      return { outcome: "merged", reason: "the incoming text says more", changes: textOf(admitted) };
    case "reworded":
      return { outcome: "merged", reason: "the newer text was taken", changes: textOf(admitted) };
  }
}

const textOf = ({ content, tokens, parts, flags, signature }: Admitted): MemoryChanges => ({
  content,
  tokens,
  parts,
  flags,
  signature,
});

function allOf(existing: Memory, { admitted, kindNamed, expiresAt }: Incoming): MemoryChanges {
  const { title, kind, ttlSeconds } = admitted;
  const given: MemoryChanges = {
    ...textOf(admitted),
    metadata: { ...existing.metadata, ...admitted.metadata },
    ...(title === undefined ? {} : { title }),
    ...(kindNamed ? { kind } : {}),
    ...(ttlSeconds === undefined || expiresAt === undefined ? {} : { ttlSeconds, expiresAt }),
  };
  const changed = Object.entries(given).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(existing[field as keyof Memory]),
  );
  return Object.fromEntries(changed);
}

/** Sentences and lines of the incoming text that the existing one does not hold, word for word, with their order and lines. */
function whatIsNew(existing: string, incoming: string): string {
  const known = new Set(piecesOf(existing).map(plain));
  const pieces = piecesOf(incoming).filter((piece) => plain(piece) === "" || !known.has(plain(piece)));
  return pieces
    .join("")
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
}

/** Lines, and the sentences in them, each with the white space after it. Of text between code fences whole lines. */
function piecesOf(text: string): readonly string[] {
  let fenced = false;
  return text.split(/(?<=\n)/u).flatMap((line) => {
    if (/^\s*(?:`{3,}|~{3,})/u.test(line)) {
      fenced = !fenced;
      return [line];
    }
    return fenced ? [line] : line.split(/(?<=[.!?。！？]["')\]]?\s+)/u);
  });
}

const plain = (piece: string): string => piece.toLowerCase().replace(/\s+/gu, " ").trim();
