import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AgentConnections, connectAgents } from "../../../src/serve/agents/connectAgents.ts";
import { temporaryFolder } from "../../support/repository.ts";

/** A home folder with nothing in it, a data folder and an extension with a plugin, each with a space in its path. */
export class AgentScene implements Disposable {
  readonly home: string;
  readonly dataFolder: string;
  readonly extensionFolder: string;
  readonly launcher: string;
  readonly #remove: () => void;

  constructor() {
    const { folder, remove } = temporaryFolder("agents");
    this.#remove = remove;
    this.home = join(folder, "ada lovelace");
    this.dataFolder = join(folder, "data folder", "heirloom");
    this.extensionFolder = join(folder, "my extensions", "heirloom.heirloom-0.1.0");
    this.launcher = join(this.dataFolder, "bin", "heirloom");
    mkdirSync(this.home);
    this.writeExtension("dist/cli.js", "");
  }

  connections(environment: Readonly<Record<string, string>> = {}): AgentConnections {
    const { home, dataFolder, extensionFolder } = this;
    return connectAgents({ home, dataFolder, extensionFolder, environment, platform: "linux" });
  }

  path(name: string): string {
    return join(this.home, name);
  }

  /** A file below the home folder. */
  write(name: string, text: string, mode = 0o644): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  mode(name: string): number {
    return statSync(this.path(name)).mode & 0o777;
  }

  writeExtension(name: string, text: string): void {
    const path = join(this.extensionFolder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** A plugin as the extension ships it, its hooks and its skill of the given version. */
  writePlugin(version: string): void {
    const hook = (event: string) => ({
      type: "command",
      command: `for d in "$A" "$B"; do "$d/bin/heirloom" hook ${event} --agent claude-code || true; done; exit 0`,
      timeout: 5,
    });
    const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
    this.writeExtension(
      "media/plugin/.claude-plugin/plugin.json",
      json({ name: "heirloom", version, mcpServers: { heirloom: { command: "x" } } }),
    );
    this.writeExtension("media/plugin/com.github.copilot/hooks/hooks.json", json({ version: 1, hooks: {} }));
    this.writeExtension("media/plugin/.mcp.json", json({ mcpServers: { heirloom: { command: "x" } } }));
    this.writeExtension(
      "media/plugin/hooks/hooks.json",
      json({
        description: version,
        hooks: {
          SessionStart: [{ hooks: [hook("SessionStart")] }],
          PreToolUse: [{ matcher: "Edit", hooks: [hook("PreToolUse")] }],
        },
      }),
    );
    this.writeExtension("media/plugin/skills/heirloom/SKILL.md", `---\nname: heirloom\n---\nRecall ${version}\n`);
  }

  [Symbol.dispose](): void {
    this.#remove();
  }
}
