import type { ImportLine } from "../../contract/importLine.ts";
import { type Anchor, type Memory, type Provenance, RELATIONS, type Revision } from "../../contract/memory.ts";

/**
 * A memory as one line of JSON, without a line end, its keys in a fixed order: everything that cannot be derived again from the content.
 * `sessionId`, `gitBranch` and `gitCommit` repeat what the provenance holds, for readers that know only the short form.
 */
export function exportLine(memory: Memory): string {
  const { provenance } = memory;
  const line: { [Key in keyof Required<ImportLine>]: unknown } = {
    id: memory.id,
    content: memory.content,
    eventType: memory.eventType,
    kind: memory.kind,
    scope: memory.scope,
    title: memory.title,
    tags: memory.tags,
    metadata: memory.metadata,
    timestamp: new Date(memory.timestamp).toISOString(),
    sessionId: memory.sessionId,
    gitBranch: provenance.branch,
    gitCommit: provenance.commit,
    anchors: memory.anchors.map(anchorKeys),
    ttlSeconds: memory.ttlSeconds,
    expiresAt: memory.expiresAt === undefined ? undefined : new Date(memory.expiresAt).toISOString(),
    provenance: provenanceKeys(provenance),
    mergedFrom: memory.mergedFrom.map(provenanceKeys),
    revision: memory.revision,
    history: memory.history?.map(revisionKeys),
    pinned: memory.pinned === true ? true : undefined,
    relations: relationKeys(memory),
    flags: memory.flags,
  };
  return JSON.stringify(line);
}

/** Keys in a fixed order, whatever made the object. JSON leaves out what is undefined. */
const anchorKeys = (anchor: Anchor): Readonly<Record<keyof Anchor, unknown>> => ({
  path: anchor.path,
  symbol: anchor.symbol,
  startLine: anchor.startLine,
  endLine: anchor.endLine,
});

const revisionKeys = (revision: Revision): Readonly<Record<keyof Revision, unknown>> => ({
  revision: revision.revision,
  at: revision.at,
  author: revision.author,
  agent: revision.agent,
  reason: revision.reason,
  before: {
    content: revision.before.content,
    title: revision.before.title,
    kind: revision.before.kind,
    scope: revision.before.scope,
    tags: revision.before.tags,
    anchors: revision.before.anchors?.map(anchorKeys),
    metadata: revision.before.metadata,
  },
});

/** What the other one holds is said with that one. Of those that hold it both ways, the one with the lesser id says it. */
function relationKeys({ id, relations = [] }: Memory): ImportLine["relations"] | undefined {
  const said = relations.flatMap(({ is, id: other, since, at, author, agent, reason }) => {
    const name = RELATIONS.find((one) => one === is);
    if (name === undefined || (name === "compatible" && other < id)) return [];
    return [{ is: name, id: other, since, at, author, agent, reason }];
  });
  return said.length === 0 ? undefined : said;
}

const provenanceKeys = (provenance: Provenance): Readonly<Record<keyof Provenance, unknown>> => ({
  at: provenance.at,
  author: provenance.author,
  agent: provenance.agent,
  sessionId: provenance.sessionId,
  branch: provenance.branch,
  commit: provenance.commit,
  dirty: provenance.dirty,
  pending: provenance.pending,
  worktree: provenance.worktree,
});
