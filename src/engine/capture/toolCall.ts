import type { HookInput } from "../../contract/hooks.ts";

/** What an agent's tool does, as far as a memory cares. */
export interface ToolCall {
  readonly kind: "edit" | "read" | "command" | "other";
  /** As the agent wrote them. */
  readonly paths: readonly string[];
  readonly command?: string;
}

/** Names of Claude Code, VS Code, Copilot CLI and Codex, in lower case without separators. */
const EDITS = new Set(
  "edit write multiedit notebookedit createfile writefile replacestringinfile multireplacestringinfile inserteditintofile applypatch editnotebookfile editfiles create strreplaceeditor".split(
    " ",
  ),
);
const READS = new Set("read view readfile notebookread".split(" "));
const COMMANDS = new Set("bash shell runinterminal runcommands powershell localshell runshellcommand".split(" "));

const PATH_FIELDS = ["file_path", "filePath", "path", "notebook_path", "notebookPath"] as const;
const MOST_PATHS = 20;

export function readToolCall({ tool_name, tool_input = {} }: Pick<HookInput, "tool_name" | "tool_input">): ToolCall {
  const name = (tool_name ?? "")
    .replace(/^copilot_/u, "")
    .replace(/[^a-z]/giu, "")
    .toLowerCase();
  if (COMMANDS.has(name)) {
    const given = tool_input["command"] ?? tool_input["cmd"];
    const command = Array.isArray(given) ? given.filter((part) => typeof part === "string").join(" ") : given;
    return { kind: "command", paths: [], ...(typeof command === "string" ? { command } : {}) };
  }
  const kind = EDITS.has(name) ? "edit" : READS.has(name) ? "read" : "other";
  return { kind, paths: kind === "other" ? [] : [...new Set(pathsOf(tool_input))].slice(0, MOST_PATHS) };
}

function pathsOf(input: Readonly<Record<string, unknown>>): readonly string[] {
  const direct = PATH_FIELDS.map((field) => input[field]).filter((path) => typeof path === "string" && path !== "");
  const lists = [input["files"], input["edits"], input["replacements"]].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  );
  const listed = lists.flatMap((one) =>
    typeof one === "string"
      ? [one]
      : typeof one === "object" && one !== null
        ? PATH_FIELDS.map((field) => (one as Readonly<Record<string, unknown>>)[field])
        : [],
  );
  const patch = [input["input"], input["patch"]].find((text) => typeof text === "string") ?? "";
  const patched = [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gmu)].map((match) => match[1]);
  return [...direct, ...listed, ...patched].filter((path): path is string => typeof path === "string" && path !== "");
}
