import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

const HOSTILE = "<img src=x onerror=alert(1)> [run](command:workbench.action.quit) **bold** https://evil.example";

let scene: Scene;
let root: string;
let window: EditorWindow;
let probe: Probe;

beforeAll(async () => {
  scene = await Scene.open({ settings: { "files.autoSave": "off" } });
  const repository = scene.repository("notes");
  root = repository.root;
  repository.commit("notes.md", "# Notes\n\n## Retries\n\nThe delay is random.\n\n## Keys\n\nThey rotate.\n", "Begin");
  const anchored = ["capture", "--type", "note", "--title", "Delays", "--anchor", "notes.md:5", HOSTILE];
  expect(await scene.heirloom(root, ...anchored)).toMatchObject({ code: 0 });
  window = await scene.window(root);
  probe = await scene.probe(root);
  const explorer = await Explorer.open(window);
  await (await explorer.show("Delays")).locator(".anchor").click(SOON);
});
afterAll(() => scene.close());

const lens = () => window.page.locator(".codelens-decoration", { hasText: "memor" });

test("a line that a memory speaks of shows it as the plain text that it is", async () => {
  await lens().first().waitFor(SOON);
  await window.page.locator(".view-line", { hasText: "The delay" }).click({ position: { x: 60, y: 8 } });
  await window.run("Show or Focus Hover");
  const hover = window.page.locator(".monaco-hover:visible", { hasText: "Delays" });
  await hover.waitFor(SOON);
  const text = (await hover.innerText()).replace(/\u00a0/gu, " ");
  expect(text).toContain("<img src=x onerror=alert(1)> run bold https://evil.example");
  expect(await hover.locator("img, a, script").count()).toBe(0);
});

test("Remember This keeps what is said of a line with the line and its section", async () => {
  await window.page.locator(".view-line", { hasText: "They rotate" }).click({ position: { x: 60, y: 8 } });
  await window.run("Heirloom: Remember This…");
  await window.pick("decision");
  await window.fill("Keys rotate every month, as one was lost once.");
  await window.page.keyboard.press("Enter");
  const found = async (): Promise<unknown> => {
    const { stdout } = await scene.heirloom(root, "search", "keys rotate month", "--json");
    return (JSON.parse(stdout) as { memories: { kind: string; anchors: unknown }[] }).memories
      .filter(({ kind }) => kind === "decision")
      .map(({ anchors }) => anchors);
  };
  await expect
    .poll(found, SOON)
    .toEqual([[expect.objectContaining({ path: "notes.md", startLine: 9, endLine: 9, symbol: "Keys" })]]);
});

test("an anchor to a symbol of TypeScript is marked where the symbol is, by the language that comes with the editor", async () => {
  const text = "export const first = 1;\n\nexport class Retry {\n  delay = 3;\n}\n";
  writeFileSync(join(root, "retry.ts"), text);
  const anchored = ["capture", "--type", "note", "--title", "Waits", "--anchor", "retry.ts#delay", "It waits."];
  expect(await scene.heirloom(root, ...anchored)).toMatchObject({ code: 0 });
  const uri = pathToFileURL(join(root, "retry.ts")).href;
  await expect.poll(() => probe.symbols(uri), { timeout: 60_000 }).toEqual(["first", "Retry"]);
  const explorer = await Explorer.open(window);
  await (await explorer.show("Waits")).locator(".anchor").click(SOON);
  await window.page.locator(".view-line", { hasText: "delay = 3" }).waitFor(SOON);
  await lens().first().waitFor(SOON);
  const [mark, line] = await Promise.all(
    [lens().first(), window.page.locator(".view-line", { hasText: "delay = 3" })].map((found) => found.boundingBox()),
  );
  expect(mark?.y).toBeLessThan(line?.y ?? 0);
  expect(mark?.y).toBeGreaterThan((line?.y ?? 0) - 2 * (line?.height ?? 0));
});

test("a mark says that its code changed while that is typed and not saved, and no more when it is undone", async () => {
  const text = "export function limitOf(waiting: number): number {\n  return Math.max(10, waiting * 2);\n}\n";
  writeFileSync(join(root, "limits.ts"), text);
  const anchored = ["capture", "--type", "note", "--title", "Limits", "--anchor", "limits.ts#limitOf", "Ten at least."];
  expect(await scene.heirloom(root, ...anchored)).toMatchObject({ code: 0 });
  const explorer = await Explorer.open(window);
  await (await explorer.show("Limits")).locator(".anchor").click(SOON);
  const line = (part: string) => window.page.locator(".view-line", { hasText: part });
  await line("Math.max(10").click({ ...SOON, position: { x: 60, y: 8 } });
  const marked = (): Promise<string> => lens().first().innerText(SOON);
  await expect.poll(marked, SOON).toMatch(/^1\smemory$/u);
  await window.page.keyboard.press("Home");
  await window.page.keyboard.type("if (waiting > 100) throw waiting; ");
  await line("throw waiting").waitFor(SOON);
  await expect.poll(marked, SOON).toContain("drifted");
  expect(readFileSync(join(root, "limits.ts"), "utf8")).toBe(text);
  await window.run("File: Revert File");
  await expect.poll(marked, SOON).toMatch(/^1\smemory$/u);
});

test("marks above lines go when the setting says so", async () => {
  await probe.setting("heirloom.editor.codeLens", false);
  await expect.poll(() => lens().count(), SOON).toBe(0);
});
