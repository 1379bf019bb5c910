import type { JournalEvent, MemoryChanges } from "../contract/events.ts";
import type { Memory, Revision } from "../contract/memory.ts";
import type { RememberRequest, ReviseRequest } from "../contract/peer.ts";
import type { Admission } from "./seams.ts";

/** What a request changes in a memory, admitted as a capture is. INVALID_INPUT, PAYLOAD_TOO_LARGE, FORBIDDEN_PATH. */
export async function admitChanges(
  admission: Admission,
  before: Memory,
  request: Pick<ReviseRequest, "workspace" | "changes">,
  now: number,
): Promise<MemoryChanges> {
  const { pinned, ...given } = request.changes;
  const pin = pinned === undefined ? {} : { pinned };
  if (Object.keys(given).length === 0) return pin;
  const admitted = await admission.admit(
    {
      content: before.content,
      eventType: before.eventType,
      kind: before.kind,
      scope: before.scope,
      tags: before.tags,
      metadata: before.metadata,
      anchors: before.anchors,
      ...(before.title === undefined ? {} : { title: before.title }),
      ...given,
    },
    { workspace: request.workspace },
  );
  const { content, tokens, parts, flags, signature } = admitted;
  return {
    ...(given.content === undefined ? {} : { content, tokens, parts, flags, signature }),
    ...(given.kind === undefined ? {} : { kind: admitted.kind, metadata: admitted.metadata }),
    ...(given.scope === undefined ? {} : { scope: admitted.scope }),
    ...(given.title === undefined || admitted.title === undefined ? {} : { title: admitted.title }),
    ...(given.tags === undefined ? {} : { tags: admitted.tags }),
    ...(given.metadata === undefined ? {} : { metadata: admitted.metadata }),
    ...(given.anchors === undefined ? {} : { anchors: admitted.anchors }),
    ...(given.ttlSeconds === undefined
      ? {}
      : { ttlSeconds: given.ttlSeconds, expiresAt: now + given.ttlSeconds * 1000 }),
    ...pin,
  };
}

export function revisedEvent(
  { id, provenance, reason }: Pick<ReviseRequest, "id" | "provenance" | "reason">,
  changes: MemoryChanges,
  revision: number,
): Extract<JournalEvent, { type: "revised" }> {
  return { type: "revised", id, revision, changes, provenance, ...(reason === undefined ? {} : { reason }) };
}

/**
 * The history that an import brings along, screened as its content is: a revision that could not be stored today is left out, and what it
 * held of secrets is taken out.
 */
export async function admitHistory(
  admission: Admission,
  history: readonly Revision[],
  request: Pick<RememberRequest, "candidate" | "workspace">,
): Promise<readonly Revision[]> {
  const candidates = history.map(({ before }) => {
    const { content = request.candidate.content, title, tags, anchors, metadata } = before;
    const given = { title, tags, anchors, metadata };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return { content, eventType: request.candidate.eventType, ...named };
  });
  const admitted = await admission.admitMany(candidates, { workspace: request.workspace });
  return history.flatMap((revision, index) => {
    const one = admitted[index];
    if (one === undefined || one instanceof Error) return [];
    const { before } = revision;
    return {
      ...revision,
      before: {
        ...before,
        ...(before.content === undefined ? {} : { content: one.content }),
        ...(before.title === undefined || one.title === undefined ? {} : { title: one.title }),
        ...(before.tags === undefined ? {} : { tags: one.tags }),
        ...(before.metadata === undefined ? {} : { metadata: one.metadata }),
        ...(before.anchors === undefined ? {} : { anchors: one.anchors }),
      },
    };
  });
}
