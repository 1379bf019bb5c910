import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { type AgentSurroundings, claudeFolder } from "./knownAgents.ts";
import { quoted } from "./launcherScript.ts";

export interface PluginFile {
  readonly file: string;
  readonly text: string;
}

/** What Claude Code reads of a plugin; the package also has what other agents read, and never an MCP server. */
const PARTS = [".claude-plugin", "hooks", "skills"];

/**
 * Claude Code loads a folder below its skills folder that has a `.claude-plugin/plugin.json` as a plugin, in place and without a marketplace
 * (code.claude.com/docs/en/plugins-reference, "skills-directory plugins", since 2.1.157). VS Code, which reads Claude Code's skills and settings
 * too, takes neither hooks nor skills from so deep in that folder, and so gets nothing twice.
 */
export const claudePluginFolder = (where: AgentSurroundings): string => join(claudeFolder(where), "skills", "heirloom");

/**
 * The agent plugin as Claude Code gets it: hooks that run the launcher, and the skill. It brings no MCP server, which would offer every tool a
 * second time. Empty where the extension has no plugin.
 */
export async function claudePluginFiles(
  extensionFolder: string,
  launcher: string,
  where: AgentSurroundings,
): Promise<readonly PluginFile[]> {
  const source = join(extensionFolder, "media", "plugin");
  const names = await readdir(source, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: PluginFile[] = [];
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(source.length + 1).replaceAll(sep, "/");
    if (!PARTS.includes(name.split("/")[0] ?? "")) continue;
    const text = await readFile(path, "utf8");
    files.push({ file: join(claudePluginFolder(where), name), text: rendered(name, text, launcher, where.platform) });
  }
  return files.toSorted((left, right) => (left.file < right.file ? -1 : 1));
}

function rendered(name: string, text: string, launcher: string, platform: NodeJS.Platform): string {
  if (!name.endsWith(".json")) return text;
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return text;
  if (name.endsWith("plugin.json") && "mcpServers" in value) {
    const { mcpServers: _servers, ...rest } = value;
    return `${JSON.stringify(rest, undefined, 2)}\n`;
  }
  if (!isObject(value["hooks"])) return text;
  const hooks = Object.fromEntries(
    Object.entries(value["hooks"]).map(([event, groups]) => [event, withLauncher(groups, event, launcher, platform)]),
  );
  return `${JSON.stringify({ ...value, hooks }, undefined, 2)}\n`;
}

/**
 * The package's hooks look for the launcher in every place where it may be; these are told where it is. Where it is gone, the agent is not
 * bothered.
 */
function withLauncher(groups: unknown, event: string, launcher: string, platform: NodeJS.Platform): unknown {
  // On Windows hooks run in the shell of Git for Windows, which takes slashes and the script without an ending.
  const word = quoted(platform === "win32" ? launcher.replace(/\.cmd$/u, "").replaceAll("\\", "/") : launcher);
  return JSON.parse(
    JSON.stringify(groups, (_key, inner: unknown) => {
      if (!isObject(inner) || typeof inner["command"] !== "string") return inner;
      const given = /\bhook \w+(?: --[\w-]+ [\w-]+)*/u.exec(inner["command"])?.[0] ?? `hook ${event}`;
      return { ...inner, command: `if [ -x ${word} ]; then ${word} ${given}; fi; exit 0` };
    }),
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
