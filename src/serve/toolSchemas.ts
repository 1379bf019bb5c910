import { z } from "zod";
import { PROFILES, type Profile, TOOLS, type ToolName } from "../contract/tools.ts";
import type { Tool } from "./mcpSdk.ts";

export const TOOL_NAMES = Object.keys(TOOLS) as readonly ToolName[];

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/**
 * The tools of the chosen profiles as `tools/list` shows them, derived from the contract once a process. They carry no outputSchema: it
 * would cost every conversation about 1,000 tokens more than the inputs do, and docs/reference/tools.md has the shapes.
 */
export function listTools(profiles: readonly Profile[]): readonly Tool[] {
  return TOOL_NAMES.filter((name) => profiles.includes(TOOLS[name].profile)).map(describeTool);
}

/** Reads `core,code` or `all`; undefined when a name is unknown. An empty text is the core profile. */
export function parseProfiles(text: string): readonly Profile[] | undefined {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) return ["core"];
  if (names.includes("all")) return PROFILES;
  if (!names.every((name) => (PROFILES as readonly string[]).includes(name))) return undefined;
  return PROFILES.filter((profile) => names.includes(profile));
}

const described = new Map<ToolName, Tool>();

function describeTool(name: ToolName): Tool {
  const known = described.get(name);
  if (known !== undefined) return known;
  const { title, description, input, annotations } = TOOLS[name];
  const tool: Tool = { name, title, description, inputSchema: inputSchemaOf(input), annotations };
  described.set(name, tool);
  return tool;
}

function inputSchemaOf(input: z.ZodType): Tool["inputSchema"] {
  const schema = shorten(z.toJSONSchema(input, { io: "input", reused: "inline" })) as Record<string, unknown>;
  delete schema["$schema"];
  delete schema["$defs"];
  return { ...schema, type: "object" };
}

/**
 * Drops what only costs tokens: the bounds that every safe integer has, least lengths of 1, and the recursive definition of JSON under
 * free-form objects. zod still checks all of it.
 */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, inner]) => !(key === "maximum" && inner === Number.MAX_SAFE_INTEGER))
    .filter(([key, inner]) => !(key === "minLength" && inner === 1))
    .filter(([key]) => key !== "propertyNames")
    .filter(([key, inner]) => !(key === "additionalProperties" && typeof inner === "object"));
  return Object.fromEntries(entries.map(([key, inner]) => [key, shorten(inner)]));
}
