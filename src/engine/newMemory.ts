import type { Memory } from "../contract/memory.ts";
import type { RememberRequest } from "../contract/peer.ts";
import type { Admitted } from "./seams.ts";

export type NewMemoryRequest = Pick<
  RememberRequest,
  "workspaceId" | "provenance" | "timestamp" | "sessionId" | "restored"
>;

/** What an admitted candidate becomes that no other memory stands for; `now`, milliseconds since the epoch, is when it happened unless the request says. */
export function newMemory(
  id: string,
  request: NewMemoryRequest,
  admitted: Admitted,
  now: number,
  fingerprints: Memory["fingerprints"] = {},
): Memory {
  const timestamp = request.timestamp ?? now;
  const { restored } = request;
  const expiresAt =
    restored?.expiresAt ?? (admitted.ttlSeconds === undefined ? undefined : timestamp + admitted.ttlSeconds * 1000);
  return {
    id,
    kind: admitted.kind,
    scope: admitted.scope,
    eventType: admitted.eventType,
    content: admitted.content,
    ...(admitted.title === undefined ? {} : { title: admitted.title }),
    tags: admitted.tags,
    metadata: admitted.metadata,
    anchors: admitted.anchors,
    ...(Object.keys(fingerprints).length === 0 ? {} : { fingerprints }),
    timestamp,
    ...(request.sessionId === undefined ? {} : { sessionId: request.sessionId }),
    workspaceId: request.workspaceId,
    ...(admitted.ttlSeconds === undefined ? {} : { ttlSeconds: admitted.ttlSeconds }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    provenance: request.provenance,
    mergedFrom: restored?.mergedFrom ?? [],
    tokens: admitted.tokens,
    parts: admitted.parts,
    revision: restored?.revision ?? 1,
    ...(restored?.history === undefined || restored.history.length === 0 ? {} : { history: restored.history }),
    ...(restored?.pinned === true ? { pinned: true } : {}),
    flags: [...new Set([...(restored?.flags ?? []), ...admitted.flags])],
    signature: admitted.signature,
  };
}
