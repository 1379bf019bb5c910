import type { ImportLine } from "../../contract/importLine.ts";
import type { Memory, Provenance } from "../../contract/memory.ts";
import type { Admitted, Candidate } from "../seams.ts";

/** What admission has to see of an imported line. */
export function candidateOfLine(line: ImportLine): Candidate {
  return {
    content: line.content,
    eventType: line.eventType,
    ...(line.kind === undefined ? {} : { kind: line.kind }),
    ...(line.scope === undefined ? {} : { scope: line.scope }),
    ...(line.title === undefined ? {} : { title: line.title }),
    ...(line.tags === undefined ? {} : { tags: line.tags }),
    ...(line.metadata === undefined ? {} : { metadata: line.metadata }),
    ...(line.anchors === undefined ? {} : { anchors: line.anchors }),
    ...(line.ttlSeconds === undefined ? {} : { ttlSeconds: line.ttlSeconds }),
  };
}

/** What a line may leave open, and what then holds. */
export interface ImportDefaults {
  /** A new id, used when the line brings none (or one that is taken). */
  readonly id: string;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of the place that imports; what a line names replaces it, and a line with `gitCommit` is neither dirty nor pending. */
  readonly provenance: Provenance;
}

/**
 * The memory that an imported line stands for, once its candidate was admitted. A line of our own export gives the memory that was exported.
 * A time without an offset is taken as UTC, so that an import means the same on every machine.
 */
export function memoryOfLine(line: ImportLine, admitted: Admitted, defaults: ImportDefaults): Memory {
  const provenance = provenanceOfLine(line, defaults.provenance);
  const timestamp = line.timestamp === undefined ? defaults.now : milliseconds(line.timestamp);
  const sessionId = line.sessionId ?? provenance.sessionId;
  const expiresAt = expiryOf(line, admitted, timestamp);
  return {
    id: line.id ?? defaults.id,
    kind: admitted.kind,
    scope: admitted.scope,
    eventType: admitted.eventType,
    content: admitted.content,
    ...(admitted.title === undefined ? {} : { title: admitted.title }),
    tags: admitted.tags,
    metadata: admitted.metadata,
    anchors: admitted.anchors,
    timestamp,
    ...(sessionId === undefined ? {} : { sessionId }),
    workspaceId: defaults.workspaceId,
    ...(admitted.ttlSeconds === undefined ? {} : { ttlSeconds: admitted.ttlSeconds }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    provenance,
    mergedFrom: (line.mergedFrom ?? []).map(definedProvenance),
    tokens: admitted.tokens,
    parts: admitted.parts,
    revision: line.revision ?? 1,
    // What was redacted before the export cannot be seen again in the text.
    flags: [...new Set([...(line.flags ?? []), ...admitted.flags])],
    signature: admitted.signature,
  };
}

function provenanceOfLine(line: ImportLine, here: Provenance): Provenance {
  if (line.provenance !== undefined) return definedProvenance(line.provenance);
  return definedProvenance({
    ...here,
    sessionId: line.sessionId ?? here.sessionId,
    branch: line.gitBranch ?? here.branch,
    ...(line.gitCommit === undefined
      ? {}
      : { commit: line.gitCommit, dirty: false, pending: false, worktree: undefined }),
  });
}

/** Without the keys that are undefined, which exact optional properties do not allow. */
function definedProvenance(from: { readonly [Key in keyof Provenance]: Provenance[Key] | undefined }): Provenance {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as unknown as Provenance;
}

/** A time to live counts from when the thing happened, as it did where the line comes from. */
function expiryOf(line: ImportLine, admitted: Admitted, timestamp: number): number | undefined {
  if (line.expiresAt !== undefined) return milliseconds(line.expiresAt);
  return admitted.ttlSeconds === undefined ? undefined : timestamp + admitted.ttlSeconds * 1000;
}

const milliseconds = (iso: string): number => Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/iu.test(iso) ? iso : `${iso}Z`);
