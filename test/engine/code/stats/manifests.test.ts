import { describe, expect, test } from "vitest";
import { manifestKind, readManifest } from "../../../../src/engine/code/stats/manifests.ts";

describe("a manifest", () => {
  test("is known by its name", () => {
    expect(manifestKind("web/package.json")).toBe("npm");
    expect(manifestKind("App.csproj")).toBe("dotnet");
    expect(manifestKind("src/package.ts")).toBeUndefined();
    expect(manifestKind("constructor")).toBeUndefined();
    expect(manifestKind("*.csproj.txt")).toBeUndefined();
  });

  test("of npm tells its name, scripts, dependencies and where it is entered", () => {
    const text = JSON.stringify({
      name: "zoo",
      version: "1.2.3",
      main: "./dist/index.js",
      bin: { zoo: "bin/zoo.js" },
      scripts: { test: "rm -rf /" },
      dependencies: { a: "1" },
      devDependencies: { b: "1", c: "2" },
    });
    expect(readManifest("web/package.json", text)).toEqual({
      manifest: {
        path: "web/package.json",
        kind: "npm",
        name: "zoo",
        version: "1.2.3",
        scripts: ["test"],
        dependencies: 3,
      },
      entries: [
        { path: "web/dist/index.js", why: "main of web/package.json" },
        { path: "web/bin/zoo.js", why: "bin zoo of web/package.json" },
      ],
    });
  });

  test("of Python, Rust, Go and Dart tells its name", () => {
    const python = '[project]\nname = "zoo"\nversion = "2.0"\n\n[project.scripts]\nzoo = "zoo.cli:main"\n';
    expect(readManifest("pyproject.toml", python)).toEqual({
      manifest: { path: "pyproject.toml", kind: "python", name: "zoo", version: "2.0", scripts: ["zoo"] },
      entries: [{ path: "zoo.cli:main", why: "script zoo of pyproject.toml" }],
    });
    const rust =
      '[package]\nname = "zoo" # animals\n[[bin]]\npath = "src/bin/feed.rs"\n[dependencies]\nserde = "1"\ntokio = { version = "1" }\n';
    expect(readManifest("crates/zoo/Cargo.toml", rust)).toEqual({
      manifest: { path: "crates/zoo/Cargo.toml", kind: "rust", name: "zoo", dependencies: 2 },
      entries: [{ path: "crates/zoo/src/bin/feed.rs", why: "bin of crates/zoo/Cargo.toml" }],
    });
    const go =
      "module example.com/zoo\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgolang.org/x/c v0.1.0 // indirect\n)\n";
    expect(readManifest("go.mod", go).manifest).toMatchObject({ name: "example.com/zoo", dependencies: 2 });
    expect(readManifest("pubspec.yaml", "name: zoo\nversion: 1.0.0 # first\n").manifest).toMatchObject({
      name: "zoo",
      version: "1.0.0",
    });
  });

  test("that says what it should not is still only data", () => {
    for (const text of ["{", "[]", "null", '{"scripts":[1],"bin":7,"name":{}}', "\u0000"])
      expect(readManifest("package.json", text).manifest).toMatchObject({ path: "package.json", kind: "npm" });
    const { manifest, entries } = readManifest(
      "package.json",
      JSON.stringify({ name: `a\n${"b".repeat(500)}`, main: "../../../../etc/passwd" }),
    );
    expect(manifest.name).toHaveLength(200);
    expect(manifest.name).not.toContain("\n");
    expect(entries).toEqual([{ path: "etc/passwd", why: "main of package.json" }]);
  });
});
