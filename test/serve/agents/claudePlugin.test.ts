import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { AgentScene } from "./scene.ts";

const FOLDER = ".claude/skills/heirloom";
const FILES = [".claude-plugin/plugin.json", "hooks/hooks.json", "skills/heirloom/SKILL.md"];

async function connected(scene: AgentScene): Promise<void> {
  const connections = scene.connections();
  await connections.apply(await connections.plan("claude-code"));
}

test("Claude Code gets the plugin where it loads it from, with hooks that run the launcher and without a second MCP server", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  const plan = await scene.connections().plan("claude-code");
  expect(plan.preview).toContain("SKILL.md");
  expect(scene.has(".claude")).toBe(false);
  await connected(scene);
  const found = readdirSync(scene.path(FOLDER), { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(scene.path(FOLDER), join(entry.parentPath, entry.name)));
  expect(found.sort()).toEqual(FILES);
  const manifest: unknown = JSON.parse(scene.read(`${FOLDER}/.claude-plugin/plugin.json`));
  expect(manifest).toEqual({ name: "heirloom", version: "1" });
  const command = (event: string) => ({
    type: "command",
    command: `if [ -x '${scene.launcher}' ]; then '${scene.launcher}' hook ${event} --agent claude-code; fi; exit 0`,
    timeout: 5,
  });
  expect(JSON.parse(scene.read(`${FOLDER}/hooks/hooks.json`))).toEqual({
    description: "1",
    hooks: {
      SessionStart: [{ hooks: [command("SessionStart")] }],
      PreToolUse: [{ matcher: "Edit", hooks: [command("PreToolUse")] }],
    },
  });
});

test("undoing takes the plugin away, and leaves the user's other skills", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  scene.write(".claude/skills/mine/SKILL.md", "mine");
  scene.write(".claude.json", "{}");
  await connected(scene);
  const undone = await scene.connections().undo("claude-code");
  expect(undone.restored).toHaveLength(4);
  expect(scene.has(FOLDER)).toBe(false);
  expect(scene.read(".claude/skills/mine/SKILL.md")).toBe("mine");
  expect(scene.read(".claude.json")).toBe("{}");
});

test("undoing takes away the folders that connecting made, as far as they are empty", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  await connected(scene);
  await scene.connections().undo("claude-code");
  expect(readdirSync(scene.home)).toEqual([]);

  await connected(scene);
  scene.write(".claude/history.jsonl", "{}");
  await scene.connections().undo("claude-code");
  expect(readdirSync(scene.home)).toEqual([".claude"]);
  expect(readdirSync(scene.path(".claude"))).toEqual(["history.jsonl"]);

  mkdirSync(scene.path(".claude/skills"));
  await connected(scene);
  await connected(scene);
  await scene.connections().undo("claude-code");
  expect(readdirSync(scene.path(".claude/skills"))).toEqual([]);
});

test("the plugin follows an update of the extension, but for what the user changed", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  await connected(scene);
  scene.write(`${FOLDER}/skills/heirloom/SKILL.md`, "my own words");
  scene.writePlugin("2");
  scene.writeExtension("media/plugin/skills/heirloom/more.md", "more");
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  expect(JSON.parse(scene.read(`${FOLDER}/hooks/hooks.json`))).toMatchObject({ description: "2" });
  expect(scene.read(`${FOLDER}/skills/heirloom/SKILL.md`)).toBe("my own words");
  expect(scene.read(`${FOLDER}/skills/heirloom/more.md`)).toBe("more");
  await scene.connections().undo("claude-code");
  expect(scene.has(FOLDER)).toBe(false);
});

test("a window that was slower than another one does not take the plugin for the user's", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  await connected(scene);
  const records = join(scene.dataFolder, "agents", "connections.json");
  const early = readFileSync(records);
  scene.writePlugin("2");
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  writeFileSync(records, early);
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  scene.writePlugin("3");
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  expect(JSON.parse(scene.read(`${FOLDER}/hooks/hooks.json`))).toMatchObject({ description: "3" });
});

test("an update that fails in the middle goes on where it stopped", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  await connected(scene);
  scene.writePlugin("2");
  const hooks = scene.path(`${FOLDER}/hooks/hooks.json`);
  chmodSync(hooks, 0o444);
  await expect(scene.connections().refreshLauncher({ runtime: process.execPath })).rejects.toMatchObject({
    code: "FORBIDDEN_PATH",
  });
  chmodSync(hooks, 0o600);
  scene.writePlugin("3");
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  for (const file of [".claude-plugin/plugin.json", "hooks/hooks.json"])
    expect(scene.read(`${FOLDER}/${file}`)).toMatch(/: ?"3"/u);
});

test("a plugin that the user took away stays away, and one that was never wanted is not brought", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  await scene.connections().refreshLauncher({ runtime: process.execPath });
  expect(scene.has(".claude")).toBe(false);
});

test("nothing is left half done where one of the files cannot be written", async () => {
  using scene = new AgentScene();
  scene.writePlugin("1");
  scene.write(".claude.json", "{}");
  const connections = scene.connections();
  scene.write(`${FOLDER}/hooks/hooks.json`, "{}");
  chmodSync(scene.path(`${FOLDER}/hooks/hooks.json`), 0o444);
  const plan = await connections.plan("claude-code");
  expect(plan.status).toBe("conflict");
  await expect(connections.apply(plan, { replace: true })).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  expect(scene.read(".claude.json")).toBe("{}");
  expect(scene.has(`${FOLDER}/.claude-plugin/plugin.json`)).toBe(false);
  await expect(connections.undo("claude-code")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("the hooks of the package that ships find the launcher, and bother nobody where it is gone", async () => {
  using scene = new AgentScene();
  cpSync(join(import.meta.dirname, "../../../media/plugin"), join(scene.extensionFolder, "media/plugin"), {
    recursive: true,
  });
  scene.writeExtension("dist/hook.js", "console.log(process.argv.slice(2).join(' '));");
  await connected(scene);
  const { hooks } = JSON.parse(scene.read(`${FOLDER}/hooks/hooks.json`)) as {
    hooks: Record<string, { hooks: { command: string }[] }[]>;
  };
  expect(Object.keys(hooks).length).toBeGreaterThan(5);
  for (const [event, groups] of Object.entries(hooks)) {
    for (const { command } of groups.flatMap((group) => group.hooks)) {
      expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe(`hook ${event} --agent claude-code\n`);
      renameSync(scene.launcher, `${scene.launcher} gone`);
      expect(execFileSync("sh", ["-c", command], { encoding: "utf8" })).toBe("");
      renameSync(`${scene.launcher} gone`, scene.launcher);
    }
  }
});
