import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

let scene: Scene;
let window: EditorWindow;
const folders: Record<"walrus" | "plain" | "heron", string> = { walrus: "", plain: "", heron: "" };

beforeAll(async () => {
  scene = await Scene.open();
  for (const name of ["walrus", "heron"] as const) {
    const repository = scene.repository(name);
    repository.commit(`${name}.txt`, `${name}\n`, `Begin the ${name}`);
    folders[name] = repository.root;
  }
  scene.repository("heron").git("checkout", "-q", "-b", "marsh");
  folders.plain = join(scene.folder, "plain");
  mkdirSync(folders.plain);
  writeFileSync(join(folders.plain, "plain.txt"), "plain\n");
  const workspace = join(scene.folder, "zoo.code-workspace");
  writeFileSync(workspace, JSON.stringify({ folders: Object.values(folders).map((path) => ({ path })) }));
  window = await scene.window(workspace);
  await scene.probe(folders.walrus);
});
afterAll(() => scene.close());
afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await window.screenshot(`failed ${task.name}`);
});

const statusBar = (text: string) => window.page.locator(".statusbar-item", { hasText: text }).first();

/** Chooses a folder in the explorer. */
async function choose(explorer: Explorer, name: string): Promise<void> {
  await explorer.frame.getByRole("combobox", { name: "Folder" }).click();
  await explorer.frame.getByRole("option", { name, exact: true }).click();
}

describe("a workspace of two repositories and a folder without git", () => {
  test("shows the memories of the folder that is chosen, and the status bar says where it is", async () => {
    const explorer = await Explorer.open(window);
    await explorer.row("Begin the walrus").waitFor(SOON);
    expect(await explorer.row("Begin the heron").count()).toBe(0);
    await choose(explorer, "heron");
    await explorer.row("Begin the heron").waitFor(SOON);
    expect(await explorer.row("Begin the walrus").count()).toBe(0);
    await statusBar("marsh").waitFor(SOON);
    await window.screenshot("folders");
  });

  test("keeps what is remembered in the folder without git in a store of its own", async () => {
    const explorer = await Explorer.open(window);
    await choose(explorer, "plain");
    await explorer.frame.getByText("Nothing is remembered").waitFor(SOON);
    const said = ["capture", "--type", "note", "--title", "No commits here", "Plain folders remember too."];
    expect(await scene.heirloom(folders.plain, ...said)).toMatchObject({ code: 0 });
    await explorer.row("No commits here").waitFor(SOON);
    await statusBar("plain").waitFor(SOON);
    await choose(explorer, "walrus");
    await explorer.row("Begin the walrus").waitFor(SOON);
    expect(await explorer.row("No commits here").count()).toBe(0);
    const stores = readdirSync(join(scene.folder, "data/stores"), { withFileTypes: true });
    expect(stores.filter((entry) => entry.isDirectory() && entry.name !== "user")).toHaveLength(3);
  });

  test("follows the editor that is worked in", async () => {
    await window.run("Go to File...");
    await window.fill("heron.txt");
    await window.pick("heron.txt");
    await statusBar("marsh").waitFor(SOON);
    const explorer = await Explorer.open(window);
    await explorer.row("Begin the heron").waitFor(SOON);
  });

  test("a folder that is added is learned from, and one that is taken away is gone", async () => {
    const added = scene.repository("otter");
    added.commit("otter.txt", "otter\n", "Begin the otter");
    const paths = [folders.walrus, added.root].map((path) => ({ path }));
    writeFileSync(join(scene.folder, "zoo.code-workspace"), JSON.stringify({ folders: paths }));
    const explorer = await Explorer.open(window);
    await expect
      .poll(async () => explorer.frame.getByRole("combobox", { name: "Folder" }).textContent(), SOON)
      .not.toContain("heron");
    await choose(explorer, "otter");
    await explorer.row("Begin the otter").waitFor(SOON);
  });
});
