import type { MemoryView } from "../../contract/memory.ts";
import type { Recalled } from "../seams.ts";

/** A recalled memory as tools and the CLI show it. `content` is the passage that matched where the memory has several. */
export function memoryView(recalled: Recalled, explained = false): MemoryView {
  const { memory, visible, hiddenBecause, freshness } = recalled;
  const { provenance } = memory;
  const passage = passageOf(recalled);
  return {
    id: memory.id,
    content: passage === undefined ? memory.content : memory.content.slice(passage.start, passage.end),
    ...(memory.title === undefined ? {} : { title: memory.title }),
    kind: memory.kind,
    scope: memory.scope,
    eventType: memory.eventType,
    score: recalled.score,
    timestamp: new Date(memory.timestamp).toISOString(),
    ...(memory.sessionId === undefined ? {} : { sessionId: memory.sessionId }),
    workspaceId: memory.workspaceId,
    ...(provenance.branch === undefined ? {} : { gitBranch: provenance.branch }),
    ...(provenance.commit === undefined ? {} : { gitCommit: provenance.commit }),
    metadata: memory.metadata,
    tags: [...memory.tags],
    anchors: [...memory.anchors],
    ...freshnessFields(memory, freshness),
    visibility: visible ? "visible" : "hidden",
    ...(hiddenBecause === undefined ? {} : { hiddenBecause }),
    ...(provenance.pending ? { pending: true } : {}),
    ...(memory.revision > 1 ? { revision: memory.revision } : {}),
    ...(memory.pinned === true ? { pinned: true } : {}),
    ...relationsOf(memory),
    ...(passage === undefined ? {} : { part: passage }),
    reasons: [...recalled.reasons],
    ...(explained && recalled.signals !== undefined ? { signals: recalled.signals() } : {}),
  };
}

function relationsOf({ relations = [] }: Recalled["memory"]): Pick<MemoryView, "relations" | "validTo"> {
  if (relations.length === 0) return {};
  const validTo = relations.find(({ until }) => until !== undefined)?.until;
  return {
    ...(validTo === undefined ? {} : { validTo }),
    relations: relations.map(({ is, id, since, reason }) => ({
      ...{ is, id },
      ...(since === undefined ? {} : { since }),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

/** Until anchors are compared with the code, nothing may be called fresh. */
function freshnessFields(
  { anchors }: Recalled["memory"],
  known: Recalled["freshness"],
): Pick<MemoryView, "freshness" | "freshnessReason" | "anchorsNow"> {
  if (known === undefined) return { freshness: anchors.length === 0 ? "unanchored" : "unchecked" };
  const moved = known.anchors.flatMap(({ now }) => (now === undefined ? [] : [now]));
  return {
    freshness: known.freshness,
    ...(known.why === undefined ? {} : { freshnessReason: known.why }),
    ...(moved.length === 0 ? {} : { anchorsNow: moved }),
  };
}

function passageOf({ memory, part }: Recalled): MemoryView["part"] {
  const passage = part === undefined ? undefined : memory.parts[part];
  if (part === undefined || passage === undefined) return undefined;
  const { start, end, headings } = passage;
  return { index: part, count: memory.parts.length, start, end, headings: [...headings] };
}
