import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ToolName, TOOLS } from "../../src/contract/tools.ts";
import type { TestRepository } from "../support/repository.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

const CORE = Object.entries(TOOLS).flatMap(([name, { profile }]) => (profile === "core" ? [name] : []));

const NAMES = Object.keys(TOOLS);

let scene: Scene;
let repository: TestRepository;
let window: EditorWindow;
let probe: Probe;
let explorer: Explorer;

beforeAll(async () => {
  scene = await Scene.open();
  repository = scene.repository("sample");
  repository.commit("README.md", "# Sample\n\nIt parses what people write.\n", "Begin\n\nBecause nobody else did.");
  window = await scene.window(repository.root);
  probe = await scene.probe(repository.root);
  explorer = await Explorer.open(window);
});
afterAll(() => scene.close());

/** Tools of ours, whatever VS Code has put before their names. */
async function ours(): Promise<readonly string[]> {
  const names = (await probe.tools()).map(({ name }) => name);
  return names.filter((name) => /heirloom/iu.test(name) || NAMES.some((tool) => name.endsWith(tool)));
}

/** The same by our own names, sorted; what has none of them as it is. */
async function toolsOfOurs(): Promise<readonly string[]> {
  return (await ours()).map((name) => NAMES.find((tool) => name.endsWith(tool)) ?? name).sort();
}

async function call(tool: ToolName, input: object): Promise<Readonly<Record<string, unknown>>> {
  const name = (await ours()).find((candidate) => candidate.endsWith(tool));
  if (name === undefined) throw new Error(`VS Code has no tool ${tool}`);
  const answered = probe.invoke(name, input);
  // A person is asked before a tool that writes, and only then.
  if (!TOOLS[tool].annotations.readOnlyHint)
    await window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Yes" }).click(SOON);
  const texts = await answered;
  const structured = texts.find((text) => text.startsWith("{"));
  if (structured === undefined) throw new Error(`${tool} gave no structured content: ${texts.join("\n")}`);
  return JSON.parse(structured) as Readonly<Record<string, unknown>>;
}

test("a repository is learned from when it is opened for the first time", async () => {
  await explorer.row("Begin").waitFor(SOON);
});

test("what a commit brings is learned when HEAD has come to rest", async () => {
  repository.commit("src/parse.ts", "export const parse = JSON.parse;\n", "Parse what people write");
  await explorer.row("Parse what people write").waitFor(SOON);
});

describe("VS Code's own MCP client", () => {
  test("lists the server of the extension and starts it", async () => {
    await window.run("MCP: List Servers");
    await window.pick("Heirloom");
    await window.screenshot("mcp-server");
    await window.pick("Start Server");
    await expect.poll(async () => (await ours()).length, SOON).toBeGreaterThanOrEqual(CORE.length);
  });

  test("gives an agent every tool of the default profile once, by whatever way it comes", async () => {
    expect(await toolsOfOurs()).toEqual([...CORE].sort());
  });

  test("calls every tool; what an agent captures is in the explorer at once", async () => {
    expect([...CORE].sort()).toEqual([
      "analyze_implementation",
      "build-context",
      "capture-memory",
      "health-check",
      "locate_relevant_files",
      "retrieve-memories",
      "revise-memory",
      "search_codebase",
    ]);
    const input = { eventType: "decision", title: "Through the client", content: "Agents reach us by MCP alone." };
    const { id, provenance } = await call("capture-memory", input);
    expect(provenance).toMatchObject({ branch: "main", commit: repository.head() });
    await explorer.row("Through the client").waitFor(SOON);
    const { memories } = await call("retrieve-memories", { query: "agents reach" });
    expect((memories as readonly unknown[])[0]).toMatchObject({ id, content: input.content });
    expect(await call("build-context", { query: "how do agents reach us?" })).toMatchObject({
      markdown: expect.stringContaining(input.content) as string,
    });
    expect(await call("revise-memory", { id, title: "By the client" })).toMatchObject({ id, revision: 2 });
    await explorer.row("By the client").waitFor(SOON);
    expect(await call("locate_relevant_files", { query: "parse what people write" })).toMatchObject({
      files: [{ path: "src/parse.ts", symbols: [{ name: "parse" }] }, { path: "README.md" }],
    });
    expect(await call("search_codebase", { query: "parse", pathGlob: "src/**" })).toMatchObject({
      chunks: [{ path: "src/parse.ts", startLine: 1, text: expect.stringContaining("JSON.parse") as string }],
    });
    expect(await call("analyze_implementation", { target: "parse" })).toMatchObject({
      definition: { path: "src/parse.ts", startLine: 1, kind: "constant" },
    });
    expect(await call("health-check", {})).toMatchObject({ status: "healthy" });
  });

  test("serves the profiles that the settings name, every tool of them once", async () => {
    await probe.setting("heirloom.mcp.profiles", ["core", "code", "lifecycle"]);
    await window.run("MCP: List Servers");
    await window.pick("Heirloom");
    await window.pick(/^(Start|Restart) Server/u);
    const all = Object.keys(TOOLS).sort();
    await expect.poll(toolsOfOurs, SOON).toEqual(all);
    expect(await call("git-state", {})).toMatchObject({ branch: "main", head: repository.head(), dirty: false });
    const { id } = await call("capture-memory", { eventType: "note", title: "To go", content: "This is forgotten." });
    await explorer.row("To go").waitFor(SOON);
    expect(await call("forget-memory", { id })).toMatchObject({ forgotten: 1 });
    await explorer.row("To go").waitFor({ ...SOON, state: "detached" });
  });
});
