import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLI, type RunningServer, serve } from "../../support/heirloom.ts";
import { TestRepository } from "../../support/repository.ts";
import { AgentScene } from "./scene.ts";

interface Agent {
  remember(content: string): Promise<void>;
  recall(): Promise<readonly string[]>;
}

let scene: AgentScene;
let repository: TestRepository;
let closing: (() => Promise<unknown>)[];

beforeEach(async () => {
  closing = [];
  scene = new AgentScene();
  cpSync(dirname(CLI), join(scene.extensionFolder, "dist"), { recursive: true });
  repository = TestRepository.init(scene.path("work tree"));
  repository.commit("src/deep/a.ts", "export const a = 1;\n");
  // Git is there and Node is not: what stands in for VS Code's runtime is known by its own path only.
  mkdirSync(scene.path("tools"));
  symlinkSync(execFileSync("which", ["git"], { encoding: "utf8" }).trim(), scene.path("tools/git"));
  await scene.connections({ PATH: scene.path("tools") }).refreshLauncher({ runtime: process.execPath });
});

afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  scene[Symbol.dispose]();
});

/** Starts what the agent's own file says, in the folder and with the environment that agents give. */
async function agentIn(cwd: string): Promise<Agent> {
  const connections = scene.connections();
  await connections.apply(await connections.plan("cursor"));
  const { mcpServers } = JSON.parse(scene.read(".cursor/mcp.json")) as {
    mcpServers: { heirloom: { command: string; args: string[] } };
  };
  const client = new Client({ name: "cursor", version: "3" });
  const env = { PATH: scene.path("tools"), HOME: scene.home };
  await client.connect(new StdioClientTransport({ ...mcpServers.heirloom, cwd, env, stderr: "ignore" }));
  closing.push(() => client.close());
  const call = async (name: string, args: Record<string, unknown>): Promise<unknown> => {
    const { structuredContent, isError } = await client.callTool({ name, arguments: args });
    expect(isError, JSON.stringify(structuredContent)).not.toBe(true);
    return structuredContent;
  };
  return {
    remember: async (content) => {
      await call("capture-memory", { eventType: "note", content });
    },
    recall: async () => contents(await call("retrieve-memories", { query: "" })),
  };
}

const contents = (answer: unknown): readonly string[] =>
  (answer as { readonly memories: readonly { readonly content: string }[] }).memories
    .map(({ content }) => content)
    .sort();

async function openWindow(): Promise<RunningServer> {
  const window = await serve(["--workspace", repository.root, "--data", scene.dataFolder]);
  closing.push(() => window.stop());
  return window;
}

describe("an agent that starts the launcher", () => {
  test("works where no window is open, from a folder inside of the repository", async () => {
    const agent = await agentIn(join(repository.root, "src/deep"));
    await agent.remember("Noted without a window.");
    expect(await agent.recall()).toEqual(["Noted without a window."]);
    const window = await openWindow();
    expect(contents(await window.tool("retrieve-memories", { query: "" }))).toEqual(["Noted without a window."]);
  });

  test("shares the store of a window that is open, both ways, and goes on when the window closes", async () => {
    const window = await openWindow();
    await window.tool("capture-memory", { eventType: "note", content: "From the window." });
    const agent = await agentIn(join(repository.root, "src"));
    expect(await agent.recall()).toEqual(["From the window."]);
    await agent.remember("From the agent.");
    expect(contents(await window.tool("retrieve-memories", { query: "" }))).toEqual([
      "From the agent.",
      "From the window.",
    ]);
    await window.stop();
    await agent.remember("After the window.");
    expect(await agent.recall()).toEqual(["After the window.", "From the agent.", "From the window."]);
  });

  test("sees in a worktree what that worktree's commit inherits", async () => {
    const root = scene.path("other tree");
    repository.git("worktree", "add", "-q", "-b", "other", root);
    const here = await agentIn(repository.root);
    const there = await agentIn(join(root, "src/deep"));
    await here.remember("Known to both.");
    repository.write("src/b.ts", "export const b = 2;\n");
    await here.remember("Of work under way.");
    expect(await there.recall()).toEqual(["Known to both."]);
    repository.commit("src/b.ts");
    expect(await here.recall()).toEqual(["Known to both.", "Of work under way."]);
    repository.at(root).git("merge", "-q", "main");
    expect(await there.recall()).toEqual(["Known to both.", "Of work under way."]);
  });
});
