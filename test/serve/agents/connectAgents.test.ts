import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { AGENT_IDS, type AgentId } from "../../../src/serve/agents/connection.ts";
import { AgentScene } from "./scene.ts";

interface Case {
  readonly file: string;
  readonly text: string;
  readonly entry: (launcher: string) => object;
  readonly holder: readonly string[];
}

/** For every agent: its file, with what somebody may have in it, and what is to be in there afterwards. */
const CASES: Readonly<Record<AgentId, Case>> = {
  "claude-code": {
    file: ".claude.json",
    text: '{\n  "numStartups": 12,\n  "oauthAccount": { "emailAddress": "ada@example.com" },\n  "mcpServers": {\n    "git": { "type": "stdio", "command": "uvx", "args": [] }\n  },\n  "projects": {}\n}',
    entry: (command) => ({ type: "stdio", command, args: ["mcp"] }),
    holder: ["mcpServers"],
  },
  "copilot-cli": {
    file: ".copilot/mcp-config.json",
    text: '{\n  "mcpServers": {}\n}\n',
    entry: (command) => ({ type: "local", command, args: ["mcp"], tools: ["*"] }),
    holder: ["mcpServers"],
  },
  cursor: {
    file: ".cursor/mcp.json",
    text: '{\r\n  // mine\r\n  "mcpServers": {\r\n    "git": { "command": "uvx" }, // vcs\r\n  },\r\n}\r\n',
    entry: (command) => ({ command, args: ["mcp"], env: { HEIRLOOM_WORKSPACE: "${workspaceFolder}" } }),
    holder: ["mcpServers"],
  },
  codex: {
    file: ".codex/config.toml",
    text: '# mine\nmodel = "gpt-6"\n\n[mcp_servers.git] # vcs\ncommand = "uvx"\n\n[tui]\ntheme = "dark"\n',
    entry: (command) => ({ command, args: ["mcp"] }),
    holder: ["mcp_servers"],
  },
  "gemini-cli": {
    file: ".gemini/settings.json",
    text: '{"theme":"Dracula"}',
    entry: (command) => ({ command, args: ["mcp"] }),
    holder: ["mcpServers"],
  },
  zed: {
    file: ".config/zed/settings.json",
    text: '// Zed settings\n//\n{\n\t"theme": "One Dark",\n\t"vim_mode": true, // yes\n}\n',
    entry: (command) => ({ command, args: ["mcp"] }),
    holder: ["context_servers"],
  },
  opencode: {
    file: ".config/opencode/opencode.jsonc",
    text: '\ufeff{\n    "$schema": "https://opencode.ai/config.json",\n    /* none */ "mcp": {}\n}\n',
    entry: (command) => ({ type: "local", command: [command, "mcp"] }),
    holder: ["mcp"],
  },
};

function read(file: string, text: string): Record<string, unknown> {
  const body = text.replace(/^\ufeff/u, "");
  return file.endsWith(".toml")
    ? (JSON.parse(JSON.stringify(parseToml(body))) as Record<string, unknown>)
    : (parseJsonc(body, [], { allowTrailingComma: true }) as Record<string, unknown>);
}

describe.each(AGENT_IDS)("%s", (agent) => {
  const { file, text, entry, holder } = CASES[agent];
  const [key = ""] = holder;

  test("is connected in the file it reads, and nothing else in it changes", async () => {
    using scene = new AgentScene();
    scene.write(file, text, 0o640);
    const connections = scene.connections();
    const plan = await connections.plan(agent);
    expect(plan.status).toBe("new");
    expect(plan.changes[0]).toMatchObject({ file: scene.path(file), before: text });
    expect(plan.preview).toContain("+");
    expect(scene.read(file)).toBe(text);

    const { written, backups } = await connections.apply(plan);
    expect(written).toEqual([scene.path(file)]);
    expect(backups.map((path) => readFileSync(path, "utf8"))).toEqual([text]);
    expect(scene.mode(file)).toBe(0o640);
    const before = read(file, text);
    const servers = { ...(before[key] as object | undefined), heirloom: entry(scene.launcher) };
    expect(read(file, scene.read(file))).toEqual({ ...before, [key]: servers });
    for (const remark of text.match(/(?:#|\/\/|\/\*) ?\w+/gu) ?? []) expect(scene.read(file)).toContain(remark);

    const again = await connections.plan(agent);
    expect(again).toMatchObject({ status: "connected", preview: "" });
    expect(await connections.apply(again)).toMatchObject({ written: [], backups: [] });
  });

  test("is undone to the byte where nobody touched the file since", async () => {
    using scene = new AgentScene();
    scene.write(file, text);
    const connections = scene.connections();
    await connections.apply(await connections.plan(agent));
    expect(await connections.undo(agent)).toEqual({ agent, restored: [scene.path(file)], cleaned: [] });
    expect(scene.read(file)).toBe(text);
    await expect(connections.undo(agent)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("keeps what was changed since when it is undone", async () => {
    using scene = new AgentScene();
    scene.write(file, text);
    const connections = scene.connections();
    await connections.apply(await connections.plan(agent));
    const remark = file.endsWith(".toml") ? "# later\n" : "// later\n";
    scene.write(file, scene.read(file).replace(/\n?$/u, `\n${remark}`));
    expect(await connections.undo(agent)).toEqual({ agent, restored: [], cleaned: [scene.path(file)] });
    expect(scene.read(file)).toBe(text.replace(/\n?$/u, `\n${remark}`));
  });

  test("gets a file of its own where it has none, which goes when it is undone", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    const [{ file: made } = { file: "" }] = (await connections.plan(agent)).changes;
    await connections.apply(await connections.plan(agent));
    const [shown] = (await connections.listAgents()).filter(({ id }) => id === agent);
    expect(shown).toMatchObject({ status: "connected", installed: true, files: [made] });
    expect(lstatSync(made).mode & 0o777).toBe(0o600);
    expect(await connections.undo(agent)).toEqual({ agent, restored: [made], cleaned: [] });
    expect((await connections.listAgents()).find(({ id }) => id === agent)).toMatchObject({
      status: "new",
      installed: false,
    });
  });

  test.each(["broken", "gone"])("can be undone where its file is %s meanwhile", async (how) => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, text);
    await connections.apply(await connections.plan(agent));
    const written = scene.read(file);
    if (how === "broken") scene.write(file, "{ = [");
    else rmSync(scene.path(file));
    expect((await connections.listAgents()).find(({ id }) => id === agent)).toMatchObject({ undoable: true });
    if (how === "broken") {
      await expect(connections.undo(agent)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      scene.write(file, written);
    }
    await connections.undo(agent);
    expect((await connections.listAgents()).find(({ id }) => id === agent)).toMatchObject({ undoable: false });
  });

  test("is left alone where its file is broken, and listed with what is wrong", async () => {
    using scene = new AgentScene();
    scene.write(file, "{ = [");
    const connections = scene.connections();
    await expect(connections.plan(agent)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const shown = (await connections.listAgents()).find(({ id }) => id === agent);
    expect(shown).toMatchObject({ installed: true, status: "unusable", undoable: false });
    expect(shown?.problem).toContain(scene.path(file));
    expect(scene.read(file)).toBe("{ = [");
  });
});

describe("a file that cannot simply be written", () => {
  const file = ".cursor/mcp.json";

  test("is refused where it was changed since the plan", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, "{}");
    const plan = await connections.plan("cursor");
    scene.write(file, '{"a":1}');
    await expect(connections.apply(plan)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(scene.read(file)).toBe('{"a":1}');
  });

  test("is refused where somebody made it in the meantime", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    const plan = await connections.plan("cursor");
    scene.write(file, '{"a":1}');
    await expect(connections.apply(plan)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(scene.read(file)).toBe('{"a":1}');
  });

  test("is refused where it is read-only", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, "{}", 0o444);
    await expect(connections.apply(await connections.plan("cursor"))).rejects.toMatchObject({
      code: "FORBIDDEN_PATH",
      message: expect.stringContaining("is read-only") as string,
    });
    expect(scene.read(file)).toBe("{}");
    expect(scene.mode(file)).toBe(0o444);
  });

  test("stays a link, and what it leads to is written", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    const real = scene.write("dotfiles/mcp.json", "{}\n");
    mkdirSync(scene.path(".cursor"));
    symlinkSync("../dotfiles/mcp.json", scene.path(file));
    await connections.apply(await connections.plan("cursor"));
    expect(readlinkSync(scene.path(file))).toBe("../dotfiles/mcp.json");
    expect(readFileSync(real, "utf8")).toContain(scene.launcher);
    await connections.undo("cursor");
    expect(readFileSync(real, "utf8")).toBe("{}\n");
    expect(lstatSync(scene.path(file)).isSymbolicLink()).toBe(true);
  });

  test.skipIf(process.platform === "win32")("is a pipe, which nobody waits for", async () => {
    using scene = new AgentScene();
    execFileSync("mkfifo", [scene.path(".claude.json")]);
    await expect(scene.connections().plan("claude-code")).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
  });

  test("is a folder, or is no UTF-8", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    mkdirSync(scene.path(file), { recursive: true });
    await expect(connections.plan("cursor")).rejects.toMatchObject({ code: "FORBIDDEN_PATH" });
    mkdirSync(scene.path(".gemini"));
    writeFileSync(scene.path(".gemini/settings.json"), Buffer.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]));
    await expect(connections.plan("gemini-cli")).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  test("is empty: it gets the entry, and is empty again", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, "");
    await connections.apply(await connections.plan("cursor"));
    expect(read(file, scene.read(file))).toHaveProperty("mcpServers.heirloom");
    await connections.undo("cursor");
    expect(scene.read(file)).toBe("");
  });
});

describe("an entry of our name that is not ours", () => {
  const file = ".codex/config.toml";
  const text = '[mcp_servers.heirloom] # genealogy\ncommand = "family-tree"\n\n[mcp_servers.heirloom.env]\nA = "1"\n';

  test("is shown and asked about, and nothing is written without an answer", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, text);
    const plan = await connections.plan("codex");
    expect(plan.status).toBe("conflict");
    expect(plan.changes[0]?.standing).toContain("family-tree");
    await expect(connections.apply(plan)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(scene.read(file)).toBe(text);
  });

  test("comes back when its replacement is undone, also in a file that changed since", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, text);
    await connections.apply(await connections.plan("codex"), { replace: true });
    expect(scene.read(file)).not.toContain("family-tree");
    await connections.undo("codex");
    expect(scene.read(file)).toBe(text);

    await connections.apply(await connections.plan("codex"), { replace: true });
    scene.write(file, `${scene.read(file)}\n[tui]\nx = 1\n`);
    await connections.undo("codex");
    expect(read(file, scene.read(file))).toEqual({
      mcp_servers: { heirloom: { command: "family-tree", env: { A: "1" } } },
      tui: { x: 1 },
    });
  });

  test("took the place of ours: undoing leaves it", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    await connections.apply(await connections.plan("codex"));
    scene.write(file, text);
    expect(await connections.undo("codex")).toEqual({ agent: "codex", restored: [], cleaned: [] });
    expect(scene.read(file)).toBe(text);
  });
});

describe("an entry of ours", () => {
  const file = ".cursor/mcp.json";

  test("of an earlier version is brought up to date, with what the user added, and undone to what was there at first", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, '{ "a": 1 }\n');
    await connections.apply(await connections.plan("cursor"));
    const old = scene
      .read(file)
      .replace(/"args": \[[^\]]*\]/u, '"args": ["serve"], "timeout": 60')
      .replace("HEIRLOOM_WORKSPACE", "EDITOR");
    scene.write(file, old);
    const plan = await connections.plan("cursor");
    expect(plan.status).toBe("outdated");
    await connections.apply(plan);
    expect(read(file, scene.read(file))["mcpServers"]).toEqual({
      heirloom: {
        command: scene.launcher,
        args: ["mcp"],
        timeout: 60,
        env: { EDITOR: "${workspaceFolder}", HEIRLOOM_WORKSPACE: "${workspaceFolder}" },
      },
    });
    expect((await connections.plan("cursor")).status).toBe("connected");
    await connections.undo("cursor");
    expect(read(file, scene.read(file))).toEqual({ a: 1 });
  });

  test("is found and taken out where the records were lost", async () => {
    using scene = new AgentScene();
    const connections = scene.connections();
    scene.write(file, '{ "mcpServers": { "git": {} } }\n');
    await connections.apply(await connections.plan("cursor"));
    writeFileSync(join(scene.dataFolder, "agents", "connections.json"), "{ broken");
    expect(await connections.undo("cursor")).toMatchObject({ cleaned: [scene.path(file)] });
    expect(scene.read(file)).toBe('{ "mcpServers": { "git": {} } }\n');
  });
});

describe("where agents are told to keep their files elsewhere", () => {
  test.each([
    ["claude-code", "CLAUDE_CONFIG_DIR", ".claude.json"],
    ["copilot-cli", "COPILOT_HOME", "mcp-config.json"],
    ["codex", "CODEX_HOME", "config.toml"],
  ] as const)("%s is connected below %s", async (agent, variable, name) => {
    using scene = new AgentScene();
    const folder = scene.path("elsewhere");
    const plan = await scene.connections({ [variable]: folder }).plan(agent);
    expect(plan.changes[0]?.file).toBe(join(folder, name));
  });

  test("opencode's second version has its servers one level deeper", async () => {
    using scene = new AgentScene();
    scene.write(".config/opencode/opencode.json", '{ "mcp": { "servers": {} } }\n');
    const connections = scene.connections();
    await connections.apply(await connections.plan("opencode"));
    expect(read(".json", scene.read(".config/opencode/opencode.json"))).toHaveProperty("mcp.servers.heirloom.command");
  });
});

test("on Windows an agent starts the command interpreter, which starts the launcher", async () => {
  using scene = new AgentScene();
  const { connectAgents } = await import("../../../src/serve/agents/connectAgents.ts");
  const { home, dataFolder, extensionFolder } = scene;
  const connections = connectAgents({ home, dataFolder, extensionFolder, environment: {}, platform: "win32" });
  const { after = "{}" } = (await connections.plan("gemini-cli")).changes[0] ?? {};
  expect(JSON.parse(after)).toEqual({
    mcpServers: { heirloom: { command: "cmd", args: ["/d", "/c", "call", `${scene.launcher}.cmd`, "mcp"] } },
  });
});

test("records of a later version are refused, and nothing is touched", async () => {
  using scene = new AgentScene();
  const connections = scene.connections();
  scene.write(".cursor/mcp.json", "{}");
  mkdirSync(join(scene.dataFolder, "agents"), { recursive: true });
  writeFileSync(join(scene.dataFolder, "agents", "connections.json"), '{"version":2}');
  await expect(connections.undo("cursor")).rejects.toMatchObject({ code: "UNSUPPORTED_VERSION" });
  chmodSync(scene.path(".cursor/mcp.json"), 0o600);
  expect(scene.read(".cursor/mcp.json")).toBe("{}");
});

test("of the copies that nobody needs the newest stay, and the one that undoing needs stays too", async () => {
  using scene = new AgentScene();
  const connections = scene.connections();
  scene.write(".cursor/mcp.json", '{ "first": 1 }');
  await connections.apply(await connections.plan("cursor"));
  for (let time = 0; time < 25; time++) {
    scene.write(".gemini/settings.json", `{ "time": ${time} }`);
    await connections.apply(await connections.plan("gemini-cli"));
  }
  const copies = readdirSync(join(scene.dataFolder, "agents", "backups"));
  expect(copies.filter((name) => name.startsWith("gemini-cli-")).length).toBeLessThan(25);
  for (const name of copies)
    expect(lstatSync(join(scene.dataFolder, "agents", "backups", name)).mode & 0o777).toBe(0o600);
  await connections.undo("cursor");
  expect(scene.read(".cursor/mcp.json")).toBe('{ "first": 1 }');
});

test("a variable that names no folder is passed over", async () => {
  using scene = new AgentScene();
  const plan = await scene.connections({ CODEX_HOME: "", XDG_CONFIG_HOME: "relative" }).plan("codex");
  expect(plan.changes[0]?.file).toBe(scene.path(".codex/config.toml"));
});
