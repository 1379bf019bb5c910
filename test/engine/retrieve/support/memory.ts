import { createHash } from "node:crypto";
import type { Memory } from "../../../../src/contract/memory.ts";

/** A memory with everything that a test does not name filled in. */
export function memoryOf(given: Partial<Memory> & { readonly id: string }): Memory {
  const content = given.content ?? `memory ${given.id}`;
  return {
    kind: "note",
    scope: "repo",
    eventType: "note",
    content,
    tags: [],
    metadata: {},
    anchors: [],
    timestamp: 1_700_000_000_000,
    workspaceId: "workspace",
    provenance: { at: 1_700_000_000_000, dirty: false, pending: false },
    mergedFrom: [],
    tokens: 1,
    parts: [],
    revision: 1,
    flags: [],
    signature: `t:${createHash("sha256").update(content.replace(/\s+/gu, " ").trim()).digest("base64")}`,
    ...given,
  };
}
