import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WindowEvents, WindowOptions } from "../../src/contract/window.ts";
import { heirloom } from "../support/heirloom.ts";
import { folderOf, openTestWindow, storeFolderOf, type TestWindow } from "../support/engineWindow.ts";
import { TestRepository, temporaryFolder } from "../support/repository.ts";

let root: string;
let remove: () => void;
let data: string;
let repository: TestRepository;
const windows: TestWindow[] = [];

beforeEach(() => {
  ({ folder: root, remove } = temporaryFolder("events"));
  data = join(root, "data");
  repository = TestRepository.init(join(root, "main"));
  repository.commit("src/first.ts");
});
afterEach(async () => {
  await Promise.all(windows.splice(0).map((window) => window.close()));
  remove();
});

async function open(folders: readonly string[], options: Partial<WindowOptions> = {}): Promise<TestWindow> {
  const window = await openTestWindow(data, folders, options);
  windows.push(window);
  return window;
}

/** What the window tells of changes while `work` is done and until `enough`. */
async function changesDuring(
  window: TestWindow,
  work: () => Promise<unknown> | undefined,
  enough: (change: WindowEvents["changed"]) => boolean,
): Promise<void> {
  // What opening it changed is told within a moment.
  await new Promise((resolve) => setTimeout(resolve, 600));
  window.events.changed.length = 0;
  await work();
  await expect.poll(() => window.events.changed.some(enough), { timeout: 5_000 }).toBe(true);
}

describe("a change is told", () => {
  it("when an agent captures by the endpoint, for every folder of the store", async () => {
    repository.git("worktree", "add", "-q", "-b", "side", join(root, "side"));
    const window = await open([repository.root, join(root, "side")]);
    const capture = () => window.tool("capture-memory", { eventType: "note", content: "Terns fly far." });
    await changesDuring(window, capture, ({ path, memories }) => memories && path === join(root, "side"));
    expect(window.events.changed.some(({ path }) => path === repository.root)).toBe(true);
  });

  it("when another process captures", async () => {
    const window = await open([repository.root]);
    const args = ["capture", "--type", "note", "--data", data, "--workspace", repository.root, "Gulls steal chips."];
    await changesDuring(
      window,
      async () => expect((await heirloom(args)).stderr).toBe(""),
      ({ memories }) => memories,
    );
  });

  it("when a checkout moves HEAD in any folder of the window, also in one that was added later", async () => {
    repository.git("worktree", "add", "-q", "-b", "side", join(root, "side"));
    const window = await open([repository.root]);
    await window.api.setFolders([repository.root, join(root, "side")].map(folderOf));
    const side = repository.at(join(root, "side"));
    await changesDuring(
      window,
      () => void side.git("checkout", "-q", "-b", "other"),
      ({ head, path }) => head && path === side.root,
    );
  });

  it("when VS Code says that HEAD moved", async () => {
    const window = await open([repository.root]);
    const checkout = () => {
      repository.git("checkout", "-q", "-b", "elsewhere");
      return window.api.headMoved(repository.root);
    };
    await changesDuring(window, checkout, ({ head }) => head);
  });
});

describe("what is logged", () => {
  it("reaches the host from the level on that it asked for, without what people wrote", async () => {
    const window = await open([repository.root], { logLevel: "debug" });
    await window.tool("capture-memory", { eventType: "note", content: "The password of the duck pond is quack." });
    await expect.poll(() => window.events.log.map(({ message }) => message)).toContain("HTTP request");
    expect(JSON.stringify(window.events.log)).not.toContain("quack");
    expect(JSON.stringify(window.events.log)).not.toContain(window.token);
    const quiet = await open([], { logLevel: "warn" });
    await quiet.tool("health-check", {});
    expect(quiet.events.log).toEqual([]);
    await quiet.api.setLogLevel("debug");
    await quiet.tool("health-check", {});
    await expect.poll(() => quiet.events.log.map(({ message }) => message)).toContain("HTTP request");
  });

  it("tells of damage that was found", async () => {
    const first = await open([repository.root]);
    await first.api.importFrom(repository.root, importFile(1_500));
    await first.close();
    writeFileSync(join(storeFolderOf(data, repository.root), "cache/manifest.json"), "{");
    const second = await open([repository.root]);
    expect(second.events.log.map(({ level, message }) => `${level}: ${message}`)).toContain(
      "warn: the store's cache is damaged; rebuilding from the journal",
    );
    expect((await second.api.stats({})).stores[0]?.memories).toBe(1_500);
  });
});

function importFile(count: number): string {
  const file = join(root, "memories.jsonl");
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ eventType: "note", scope: "repo", content: `Flight ${n} of the ${n * 7}th bird.` }),
  );
  writeFileSync(file, lines.join("\n"));
  return file;
}
