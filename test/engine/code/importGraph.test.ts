import { expect, test } from "vitest";
import { CodeIndex } from "../../../src/engine/code/codeIndex.ts";
import { ImportGraph } from "../../../src/engine/code/importGraph.ts";
import { createTextIndex } from "../../../src/engine/indexing/textIndex.ts";

/** Files by path, each with the modules that it imports. */
function graphOf(files: Readonly<Record<string, readonly string[]>>) {
  const index = new CodeIndex({ createTextIndex });
  for (const [path, modules] of Object.entries(files)) {
    const imports = modules.map((module) => ({ module, line: 1 }));
    const nothing = { symbols: [], calls: [], inherits: [], routes: [], configKeys: [], hasErrors: false };
    index.add({ path, blob: path, text: "x", parsed: { path, imports, ...nothing } });
  }
  const graph = new ImportGraph(index);
  const at = (path: string) => {
    const file = index.fileAt(path);
    if (file === undefined) throw new Error(path);
    return file;
  };
  return {
    imports: (path: string) => graph.importsOf(at(path)).map((file) => file.path),
    importers: (path: string) => graph.importersOf(at(path)).map((file) => file.path),
  };
}

test("a relative path leads to the file, with or without its ending, or to the index of the folder", () => {
  const { imports, importers } = graphOf({
    "src/app.ts": ["./url.ts", "./router", "../lib", "./gone.ts"],
    "src/url.ts": [],
    "src/router/index.ts": [],
    "lib/index.js": [],
    "other/url.ts": [],
  });
  expect(imports("src/app.ts").toSorted()).toEqual(["lib/index.js", "src/router/index.ts", "src/url.ts"]);
  expect(importers("src/url.ts")).toEqual(["src/app.ts"]);
  expect(importers("other/url.ts")).toEqual([]);
});

test("dots of Python count folders, and dotted names are paths", () => {
  const { imports } = graphOf({
    "flask/app.py": [".config", "..werk.routing", "flask.json.tag"],
    "flask/config.py": [],
    "werk/routing.py": [],
    "flask/json/tag.py": [],
  });
  expect(imports("flask/app.py").toSorted()).toEqual(["flask/config.py", "flask/json/tag.py", "werk/routing.py"]);
});

test("a name that many files have leads to none of them but the one beside", () => {
  const { imports } = graphOf({
    "a/use.go": ["acme.com/util"],
    "a/util.go": [],
    "b/util.go": [],
    "c/util.go": [],
    "d/util.go": [],
  });
  expect(imports("a/use.go")).toEqual(["a/util.go"]);
});
