import type { JournalEvent, RecordedEvent } from "../../../src/contract/events.ts";
import type { Memory, Provenance } from "../../../src/contract/memory.ts";
import type { LineageView } from "../../../src/engine/seams.ts";

export const provenance = (changes: Partial<Provenance> = {}): Provenance => ({
  at: 1,
  dirty: false,
  pending: false,
  ...changes,
});

export const memory = (id: string, changes: Partial<Memory> = {}): Memory => ({
  id,
  kind: "note",
  scope: "repo",
  eventType: "test",
  content: `content of ${id}`,
  tags: [],
  metadata: {},
  anchors: [],
  timestamp: 1000,
  workspaceId: "workspace",
  provenance: provenance(),
  mergedFrom: [],
  tokens: 3,
  parts: [],
  revision: 1,
  flags: [],
  signature: "m1:AAAA",
  ...changes,
});

export const captured = (id: string, changes: Partial<Memory> = {}): JournalEvent => ({
  type: "captured",
  memory: memory(id, changes),
});

/** Events in the order given, numbered from `first`. */
export const recorded = (events: readonly JournalEvent[], first = 1): readonly RecordedEvent[] =>
  events.map((event, at) => ({ seq: first + at, event }));

export const view = (changes: Partial<LineageView> = {}): LineageView => ({ visibleCommits: new Set(), ...changes });
