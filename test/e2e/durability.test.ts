import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { join } from "node:path";
import { readdirSync } from "node:fs";
import type { TestRepository } from "../support/repository.ts";
import { Explorer } from "./support/explorer.ts";
import { EVERYWHERE, heritage, ON_BRANCH, ON_MAIN } from "./support/heritage.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

let scene: Scene;
let repository: TestRepository;

beforeAll(async () => {
  scene = await Scene.open();
  repository = await heritage(scene, "sample");
});
afterAll(() => scene.close());

const capture = (folder: string, title: string, ...more: readonly string[]): Promise<unknown> =>
  scene.heirloom(folder, "capture", "--type", "note", "--title", title, ...more, `${title}, and it has to stay.`);

describe("an extension host that is killed", () => {
  test("takes nothing with it: after a reload everything is there, and more can be remembered", async () => {
    const window = await scene.window(repository.root);
    const killed = await scene.probe(repository.root);
    const before = await Explorer.open(window);
    await before.row(ON_MAIN).waitFor(SOON);
    await capture(repository.root, "Captured before the end");
    await before.row("Captured before the end").waitFor(SOON);

    process.kill(killed.pid, "SIGKILL");
    await window.reload();
    await scene.probe(repository.root, [killed.pid]);
    const after = await Explorer.open(window);
    for (const title of [ON_MAIN, EVERYWHERE, "Captured before the end"]) await after.row(title).waitFor(SOON);
    await capture(repository.root, "Captured after it");
    await after.row("Captured after it").waitFor(SOON);
    await window.close();
  });
});

describe("two windows on two worktrees of one repository", () => {
  test("share one store, and each shows what its own HEAD inherits", async () => {
    const folder = join(scene.folder, "worktree");
    repository.git("worktree", "add", "-q", folder, "feature/cache");
    const windows = await Promise.all([scene.window(repository.root), scene.window(folder)]);
    const [onMain, onBranch] = [await Explorer.open(windows[0]), await Explorer.open(windows[1])];
    await onMain.row(ON_MAIN).waitFor(SOON);
    await onBranch.row(ON_BRANCH).waitFor(SOON);
    expect(await onMain.row(ON_BRANCH).count()).toBe(0);

    await capture(repository.root, "Said on main to all", "--scope", "repo");
    await capture(folder, "Said in the worktree to all", "--scope", "repo");
    await capture(folder, "Said in the worktree to its own");
    for (const explorer of [onMain, onBranch]) {
      await explorer.row("Said on main to all").waitFor(SOON);
      await explorer.row("Said in the worktree to all").waitFor(SOON);
    }
    await onBranch.row("Said in the worktree to its own").waitFor(SOON);
    expect(await onMain.row("Said in the worktree to its own").count()).toBe(0);
    const stores = readdirSync(join(scene.folder, "data/stores"), { withFileTypes: true });
    expect(stores.filter((entry) => entry.isDirectory() && entry.name !== "user")).toHaveLength(1);
    await Promise.all(windows.map((window) => window.close()));
  });
});
