import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { TestRepository } from "../support/repository.ts";
import { seriousViolations } from "./support/accessibility.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

/** So many that a person sees how they are indexed. */
const MANY = 2_000;

let scene: Scene;
let repository: TestRepository;
let window: EditorWindow;
let probe: Probe;
let explorer: Explorer;

beforeAll(async () => {
  scene = await Scene.open({
    settings: { "heirloom.learnHistory": false, "files.autoSave": "off", "files.exclude": { "**/mothballed": true } },
  });
  repository = scene.repository("harbour");
  repository.write("mothballed/buoy.ts", "export function ringOldBell(): void {}\n");
  repository.write("src/lamp.ts", "/** Turns the lamp. */\nexport function turnLamp(): void {}\n");
  const call = 'import { turnLamp } from "./lamp.ts";\n\nexport function keepWatch(): void {\n  turnLamp();\n}\n';
  repository.write("src/watch.ts", call);
  for (let at = 0; at < MANY; at++)
    repository.write(
      `src/piers/pier${at}.ts`,
      `export class Pier${at} {\n  moor(): number {\n    return ${at};\n  }\n}\n`,
    );
  repository.commit("README.md", "# Harbour\n", "Begin");
  window = await scene.window(repository.root);
  probe = await scene.probe(repository.root);
});
afterAll(() => scene.close());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
});

const state = (): Locator => explorer.frame.locator(".index-state");
const symbol = (name: string): Locator => explorer.frame.locator(".symbol-open", { hasText: name });
async function open(): Promise<void> {
  // VS Code makes the page of a tab anew when it comes back to the front, and may do so while it is looked at.
  for (const timeout of [5_000, 30_000]) {
    explorer = await Explorer.open(window);
    await explorer.view("Code");
    const shown = state().waitFor({ timeout });
    if (
      await shown.then(
        () => true,
        () => timeout > 5_000,
      )
    )
      return;
  }
}
async function find(name: string): Promise<void> {
  await explorer.frame.getByRole("textbox", { name: "Find a symbol" }).fill(name);
}

test("the code of a folder is indexed in the background, and the status bar says how far it is", async () => {
  const progress = window.page.locator(".statusbar-item", {
    hasText: /indexing the code of harbour: [\d,]+ of [\d,]+ files/u,
  });
  await progress.first().waitFor({ timeout: 60_000 });
  await window.screenshot("indexing");
  await open();
  await expect.poll(() => state().textContent(), { timeout: 60_000 }).toContain("Indexed");
  await expect.poll(() => progress.count(), SOON).toBe(0);
  expect(await state().textContent()).toContain(`${(MANY + 3).toLocaleString("en")} files`);
});

test("what files.exclude hides is not indexed, and the tab says why; a change of the setting is followed", async () => {
  await explorer.frame.getByText("left out").click();
  await explorer.frame.getByText("excluded by VS Code's settings").waitFor(SOON);
  await find("ringOldBell");
  await explorer.frame.getByText("No symbol has that name").waitFor(SOON);
  await probe.setting("files.exclude", { "**/piers": true });
  await symbol("ringOldBell").waitFor(SOON);
  await find("Pier12");
  await explorer.frame.getByText("No symbol has that name").waitFor(SOON);
  await probe.setting("files.exclude", {});
  await symbol("Pier12").first().waitFor(SOON);
});

describe("a symbol", () => {
  test("opens in the editor by the mouse", async () => {
    await find("turnLamp");
    await symbol("turnLamp").click();
    await window.page.locator(".tab", { hasText: "lamp.ts" }).first().waitFor(SOON);
  });

  test("opens in the editor by the keyboard", async () => {
    await open();
    await find("keepWatch");
    await symbol("keepWatch").waitFor(SOON);
    await window.page.keyboard.press("ArrowDown");
    await explorer.frame.locator(".symbol-open:focus").waitFor(SOON);
    await window.page.keyboard.press("Enter");
    await window.page.locator(".tab", { hasText: "watch.ts" }).first().waitFor(SOON);
  });

  test("is found once it is saved, not while it is only typed", async () => {
    await window.page.locator(".view-line", { hasText: "keepWatch" }).click();
    await window.page.keyboard.press("Control+End");
    await window.page.keyboard.type("export function readTideTable() {}");
    await open();
    await find("readTideTable");
    await explorer.frame.getByText("No symbol has that name").waitFor(SOON);
    await window.run("File: Save All Files");
    const begin = performance.now();
    await symbol("readTideTable").waitFor(SOON);
    process.stderr.write(`A saved symbol was found in ${Math.round(performance.now() - begin)} ms.\n`);
  });

  test("of a file that a program writes is found, and one of a deleted file is not", async () => {
    repository.write("src/fog.ts", "export function soundHorn(): void {}\n");
    await find("soundHorn");
    await symbol("soundHorn").waitFor(SOON);
    repository.git("clean", "-fdq");
    expect(existsSync(join(repository.root, "src/fog.ts"))).toBe(false);
    await explorer.frame.getByText("No symbol has that name").waitFor(SOON);
  });
});

test("a symbol is shown with who calls it, and one goes on from there by keys", async () => {
  await find("turnLamp");
  await explorer.frame.getByRole("button", { name: "Callers and callees of turnLamp" }).click();
  await explorer.frame.locator(".graph-column.is-left .graph-text", { hasText: "keepWatch" }).waitFor(SOON);
  await explorer.frame.locator(".graph-middle:focus").waitFor(SOON);
  expect(await seriousViolations(explorer.frame, "editor")).toEqual([]);
  await window.screenshot("code-graph");
  await window.page.keyboard.press("ArrowLeft");
  await window.page.keyboard.press("Enter");
  await explorer.frame.locator(".graph-middle", { hasText: "keepWatch" }).waitFor(SOON);
  await window.page.keyboard.press("Escape");
  await explorer.frame.locator(".graph-middle", { hasText: "turnLamp" }).waitFor(SOON);
  await window.page.keyboard.press("Escape");
  await symbol("turnLamp").waitFor(SOON);
});

test("a question shows the files that an agent would be led to", async () => {
  await explorer.frame.getByRole("button", { name: "Question" }).click();
  await explorer.frame.getByRole("textbox", { name: "Question" }).fill("who turns the lamp");
  await explorer.frame.locator(".located-path", { hasText: "src/lamp.ts" }).waitFor(SOON);
  await explorer.frame.getByText("As the agent reads it").waitFor(SOON);
  expect(await seriousViolations(explorer.frame, "editor")).toEqual([]);
  await window.screenshot("code-question");
  await explorer.frame.getByRole("button", { name: "Symbols" }).click();
});

test("indexing is paused and resumed, and what came meanwhile is found then", async () => {
  await window.run("Heirloom: Pause Code Indexing");
  await expect.poll(() => state().textContent(), SOON).toContain("Paused");
  repository.write("src/fog.ts", "export function soundHorn(): void {}\n");
  await find("soundHorn");
  await explorer.frame.getByText("No symbol has that name").waitFor(SOON);
  await explorer.view("Health");
  await explorer.frame.getByText("Indexing is paused").waitFor(SOON);
  await explorer.view("Code");
  await explorer.frame.getByRole("button", { name: "Resume" }).click();
  await symbol("soundHorn").waitFor(SOON);
});

test("the index is cleared and made again", async () => {
  await window.run("Heirloom: Clear Code Index");
  await expect.poll(() => state().textContent(), SOON).toContain("Not indexed");
  await explorer.frame.getByRole("button", { name: "Index", exact: true }).click();
  await expect.poll(() => state().textContent(), { timeout: 60_000 }).toContain("Indexed");
});

test("code that is switched off is given up, and the tab says where to switch it on", async () => {
  await probe.setting("heirloom.code.enabled", false);
  await explorer.frame.getByText("The code is not indexed").waitFor(SOON);
  await window.screenshot("code-off");
  await probe.setting("heirloom.code.enabled", true);
  await expect.poll(() => state().textContent(), { timeout: 60_000 }).toContain("Indexed");
});
