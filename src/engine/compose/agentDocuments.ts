import type { Memory } from "../../contract/memory.ts";

/**
 * The document that an agent has read by itself and this memory is a section of; undefined when there is none. An agent that links one document to
 * the other is told what it has read: nothing here looks at the disk.
 */
export function documentInContext(
  agent: string | undefined,
  { eventType, metadata }: Pick<Memory, "eventType" | "metadata">,
): string | undefined {
  const { document } = metadata;
  if (eventType !== "document" || typeof document !== "object" || document === null || Array.isArray(document))
    return undefined;
  const path = (document as Readonly<Record<string, unknown>>)["path"];
  const own = READ_AT_START.find(({ agents }) => agents.test(agent ?? ""));
  return typeof path === "string" && own?.paths.test(path) === true ? path : undefined;
}

/** What agents put into their context whole when a session starts. */
const READ_AT_START: readonly { readonly agents: RegExp; readonly paths: RegExp }[] = [
  { agents: /^claude/iu, paths: /^CLAUDE\.md$/u },
  { agents: /^(?:github[ -])?copilot/iu, paths: /^(?:AGENTS\.md|\.github\/copilot-instructions\.md)$/u },
  { agents: /^(?:codex|opencode|cursor)/iu, paths: /^AGENTS\.md$/u },
  { agents: /^gemini/iu, paths: /^GEMINI\.md$/u },
];
