import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { storeNameAt } from "../../src/engine/storeName.ts";
import { findOwner } from "../../src/serve/findOwner.ts";
import type { TestRepository } from "../support/repository.ts";
import { post } from "../support/served.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import { EVERYWHERE, heritage, MAIN_TEXT, ON_MAIN } from "./support/heritage.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

let scene: Scene;
let repository: TestRepository;
let window: EditorWindow;
let explorer: Explorer;

beforeAll(async () => {
  scene = await Scene.open();
  repository = await heritage(scene, "sample");
  window = await scene.window(repository.root);
});
afterAll(() => scene.close());
beforeEach(async () => {
  explorer = await Explorer.open(window);
  await explorer.row(ON_MAIN).waitFor(SOON);
});
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
  await window.closeNotifications();
});

const stored = async (): Promise<string> => (await scene.heirloom(repository.root, "list")).stdout;

describe("asking", () => {
  test("Search Memories finds while somebody types, and opens what they choose", async () => {
    await window.run("Heirloom: Search Memories…");
    await window.fill("generated comments");
    await window.pick(ON_MAIN);
    await explorer.frame.getByRole("article", { name: ON_MAIN }).waitFor(SOON);
  });

  test("Copy Context puts on the clipboard what an agent would be given", async () => {
    await scene.context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await window.run("Heirloom: Copy Context for a Question…");
    await window.fill("Why is the parser written by hand?");
    await window.page.keyboard.press("Enter");
    await window.notification(/Copied \d+ tokens from/u);
    const copied = await window.page.evaluate("navigator.clipboard.readText()");
    expect(copied).toContain(MAIN_TEXT);
    expect(copied).toContain("src/parser.ts");
  });
});

describe("forgetting", () => {
  test("Forget a Memory forgets what is chosen, and Undo the Last Forgetting brings it back", async () => {
    await window.run("Heirloom: Forget a Memory…");
    await window.fill("YAML spaces");
    await window.pick(EVERYWHERE);
    await window.notification("Forgot 1 memory.");
    await explorer.row(EVERYWHERE).waitFor({ ...SOON, state: "detached" });
    expect(await stored()).not.toContain(EVERYWHERE);
    await window.run("Heirloom: Undo the Last Forgetting");
    await explorer.row(EVERYWHERE).waitFor(SOON);
    expect(await stored()).toContain(EVERYWHERE);
  });
});

describe("keeping", () => {
  const typed = (): Promise<string> => window.page.locator(".quick-input-widget input").first().inputValue();

  test("Export Memories writes what Import Memories takes; a line that cannot be taken is told", async () => {
    const file = join(repository.root, "memories.jsonl");
    await window.run("Heirloom: Export Memories…");
    await expect.poll(typed, SOON).toBe(file);
    await window.page.keyboard.press("Enter");
    await window.notification("Exported");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { content: string }).content)).toContain(MAIN_TEXT);

    const brought = JSON.stringify({ content: "Brought from another machine.", eventType: "note", title: "Brought" });
    writeFileSync(file, [...lines, brought, "{ cut off", ""].join("\n"));
    await window.run("Heirloom: Import Memories…");
    await expect.poll(typed, SOON).toBe(join(repository.root, "/"));
    await window.fill(file);
    await window.page.keyboard.press("Enter");
    const told = await window.notification(`Imported 1 memory; ${lines.length} were known. 1 line was not taken.`);
    await told.getByRole("button", { name: "Open Log" }).click();
    await explorer.row("Brought").waitFor(SOON);
    // This editor writes no logs to disk, so the channel itself is all that can be seen.
    const channel = window.page.locator(".part.panel").getByLabel("Switch Output").first();
    await expect.poll(() => channel.inputValue(), SOON).toBe("Heirloom");
    await window.run("View: Toggle Panel Visibility");
  });

  test("Rebuild Indexes finds the same afterwards", async () => {
    await window.run("Heirloom: Rebuild Indexes");
    await window.notification("made anew from its journal");
    await explorer.search("generated comments");
    await expect.poll(() => explorer.row(EVERYWHERE).count(), SOON).toBe(0);
    await explorer.row(ON_MAIN).waitFor(SOON);
    await explorer.search("");
    await explorer.row(EVERYWHERE).waitFor(SOON);
  });
});

describe("settings", () => {
  test("what is set in VS Code is in force at the endpoint that agents use, and what is unset is no more", async () => {
    const probe = await scene.probe(repository.root);
    const inForce = async (): Promise<unknown> => {
      const owner = await findOwner(storeNameAt(repository.root), scene.data);
      if (owner === undefined) return "no window owns the store";
      const read = { jsonrpc: "2.0", id: 1, method: "resources/read", params: { uri: "config://current" } };
      const [{ text }] = (await post(owner, read)).body.result?.["contents"] as readonly [{ readonly text: string }];
      return (JSON.parse(text) as { readonly settings: unknown }).settings;
    };
    await probe.setting("heirloom.secrets", "refuse");
    await probe.setting("heirloom.rateLimit.capturesPerSessionPerMinute", 7);
    const set = { secrets: "refuse", rateLimit: { enabled: true, capturesPerSessionPerMinute: 7 } };
    await expect.poll(inForce, SOON).toMatchObject(set);
    await probe.setting("heirloom.secrets", undefined);
    await probe.setting("heirloom.rateLimit.capturesPerSessionPerMinute", undefined);
    await expect.poll(inForce, SOON).toMatchObject({ secrets: "redact" });
  });
});

describe("connecting agents", () => {
  const theirs = '{\n  // Mine.\n  "mcpServers": { "other": { "command": "true" } }\n}\n';

  test("Connect Claude Code shows what it will write, writes it, and what is written answers with the window's memories", async () => {
    const file = join(scene.home, ".claude.json");
    writeFileSync(file, '{"numStartups":3}\n');
    await window.run("Heirloom: Connect Claude Code…");
    await window.page.locator(".view-lines", { hasText: ".claude.json" }).first().waitFor(SOON);
    expect(readFileSync(file, "utf8")).toBe('{"numStartups":3}\n');
    await window.screenshot("connect-claude-code");
    // The picker leaves all that it asks about to be read.
    const first = await window.page
      .locator(".view-line", { hasText: /^What\swill\sbe\swritten/u })
      .first()
      .boundingBox();
    await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "Write" }).first().waitFor(SOON);
    const picker = await window.page.locator(".quick-input-widget:visible").boundingBox();
    expect(first?.y).toBeGreaterThanOrEqual((picker?.y ?? Infinity) + (picker?.height ?? 0));
    await window.pick("Write");
    await window.notification("Claude Code is connected.");
    const { numStartups, mcpServers } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly numStartups: number;
      readonly mcpServers: { readonly heirloom: { readonly command: string; readonly args: string[] } };
    };
    expect(numStartups).toBe(3);

    const client = new Client({ name: "claude-code", version: "2" });
    const { command, args } = mcpServers.heirloom;
    await client.connect(
      new StdioClientTransport({ command, args, cwd: repository.root, env: { HOME: scene.home }, stderr: "ignore" }),
    );
    try {
      const input = { eventType: "note", title: "Said by Claude", content: "Claude Code was here." };
      await client.callTool({ name: "capture-memory", arguments: input });
    } finally {
      await client.close();
    }
    await (explorer = await Explorer.open(window)).row("Said by Claude").waitFor(SOON);
  });

  test("Connect an Agent leaves everything as it is when it is told to", async () => {
    const file = join(scene.home, ".cursor/mcp.json");
    mkdirSync(dirname(file));
    writeFileSync(file, theirs);
    await window.run("Heirloom: Connect an Agent…");
    await window.pick("Cursor");
    await window.page.locator(".view-lines", { hasText: "mcp.json" }).first().waitFor(SOON);
    await window.pick("Leave everything as it is");
    await window.page.locator(".tab", { hasText: "Connect Cursor" }).waitFor({ ...SOON, state: "detached" });
    expect(readFileSync(file, "utf8")).toBe(theirs);
  });

  test("Disconnect an Agent puts back what stood there", async () => {
    await window.run("Heirloom: Connect an Agent…");
    await window.pick("Cursor");
    await window.pick("Write");
    await window.notification("Cursor is connected.");
    const file = join(scene.home, ".cursor/mcp.json");
    expect(readFileSync(file, "utf8")).toContain("heirloom");
    await window.closeNotifications();
    await window.run("Heirloom: Disconnect an Agent…");
    await window.pick("Cursor");
    await window.notification("Cursor is as it was before.");
    expect(readFileSync(file, "utf8")).toBe(theirs);
    await window.run("Heirloom: Disconnect an Agent…");
    await window.pick("Claude Code");
    await window.notification("Claude Code is as it was before.");
    expect(readFileSync(join(scene.home, ".claude.json"), "utf8")).toBe('{"numStartups":3}\n');
  });
});
