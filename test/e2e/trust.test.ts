import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestRepository } from "../support/repository.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

let scene: Scene;
let repository: TestRepository;
let window: EditorWindow;
let probe: Probe;

beforeAll(async () => {
  scene = await Scene.open({
    settings: {
      "security.workspace.trust.enabled": true,
      "security.workspace.trust.startupPrompt": "never",
    },
  });
  repository = scene.repository("stranger");
  repository.commit("README.md", "# Stranger\n\nRead by nobody yet.\n", "Do not read me");
  window = await scene.window(repository.root);
  probe = await scene.probe(repository.root);
});
afterAll(() => scene.close());

const stores = (): readonly string[] => {
  const folder = join(scene.folder, "data/stores");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const tools = async (): Promise<readonly string[]> =>
  (await probe.tools()).map(({ name }) => name).filter((name) => /heirloom|-memor/iu.test(name));

test("in restricted mode nothing is read, stored or served, and the explorer says why", async () => {
  expect(await probe.trusted()).toBe(false);
  const explorer = await Explorer.open(window);
  await explorer.frame.getByText("Heirloom rests in restricted mode").waitFor(SOON);
  await window.screenshot("restricted");
  await window.run("MCP: List Servers");
  await window.page.waitForTimeout(1_000);
  expect(await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "Heirloom" }).count()).toBe(0);
  await window.page.keyboard.press("Escape");
  expect(await tools()).toEqual([]);
  expect(stores()).toEqual([]);
});

test("once the workspace is trusted, it is read and served without a reload", async () => {
  const explorer = await Explorer.open(window);
  await explorer.frame.getByRole("button", { name: "Manage Workspace Trust" }).click();
  await window.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
  await expect.poll(() => probe.trusted(), SOON).toBe(true);
  const trusted = await Explorer.open(window);
  await trusted.row("Do not read me").waitFor(SOON);
  expect(stores()).not.toEqual([]);
});
