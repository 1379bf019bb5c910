import type { ImportLine } from "../../contract/importLine.ts";
import type { Provenance, Revision } from "../../contract/memory.ts";
import type { RememberRequest } from "../../contract/peer.ts";
import type { Candidate } from "../../contract/peer.ts";

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

/** Milliseconds since the epoch; a time without an offset is taken as UTC, so that an import means the same on every machine. */
export function timeOfLine(line: ImportLine): number | undefined {
  return line.timestamp === undefined ? undefined : milliseconds(line.timestamp);
}

/** What an export says of a memory that no capture decides. */
export function restoredOfLine(line: ImportLine): NonNullable<RememberRequest["restored"]> {
  return {
    ...(line.id === undefined ? {} : { id: line.id }),
    ...(line.mergedFrom === undefined ? {} : { mergedFrom: line.mergedFrom.map(definedProvenance) }),
    ...(line.revision === undefined ? {} : { revision: line.revision }),
    ...(line.history === undefined ? {} : { history: line.history.map(revisionOf) }),
    ...(line.pinned === undefined ? {} : { pinned: line.pinned }),
    ...(line.flags === undefined ? {} : { flags: line.flags }),
    ...(line.expiresAt === undefined ? {} : { expiresAt: milliseconds(line.expiresAt) }),
  };
}

/** Where a line says it comes from; what it leaves open is `here`. A line with `gitCommit` is neither dirty nor pending. */
export function provenanceOfLine(line: ImportLine, here: Provenance): Provenance {
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

function revisionOf(from: NonNullable<ImportLine["history"]>[number]): Revision {
  return { ...definedKeys(from), before: definedKeys(from.before) };
}

/** Without the keys that are undefined, which exact optional properties do not allow. */
function definedProvenance(from: { readonly [Key in keyof Provenance]: Provenance[Key] | undefined }): Provenance {
  return definedKeys(from);
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const definedKeys = <T extends object>(from: T): Defined<T> =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as Defined<T>;

const milliseconds = (iso: string): number => Date.parse(/(?:z|[+-]\d{2}:?\d{2})$/iu.test(iso) ? iso : `${iso}Z`);
