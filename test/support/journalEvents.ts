import type { JournalEvent, RecordedEvent } from "../../src/contract/events.ts";
import type { Memory } from "../../src/contract/memory.ts";
import type { Logger } from "../../src/engine/ports.ts";

export const silentLogger: Logger = { log: () => undefined };

export function captured(id: string, content = `content of ${id}`): JournalEvent {
  const memory: Memory = {
    id,
    kind: "note",
    scope: "lineage",
    eventType: "test",
    content,
    tags: [],
    metadata: {},
    anchors: [],
    timestamp: 1,
    workspaceId: "w",
    provenance: { at: 1, dirty: false, pending: false },
    mergedFrom: [],
    tokens: 1,
    parts: [],
    revision: 1,
    flags: [],
    signature: "",
  };
  return { type: "captured", memory };
}

export function forgotten(ids: readonly string[]): JournalEvent {
  return { type: "forgotten", ids, undoToken: "u", at: 1 };
}

/** The living contents by id, as a projection would hold them. */
export type Living = ReadonlyMap<string, { readonly seq: number; readonly event: JournalEvent }>;

export function apply(before: Living, events: readonly RecordedEvent[]): Living {
  const living = new Map(before);
  for (const { seq, event } of events) {
    if (event.type === "captured") living.set(event.memory.id, { seq, event });
    else if (event.type === "forgotten") for (const id of event.ids) living.delete(id);
  }
  return living;
}

export function living(events: readonly RecordedEvent[]): Living {
  return apply(new Map(), events);
}
