import { isAbsolute, join } from "node:path";
import type { Entry, EntryFormat } from "./configText.ts";
import type { AgentId } from "./connection.ts";
import { jsonConfig } from "./jsonConfig.ts";
import { tomlConfig } from "./tomlConfig.ts";

/** Where an agent looks, as far as that depends on the machine. */
export interface AgentSurroundings {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How one agent is told of an MCP server. */
export interface KnownAgent {
  readonly id: AgentId;
  readonly label: string;
  /** Whichever of these exists shows that the agent was used here. */
  traces(where: AgentSurroundings): readonly string[];
  /** The files it may read, the first that exists being taken, else the first. */
  files(where: AgentSurroundings): readonly string[];
  readonly format: EntryFormat;
  /** The keys above the entry. `get`: what stands under other keys of the file. */
  holder(get: (path: readonly string[]) => unknown): readonly string[];
  entry(command: string, args: readonly string[]): Entry;
  readonly afterwards: string;
}

const underMcpServers = (): readonly string[] => ["mcpServers"];
const commandAndArguments = (command: string, args: readonly string[]): Entry => ({ command, args });

/**
 * Only what could be verified: each says where. Claude Code 2.1.197, Copilot CLI 1.0.102, Codex 0.169, Gemini CLI 0.61 and opencode 1.18 were
 * run on what is written here and listed it. All start a server in the folder that they work on, but for Cursor.
 */
export const KNOWN_AGENTS: readonly KnownAgent[] = [
  {
    // User scope: code.claude.com/docs/en/mcp, with CLAUDE_CONFIG_DIR code.claude.com/docs/en/settings.
    id: "claude-code",
    label: "Claude Code",
    traces: (where) => [claudeFolder(where), claudeFile(where)],
    files: (where) => [claudeFile(where)],
    format: jsonConfig,
    holder: underMcpServers,
    entry: (command, args) => ({ type: "stdio", command, args }),
    afterwards: "Sessions of Claude Code that run now see it after they are started again.",
  },
  {
    // docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers; `tools` is required there. COPILOT_HOME moves the folder.
    id: "copilot-cli",
    label: "Copilot CLI",
    traces: (where) => [copilotFolder(where)],
    files: (where) => [join(copilotFolder(where), "mcp-config.json")],
    format: jsonConfig,
    holder: underMcpServers,
    entry: (command, args) => ({ type: "local", command, args, tools: ["*"] }),
    afterwards: "Copilot CLI sees it when it is started again.",
  },
  {
    // cursor.com/docs/mcp, configuration and "config interpolation". It starts servers of the user's file in the home folder (seen in
    // github.com/vectorize-io/hindsight/pull/4530 and github.com/supermemoryai/cursor-supermemory/pull/6), hence the variable. It is no
    // argument: on Windows those pass through cmd.exe, and a folder's name is for the one who named it to choose.
    id: "cursor",
    label: "Cursor",
    traces: ({ home }) => [join(home, ".cursor")],
    files: ({ home }) => [join(home, ".cursor", "mcp.json")],
    format: jsonConfig,
    holder: underMcpServers,
    entry: (command, args) => ({ command, args, env: { HEIRLOOM_WORKSPACE: "${workspaceFolder}" } }),
    afterwards: "Cursor 3 adds a server switched off: turn it on under Settings, Customize, MCPs.",
  },
  {
    // developers.openai.com/codex/mcp: [mcp_servers.NAME] in config.toml under CODEX_HOME.
    id: "codex",
    label: "Codex",
    traces: (where) => [codexFolder(where)],
    files: (where) => [join(codexFolder(where), "config.toml")],
    format: tomlConfig,
    holder: () => ["mcp_servers"],
    entry: commandAndArguments,
    afterwards: "Codex sees it when it is started again.",
  },
  {
    // github.com/google-gemini/gemini-cli/blob/main/docs/tools/mcp-server.md
    id: "gemini-cli",
    label: "Gemini CLI",
    traces: ({ home }) => [join(home, ".gemini")],
    files: ({ home }) => [join(home, ".gemini", "settings.json")],
    format: jsonConfig,
    holder: underMcpServers,
    entry: commandAndArguments,
    afterwards: "Gemini CLI sees it when it is started again, in folders that it trusts.",
  },
  {
    // zed.dev/docs/ai/mcp; the project's root as working folder: github.com/zed-industries/zed/pull/35271 and /61365.
    id: "zed",
    label: "Zed",
    traces: (where) => [zedFolder(where)],
    files: (where) => [join(zedFolder(where), "settings.json")],
    format: jsonConfig,
    holder: () => ["context_servers"],
    entry: (command, args) => ({ command, args }),
    afterwards: "Zed sees it at once.",
  },
  {
    // opencode.ai/docs/config and /docs/mcp-servers; version 2 has the servers one level deeper (opencode.ai/v2/docs/mcp-servers). The workspace
    // as working folder: github.com/anomalyco/opencode/issues/30677.
    id: "opencode",
    label: "opencode",
    traces: ({ home, environment }) => [opencodeFolder({ home, environment })],
    files: ({ home, environment }) =>
      ["opencode.json", "opencode.jsonc"].map((name) => join(opencodeFolder({ home, environment }), name)),
    format: jsonConfig,
    holder: (get) => {
      const servers = get(["mcp", "servers"]);
      const isGroup = typeof servers === "object" && servers !== null && !("type" in servers);
      return isGroup ? ["mcp", "servers"] : ["mcp"];
    },
    entry: (command, args) => ({ type: "local", command: [command, ...args] }),
    afterwards: "opencode sees it when it is started again.",
  },
];

export function claudeFolder({ home, environment }: Pick<AgentSurroundings, "home" | "environment">): string {
  return named(environment, "CLAUDE_CONFIG_DIR") ?? join(home, ".claude");
}

function claudeFile({ home, environment }: AgentSurroundings): string {
  return join(named(environment, "CLAUDE_CONFIG_DIR") ?? home, ".claude.json");
}

const copilotFolder = ({ home, environment }: AgentSurroundings): string =>
  named(environment, "COPILOT_HOME") ?? join(home, ".copilot");

const codexFolder = ({ home, environment }: AgentSurroundings): string =>
  named(environment, "CODEX_HOME") ?? join(home, ".codex");

function zedFolder({ home, platform, environment }: AgentSurroundings): string {
  if (platform === "win32") return join(named(environment, "APPDATA") ?? join(home, "AppData", "Roaming"), "Zed");
  const config = platform === "linux" ? named(environment, "XDG_CONFIG_HOME") : undefined;
  return join(config ?? join(home, ".config"), "zed");
}

const opencodeFolder = ({ home, environment }: Pick<AgentSurroundings, "home" | "environment">): string =>
  join(named(environment, "XDG_CONFIG_HOME") ?? join(home, ".config"), "opencode");

/** The folder that a variable names. One that is empty or relative names none. */
function named(environment: AgentSurroundings["environment"], name: string): string | undefined {
  const value = environment[name];
  return value !== undefined && isAbsolute(value) ? value : undefined;
}
