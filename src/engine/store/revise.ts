import type { JournalEvent } from "../../contract/events.ts";
import type { Memory, Revision } from "../../contract/memory.ts";

const MOST_REVISIONS = 20;
/** Of all revisions that a memory keeps, as JSON in UTF-8. */
const MOST_BYTES = 65_536;

/** The fields whose former values a person may want to see again. */
const KEPT = ["content", "title", "kind", "scope", "tags", "anchors", "metadata"] as const;

/** The memory after the revision, with what it replaced at the end of its history. Pinning is no revision of what a memory says. */
export function revise(memory: Memory, event: Extract<JournalEvent, { type: "revised" }>): Memory {
  const { history, ...rest } = { ...memory, ...event.changes, revision: event.revision };
  const before = Object.fromEntries(
    KEPT.filter((field) => Object.hasOwn(event.changes, field))
      .filter((field) => JSON.stringify(event.changes[field]) !== JSON.stringify(memory[field]))
      .map((field) => [field, memory[field]]),
  ) as Revision["before"];
  const kept =
    Object.keys(before).length === 0 ? history : shortened([...(history ?? []), revisionOf(memory, event, before)]);
  return kept === undefined || kept.length === 0 ? rest : { ...rest, history: kept };
}

function revisionOf(
  memory: Memory,
  { provenance, reason }: Extract<JournalEvent, { type: "revised" }>,
  before: Revision["before"],
): Revision {
  return {
    revision: memory.revision,
    at: provenance.at,
    ...(provenance.author === undefined ? {} : { author: provenance.author }),
    ...(provenance.agent === undefined ? {} : { agent: provenance.agent }),
    ...(reason === undefined ? {} : { reason }),
    before,
  };
}

/** The newest that fit. */
function shortened(history: readonly Revision[]): readonly Revision[] {
  let from = Math.max(0, history.length - MOST_REVISIONS);
  const sizes = history.map((revision) => Buffer.byteLength(JSON.stringify(revision)) + 1);
  let bytes = sizes.slice(from).reduce((sum, size) => sum + size, 1);
  while (bytes > MOST_BYTES) bytes -= sizes[from++] ?? bytes;
  return history.slice(from);
}
