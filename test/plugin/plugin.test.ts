import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOOK_EVENTS } from "../../src/contract/hooks.ts";
import { TOOLS } from "../../src/contract/tools.ts";
import { createTokenCounter } from "../../src/engine/admit/tokens.ts";
import { readToolCall } from "../../src/engine/capture/toolCall.ts";

const root = join(import.meta.dirname, "../..");
const plugin = join(root, "media/plugin");
const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(plugin, path), "utf8")) as Record<string, unknown>;

interface Command {
  readonly type: string;
  readonly command: string;
  readonly windows?: string;
  readonly timeout: number;
}
type Hooks = Readonly<Record<string, readonly { readonly matcher?: string; readonly hooks: readonly Command[] }[]>>;
const claude = read("hooks/hooks.json")["hooks"] as Hooks;
const copilot = read("com.github.copilot/hooks/hooks.json")["hooks"] as Readonly<Record<string, readonly Command[]>>;
const commands = [
  ...Object.entries(claude).flatMap(([event, groups]) =>
    groups.flatMap(({ hooks }) => hooks.map((hook) => ({ event, hook }))),
  ),
  ...Object.entries(copilot).flatMap(([event, hooks]) => hooks.map((hook) => ({ event, hook }))),
];

describe("the agent plugin", () => {
  test("is an Agent Plugins 1.0 package, and a Claude Code plugin, of this version", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
    const manifest = read("plugin.json");
    expect(manifest["$schema"]).toBe("https://agent-plugins.org/schemas/1.0.0/plugin.schema.json");
    // The schema is closed.
    const known = "$schema name version description author homepage repository license keywords extensions".split(" ");
    expect(Object.keys(manifest).filter((key) => !known.includes(key))).toEqual([]);
    expect(manifest).toMatchObject({ name: "heirloom", version });
    expect(read(".claude-plugin/plugin.json")).toMatchObject({ name: "heirloom", version });
  });

  test("brings no server: one agent would see each tool twice", () => {
    const files = readdirSync(plugin, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /mcp/iu.test(file))).toEqual([]);
    for (const file of files.filter((name) => name.endsWith(".json")))
      expect(readFileSync(join(plugin, file), "utf8")).not.toContain("mcpServers");
  });

  test("has a skill of at most 400 tokens that names tools which there are", async () => {
    const skill = readFileSync(join(plugin, "skills/heirloom/SKILL.md"), "utf8");
    const counter = createTokenCounter();
    await counter.load();
    expect(counter.count(skill)).toBeLessThanOrEqual(400);
    expect(/^---\nname: heirloom\ndescription: (?<text>.{20,1024})\n---\n/u.test(skill)).toBe(true);
    const named = [...skill.matchAll(/`([a-z]+(?:-[a-z]+)+)`/gu)].map((match) => match[1] ?? "");
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !Object.hasOwn(TOOLS, name))).toEqual([]);
  });

  test("hooks every event that Heirloom understands and the agent has", () => {
    expect(Object.keys(claude).sort()).toEqual([...HOOK_EVENTS].sort());
    expect(Object.keys(copilot).sort()).toEqual(
      HOOK_EVENTS.filter((event) => event !== "PostToolUseFailure" && event !== "SessionEnd").sort(),
    );
    for (const { event, hook } of commands) {
      expect(hook).toMatchObject({ type: "command", timeout: 5 });
      expect(hook.command).toContain(`hook ${event} --agent `);
      if (hook.windows !== undefined) expect(hook.windows).toContain(`hook ${event} --agent copilot`);
    }
  });

  test("asks for those tools of Claude Code that it can say something to", () => {
    const tools = (event: string): readonly string[] => claude[event]?.[0]?.matcher?.split("|") ?? [];
    for (const tool of tools("PreToolUse")) expect(["edit", "read"]).toContain(readToolCall({ tool_name: tool }).kind);
    for (const tool of tools("PostToolUse"))
      expect(["edit", "command"]).toContain(readToolCall({ tool_name: tool }).kind);
    expect(tools("PostToolUseFailure")).toEqual(["Bash"]);
  });
});

describe.skipIf(process.platform === "win32")("a command of the plugin's hooks", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "heirloom plugin "));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const run = (command: string, more: Readonly<Record<string, string>> = {}) =>
    spawnSync("/bin/sh", ["-c", command], {
      input: '{"session_id":"s"}',
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: home, ...more },
    });
  const launcher = (folder: string, script: string): void => {
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "bin/heirloom"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "bin/heirloom"), 0o755);
  };

  test.each(commands)("is silent where there is no launcher ($event)", ({ hook }) => {
    expect(run(hook.command)).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  test("finds the launcher in the system's data folder, and first in the one that is named", () => {
    const command = commands[0]?.hook.command ?? "";
    launcher(join(home, ".local/share/heirloom"), 'echo "$@ $(cat)"');
    expect(run(command).stdout).toBe('hook SessionStart --agent claude-code {"session_id":"s"}\n');
    launcher(join(home, "named folder"), "echo named");
    expect(run(command, { HEIRLOOM_DATA: join(home, "named folder") }).stdout).toBe("named\n");
    launcher(join(home, "xdg/heirloom"), "echo xdg");
    expect(run(command, { XDG_DATA_HOME: join(home, "xdg") }).stdout).toBe("xdg\n");
  });

  test("succeeds where the launcher does not", () => {
    launcher(join(home, ".local/share/heirloom"), "exit 127");
    for (const { hook } of commands) expect(run(hook.command).status).toBe(0);
  });

  test("is the same line for each event and agent", () => {
    const shapes = new Set(
      commands.map(({ event, hook }) => hook.command.replace(`hook ${event} `, "").replace(/--agent \S+/u, "")),
    );
    expect(shapes.size).toBe(1);
    expect(() => execFileSync("/bin/sh", ["-n", "-c", commands[0]?.hook.command ?? ""])).not.toThrow();
  });
});
