import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestRepository } from "../support/repository.ts";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import { EVERYWHERE, heritage, MAIN_TEXT, ON_BRANCH, ON_MAIN } from "./support/heritage.ts";
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
  explorer = await Explorer.open(window);
});
afterAll(() => scene.close());
beforeEach(() => explorer.row(ON_MAIN).waitFor());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
});

async function told(...args: readonly string[]): Promise<string> {
  return (await scene.heirloom(repository.root, ...args)).stdout;
}

describe("the explorer", () => {
  test("lists what the commit that is checked out inherits, and nothing of other branches", async () => {
    expect(await explorer.row(EVERYWHERE).count()).toBe(1);
    expect(await explorer.row(ON_BRANCH).count()).toBe(0);
    await explorer.frame.getByRole("button", { name: "Hidden" }).click();
    await explorer.row(ON_BRANCH).waitFor(SOON);
    await explorer.frame.getByRole("button", { name: "Visible" }).click();
  });

  test("finds by words, and says what it was asked when nothing matches", async () => {
    await explorer.search("generated comments");
    await expect.poll(() => explorer.row(EVERYWHERE).count(), SOON).toBe(0);
    expect(await explorer.row(ON_MAIN).count()).toBe(1);
    await explorer.search("zyzzyva");
    await explorer.frame.getByText("Nothing matches").waitFor(SOON);
    await explorer.search("");
  });

  test("edits a memory, and keeps what it was", async () => {
    const detail = await explorer.show(EVERYWHERE);
    await detail.getByRole("button", { name: "Edit" }).click();
    await detail.getByRole("textbox", { name: "Text" }).fill("Indent YAML with two spaces; tabs are no YAML.");
    await detail.getByRole("textbox", { name: "Why" }).fill("said why");
    await detail.getByRole("button", { name: "Save" }).click();
    await detail.getByText("tabs are no YAML.").first().waitFor(SOON);
    await detail.getByRole("heading", { name: "History" }).waitFor(SOON);
    expect(await told("search", "YAML tabs")).toContain("tabs are no YAML.");
  });

  test("forgets a memory and brings it back", async () => {
    const detail = await explorer.show(ON_MAIN);
    await detail.getByRole("button", { name: "Forget" }).click();
    await expect.poll(() => explorer.row(ON_MAIN).count(), SOON).toBe(0);
    expect(await told("list")).not.toContain(MAIN_TEXT);
    await explorer.frame.getByRole("button", { name: "Undo" }).click();
    await explorer.row(ON_MAIN).waitFor(SOON);
    expect(await told("list")).toContain(MAIN_TEXT);
  });

  test("follows a checkout that was made in a terminal", async () => {
    repository.git("checkout", "-q", "feature/cache");
    const begin = performance.now();
    await explorer.row(ON_BRANCH).waitFor(SOON);
    process.stderr.write(`The explorer followed a checkout in ${Math.round(performance.now() - begin)} ms.\n`);
    await explorer.frame.getByText("feature/cache").first().waitFor(SOON);
    await window.page
      .locator(".statusbar-item", { hasText: /feature\/cache/u })
      .first()
      .waitFor(SOON);
    repository.git("checkout", "-q", "main");
    await expect.poll(() => explorer.row(ON_BRANCH).count(), SOON).toBe(0);
  });

  test("shows a memory that another process captures, without a reload", async () => {
    await scene.heirloom(
      repository.root,
      "capture",
      "--type",
      "note",
      "--title",
      "Seen at once",
      "Said by an agent elsewhere.",
    );
    await explorer.row("Seen at once").waitFor(SOON);
  });

  test("opens the file that a memory speaks of", async () => {
    const detail = await explorer.show(ON_MAIN);
    await detail.getByTitle("Open src/parser.ts").click();
    await window.page.locator(".tab", { hasText: "parser.ts" }).first().waitFor(SOON);
    explorer = await Explorer.open(window);
  });
});
