import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousViolations } from "./support/accessibility.ts";
import { type EditorWindow, THEMES } from "./support/editorWindow.ts";
import { Explorer, VIEWS } from "./support/explorer.ts";
import type { TestRepository } from "../support/repository.ts";
import type { Probe } from "./support/probe.ts";
import { Scene } from "./support/scene.ts";
import { SHOWN, showcase, workAsAgent } from "./support/showcase.ts";

let scene: Scene;
let window: EditorWindow;
let probe: Probe;
let explorer: Explorer;
let repository: TestRepository;

beforeAll(async () => {
  scene = await Scene.open({ settings: { "heirloom.learnHistory": false } });
  repository = await showcase(scene);
  await workAsAgent(scene, repository.root);
  window = await scene.window(repository.root);
  probe = await scene.probe(repository.root);
});
afterAll(() => scene.close());

const LOOKS: Readonly<Record<(typeof VIEWS)[number], () => Promise<void>>> = {
  Memories: async () => {
    await explorer.show(SHOWN);
  },
  Lanes: () => explorer.frame.locator(".commit-pane .row").first().waitFor(),
  Code: async () => {
    await explorer.frame.getByRole("textbox", { name: "Find a symbol" }).fill("flush");
    await explorer.frame.locator(".symbol-open").first().waitFor();
  },
  Context: async () => {
    await explorer.frame.getByRole("textbox", { name: "Question" }).fill("Uploads arrive twice after a lost ack");
    await explorer.frame.getByRole("slider", { name: "Budget" }).fill("2");
    await explorer.frame.getByText("As the agent reads it").waitFor();
  },
  Receipts: () => explorer.frame.getByText("Session began").first().waitFor(),
  Review: () => explorer.frame.getByRole("button", { name: "Merge" }).waitFor(),
  Health: () => explorer.frame.getByRole("heading", { name: "Stores" }).waitFor(),
};

describe.each(Object.keys(THEMES) as (keyof typeof THEMES)[])("in the %s theme", (theme) => {
  beforeAll(async () => {
    await window.theme(theme, probe);
    explorer = await Explorer.open(window);
  });

  test.each(VIEWS)("the view %s is seen by everybody", async (view) => {
    await explorer.view(view);
    await LOOKS[view]();
    await window.screenshot(`${view.toLowerCase()}-${theme}`);
    expect(await seriousViolations(explorer.frame, "editor")).toEqual([]);
  });

  test("the view in the side bar is seen by everybody", async () => {
    const sideBar = await Explorer.inSideBar(window);
    await sideBar.row(SHOWN).waitFor();
    await window.screenshot(`sidebar-${theme}`);
    expect(await seriousViolations(sideBar.frame, "sideBar")).toEqual([]);
  });
});

test("the lines of a file that memories speak of are marked, and tell them when they are pointed at", async () => {
  await window.theme("dark", probe);
  explorer = await Explorer.open(window);
  await explorer.view("Memories");
  const detail = await explorer.show(SHOWN);
  await detail.locator(".anchor").click();
  const line = window.page.locator(".view-line", { hasText: "async flush" });
  await window.page.locator(".codelens-decoration", { hasText: "memor" }).first().waitFor();
  await line.click({ position: { x: 60, y: 8 } });
  // This VS Code comes without its TypeScript server, and says so.
  await window.closeNotifications();
  await window.run("Show or Focus Hover");
  await window.page.locator(".monaco-hover:visible", { hasText: SHOWN }).waitFor();
  await window.screenshot("editor-dark");
});

test("a memory whose code changed is marked in the list, and says since when and what became of it", async () => {
  const path = "src/sync/queue.ts";
  const text = readFileSync(join(repository.root, path), "utf8");
  try {
    repository.write(path, text.replace(/( *)await send\(/u, "$1this.#sent += 1;\n$&"));
    await window.theme("light", probe);
    explorer = await Explorer.open(window);
    await explorer.view("Memories");
    const row = explorer.row(SHOWN);
    await row.locator(".mark.is-drifted").waitFor();
    const detail = await explorer.show(SHOWN);
    await detail.getByText("the code has changed since").waitFor();
    await detail.getByText("not committed yet").first().waitFor();
    await window.screenshot("freshness-light");
  } finally {
    repository.write(path, text);
  }
});
