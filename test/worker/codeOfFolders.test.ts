import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderOf, openTestWindow, type TestWindow } from "../support/engineWindow.ts";
import { temporaryFolder, TestRepository } from "../support/repository.ts";

let folder: string;
let remove: () => void;
let app: TestRepository;
let library: TestRepository;
let window: TestWindow | undefined;
beforeEach(() => {
  ({ folder, remove } = temporaryFolder("code-folders"));
  app = TestRepository.init(join(folder, "app"));
  app.commit("src/door.ts", "export function openDoor(): void {}\n", "doors");
  library = TestRepository.init(join(folder, "library"));
  library.commit("src/window.ts", "export function openWindow(): void {}\n", "windows");
});
afterEach(async () => {
  await window?.close();
  remove();
});

const open = async (folders: readonly string[], settings = {}): Promise<TestWindow> =>
  (window = await openTestWindow(join(folder, "data"), folders, { settings }));
const places = (found: unknown): readonly string[] =>
  (found as readonly { path: string; root?: string }[]).map(({ path, root = "" }) => `${root} ${path}`).toSorted();

describe("the code of a window's folders", () => {
  test("is asked together, and each result says which folder it is of", async () => {
    const here = await open([app.root, library.root]);
    const { files } = await here.tool("locate_relevant_files", { query: "open" });
    expect(places(files)).toEqual(["app src/door.ts", "library src/window.ts"]);
    const { matches } = await here.tool("context_grep", { pattern: "export" }, "?profile=code");
    expect(places(matches)).toEqual(["app src/door.ts", "library src/window.ts"]);
    const { chunks } = await here.tool("search_codebase", { query: "openWindow", root: "library" });
    expect(places(chunks)).toEqual(["library src/window.ts"]);
    expect((await here.api.indexControl({ action: "status", root: "library" }, {})).roots).toEqual(["app", "library"]);
    expect((await here.api.projectStats({ root: library.root }, {})).languages).toMatchObject([{ files: 1 }]);
  });

  test("is told once where two folders are of one repository, and where one repository is in another", async () => {
    mkdirSync(join(app.root, "tools"));
    writeFileSync(join(app.root, "tools/hammer.ts"), "export const hammer = 1;\n");
    renameSync(library.root, join(app.root, "library"));
    const here = await open([app.root, join(app.root, "tools"), join(app.root, "library")]);
    const { matches } = await here.tool("context_grep", { pattern: "export" }, "?profile=code");
    expect(places(matches)).toEqual(["app src/door.ts", "app tools/hammer.ts", "library src/window.ts"]);
  });

  test("is answered without a folder that is gone, which is told", async () => {
    const here = await open([app.root]);
    await here.api.setFolders([folderOf(app.root), folderOf(join(folder, "gone"))]);
    const { files, missing } = await here.tool("locate_relevant_files", { query: "open door" });
    expect(places(files)).toEqual(["app src/door.ts"]);
    expect(missing).toMatchObject([{ root: "gone" }]);
  });
});

describe("folders that a person added", () => {
  test("are asked too: by an absolute path or one from the folder, and of a part of a repository that part", async () => {
    library.commit("docs/hinge.md", "# export\n", "docs");
    const code = { folders: { [app.root]: ["../library/src"] } };
    const here = await open([app.root], { code });
    const { matches } = await here.tool("context_grep", { pattern: "export" }, "?profile=code");
    expect(places(matches)).toEqual(["app src/door.ts", "library src/window.ts"]);
  });

  test("are none of what a repository's own files say, and none of another folder's", async () => {
    app.write("settings.json", JSON.stringify({ code: { folders: { [app.root]: [library.root] } } }));
    app.write(".vscode/settings.json", JSON.stringify({ "heirloom.code.folders": { [app.root]: [library.root] } }));
    const here = await open([app.root], { code: { folders: { [join(folder, "other")]: [library.root] } } });
    const { matches } = await here.tool("context_grep", { pattern: "function" }, "?profile=code");
    expect(places(matches)).toEqual([" src/door.ts"]);
  });

  test("that are not there are told", async () => {
    const here = await open([app.root], { code: { folders: { [app.root]: ["../gone"] } } });
    const { files, missing } = await here.tool("locate_relevant_files", { query: "open door" });
    expect(places(files)).toEqual(["app src/door.ts"]);
    expect(JSON.stringify(missing)).toContain("heirloom.code.folders");
  });
});
