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

describe("one place of the code of a window's folders", () => {
  const sources = (): void => {
    app.commit("src/knob.ts", "export function turn(): void {}\nexport function both(): void {}\n", "knobs");
    library.commit(
      "src/pane.ts",
      'import { shade } from "./shade.ts";\nexport function pane(): number {\n  return shade();\n}\n',
      "panes",
    );
    library.commit(
      "src/shade.ts",
      "export function shade(): number {\n  return 1;\n}\nexport function both(): void {}\n",
      "shades",
    );
    library.commit("test/knob.test.ts", "function turn(): void {}\n", "tests");
  };

  test("is analysed in the folder that has it, which is told, with its memories and history", async () => {
    sources();
    const here = await open([app.root, library.root]);
    await here.api.capture(
      { eventType: "note", content: "Shades close at noon.", anchors: [{ path: "src/shade.ts" }], scope: "repo" },
      { workspace: library.root },
    );
    const shade = await here.tool("analyze_implementation", { target: "shade" });
    expect(shade).toMatchObject({
      root: "library",
      target: "src/shade.ts#shade",
      definition: { path: "src/shade.ts" },
    });
    expect(shade["callers"]).toMatchObject([{ path: "src/pane.ts", symbol: "pane" }]);
    expect(shade["history"]).toMatchObject([{ subject: "shades" }]);
    expect(shade["memories"]).toMatchObject([{ title: "Shades close at noon." }]);
  });

  test("that several have is told apart: the first source is it, what else is called so is told with its folder", async () => {
    sources();
    const here = await open([app.root, library.root]);
    const both = await here.tool("analyze_implementation", { target: "both" });
    expect(both).toMatchObject({
      root: "app",
      others: [{ path: "src/shade.ts", root: "library", symbol: "both", line: 4 }],
    });
    expect(await here.tool("analyze_implementation", { target: "both", root: "library" })).toMatchObject({
      root: "library",
      others: [],
    });
    expect(await here.tool("analyze_implementation", { target: "library//both" })).toMatchObject({ root: "library" });
    const inLibrary = await here.api.analyze({ target: "turn" }, { workspace: library.root });
    expect(inLibrary).toMatchObject({ root: "app", others: [{ path: "test/knob.test.ts", root: "library" }] });
  });

  test("is found again by the id of its passage, whichever folder asks; an id without a folder is of its own first", async () => {
    sources();
    const here = await open([app.root, library.root]);
    const { chunks } = await here.tool("search_codebase", { query: "shade" });
    const [chunk] = chunks as { id: string; root: string }[];
    expect(chunk).toMatchObject({ id: "library//src/shade.ts:1-5", root: "library" });
    for (const id of ["library//src/shade.ts:1-5", "src/shade.ts:1-5", join(library.root, "src/shade.ts:1-5")])
      expect(await here.tool("get_code_chunk", { id }, "?profile=code")).toMatchObject({
        root: "library",
        path: "src/shade.ts",
        endLine: 5,
      });
    expect(
      await here.tool("get_code_chunk", { path: "src/pane.ts", symbol: "pane", root: "library" }, "?profile=code"),
    ).toMatchObject({ endLine: 4 });
    await expect(
      here.api.codeChunk({ path: "src/shade.ts", root: "app" }, { workspace: app.root }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(here.api.codeChunk({ path: "/etc/passwd" }, { workspace: app.root })).rejects.toMatchObject({
      code: "FORBIDDEN_PATH",
    });
  });

  test("that nothing is called so is told with what comes near, in whichever folder", async () => {
    sources();
    const here = await open([app.root, library.root]);
    await expect(here.api.analyze({ target: "shades" }, {})).rejects.toMatchObject({
      code: "NOT_FOUND",
      details: { nearest: expect.arrayContaining(["src/shade.ts#shade"]) as unknown },
    });
  });

  test("of a folder in a folder belongs to the innermost, also where the outer one tells of it", async () => {
    const inner = join(folder, "outer/inner");
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(folder, "outer/door.ts"), "export function openDoor(): void {}\n");
    TestRepository.init(inner).commit(
      "use.ts",
      'import { openDoor } from "../door.ts";\nexport function use(): void {\n  openDoor();\n}\n',
      "use",
    );
    const here = await open([join(folder, "outer"), inner]);
    for (const target of ["use", "inner/use.ts#use", "inner//use.ts#use", join(inner, "use.ts#use")])
      expect(await here.tool("analyze_implementation", { target })).toMatchObject({
        root: "inner",
        target: "use.ts#use",
      });
    const door = await here.tool("analyze_implementation", { target: "openDoor" });
    expect(door).toMatchObject({ root: "outer", callers: [{ path: "use.ts", root: "inner", symbol: "use" }] });
    const chunk = await here.tool("get_code_chunk", { path: "inner/use.ts" }, "?profile=code");
    expect(chunk).toMatchObject({ root: "inner", path: "use.ts" });
  });
});

describe("a bundle of a window's folders", () => {
  const items = (bundle: Record<string, unknown>): readonly string[] =>
    places((bundle["items"] as { path?: string }[]).filter(({ path }) => path !== undefined));

  test("has the code of all, named by its folder, the folder that knows more of the question first", async () => {
    const here = await open([app.root, library.root]);
    for (const root of ["app", "library"]) await here.api.indexControl({ action: "sync", root }, {});
    const bundle = await here.tool("build-context", { query: "where does openWindow open the window" });
    expect(items(bundle)).toContain("library src/window.ts");
    expect(bundle["markdown"]).toContain("library//src/window.ts");
    expect((bundle["items"] as object[])[0]).toMatchObject({ path: "src/window.ts", root: "library" });
    expect(bundle["code"]).toEqual({ state: "ready" });
  });

  test("is led by files of whichever folder, and says which none has", async () => {
    const here = await open([app.root, library.root]);
    for (const root of ["app", "library"]) await here.api.indexControl({ action: "sync", root }, {});
    const ask = (specificFiles: readonly string[]) =>
      here.tool("get_context_progressive", { query: "open", specificFiles }, "?profile=code");
    expect(items(await ask(["src/window.ts"]))).toEqual(["library src/window.ts"]);
    const both = await ask(["app//src/door.ts", "window.ts", "gone.ts", "app//src/window.ts"]);
    expect(items(both)).toEqual(["app src/door.ts", "library src/window.ts"]);
    expect((both["dropped"] as { ref: string }[]).map(({ ref }) => ref)).toEqual(["gone.ts", "app//src/window.ts"]);
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
