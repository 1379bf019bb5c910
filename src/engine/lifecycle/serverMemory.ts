import { z } from "zod";
import { HeirloomError } from "../../contract/errors.ts";
import type { ImportLine } from "../../contract/importLine.ts";
import { resolveKind } from "../../contract/kinds.ts";

/** Lines of the file that @modelcontextprotocol/server-memory (read in 2026.8.31, dist/index.js, saveGraph) writes. */
const entity = z.object({
  type: z.literal("entity"),
  name: z.string().min(1),
  entityType: z.string(),
  observations: z.array(z.string()),
});
const relation = z.object({
  type: z.literal("relation"),
  from: z.string().min(1),
  to: z.string().min(1),
  relationType: z.string().min(1),
});
const line = z.discriminatedUnion("type", [entity, relation]);
/** Whether a line is one of theirs and none of ours, well-formed or not: ours has `content` and no `type`. */
export function isServerMemoryLine(value: unknown): boolean {
  if (typeof value !== "object" || value === null || "content" in value || !("type" in value)) return false;
  return value.type === "entity" || value.type === "relation";
}

/**
 * An entity with its observations becomes one memory, its kind that of its type where we know it, else fact; a relation becomes one fact.
 * The names as they were are kept in `metadata.serverMemory`. The file holds no times: the line has none. INVALID_INPUT with the field.
 */
export function memoryFromServerMemory(value: unknown): ImportLine {
  const parsed = line.safeParse(value);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: issue.message }));
    const list = fields.map(({ field, message }) => `${field}: ${message}`).join("; ");
    throw new HeirloomError("INVALID_INPUT", `a line of server-memory with ${list}`, { fields });
  }
  return parsed.data.type === "entity" ? fromEntity(parsed.data) : fromRelation(parsed.data);
}

function fromEntity({ name, entityType, observations }: z.infer<typeof entity>): ImportLine {
  // The name stands in the text too: two entities with the same observations are two memories, not duplicates.
  const heading = entityType.trim() === "" ? name : `${name} (${entityType})`;
  const title = titleOf(name);
  return {
    content: [heading, ...observations.map((observation) => `- ${observation}`)].join("\n"),
    eventType: "entity",
    kind: entityType.length <= 64 && resolveKind(entityType) !== undefined ? entityType : "fact",
    ...(title === undefined ? {} : { title }),
    metadata: { serverMemory: { type: "entity", name, entityType } },
  };
}

function fromRelation({ from, to, relationType }: z.infer<typeof relation>): ImportLine {
  return {
    content: `${from} ${relationType} ${to}`,
    eventType: "relation",
    kind: "fact",
    metadata: { serverMemory: { type: "relation", from, to, relationType } },
  };
}

/** A title holds 300 characters at most, none of them half of a surrogate pair; the whole name is in the content. */
function titleOf(name: string): string | undefined {
  const title = name
    .slice(0, 300)
    .replace(/[\ud800-\udbff]$/, "")
    .trim();
  return title === "" ? undefined : title;
}
