import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const source = join(root, "src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((name) => name.split(sep).join("/"))
  .filter((name) => name.endsWith(".ts"));

/** What each source file imports: other source files by their path under src/, packages by their name. */
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom\s+|^import\s+|\bimport\()"([^"]+)"/gmu)].map(
    (match) => match[1] ?? "",
  );
  return specifiers.map((specifier) =>
    specifier.startsWith(".")
      ? relative(source, resolve(source, dirname(file), specifier))
          .split(sep)
          .join("/")
      : specifier.replace(/^node:/u, "").replace(/^((?:@[^/]+\/)?[^/]+).*$/u, "$1"),
  );
}

const layerOf = (file: string): string =>
  file.includes("/") ? (file.split("/")[0] ?? "") : file.replace(/\.ts$/u, "");
const stepOf = (file: string): string | undefined => /^engine\/([^/]+)\//u.exec(file)?.[1];
const isSource = (name: string): boolean => imports.has(name);

describe("imports point one way", () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    contract: ["contract"],
    engine: ["engine", "contract"],
    worker: ["worker", "serve", "engine", "contract"],
    // Of the worker only the clients of its compute and parsing threads: whoever opens an engine starts them.
    serve: ["serve", "engine", "contract", "worker/computePool.ts", "worker/parsePool.ts"],
    // Of the worker only its client: what runs in the thread stays out of the main thread's bundle.
    host: ["host", "serve", "engine", "contract", "worker/engineClient.ts"],
    cli: ["cli", "serve", "engine", "contract"],
    // What only the build runs, and nothing that ships.
    build: ["build"],
    extension: ["host"],
  };

  test("contract <- engine <- serve <- (host | cli)", () => {
    const wrong = [...imports].flatMap(([file, names]) =>
      names
        .filter((name) => isSource(name) && ![layerOf(name), name].some((to) => allowed[layerOf(file)]?.includes(to)))
        .map((name) => `${file} -> ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test("a step of the engine reaches another only through contract/, ports.ts and seams.ts", () => {
    const wrong = [...imports].flatMap(([file, names]) => {
      const step = stepOf(file);
      if (step === undefined) return [];
      return names
        .filter((name) => isSource(name) && name.startsWith("engine/"))
        .filter((name) => stepOf(name) !== step && name !== "engine/ports.ts" && name !== "engine/seams.ts")
        .map((name) => `${file} -> ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  test("there is no cycle", () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
        return;
      }
      if (done.has(file)) return;
      for (const name of imports.get(file) ?? []) if (isSource(name)) visit(name, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test("every relative import names a file that exists", () => {
    const missing = [...imports].flatMap(([file, names]) =>
      names.filter((name) => name.endsWith(".ts") && !isSource(name)).map((name) => `${file} -> ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("libraries", () => {
  const builtin = new Set(builtinModules);
  const packages = (file: string): readonly string[] =>
    (imports.get(file) ?? []).filter((name) => !name.endsWith(".ts") && !builtin.has(name));

  test("contract needs nothing but zod", () => {
    const foreign = files.filter((file) => layerOf(file) === "contract").flatMap(packages);
    expect(new Set(foreign)).toEqual(new Set(["zod"]));
  });

  test("the engine knows no host, no HTTP and no MCP", () => {
    const forbidden = /^(vscode|http|https|http2|net|tls|dgram|child_process|@modelcontextprotocol\/.*)$/u;
    const wrong = files
      .filter((file) => layerOf(file) === "engine")
      .flatMap((file) =>
        (imports.get(file) ?? []).filter((name) => forbidden.test(name)).map((name) => `${file}: ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  test("each library but zod is named in one file", () => {
    const named = new Map<string, Set<string>>();
    for (const file of files)
      for (const name of packages(file)) named.set(name, (named.get(name) ?? new Set()).add(file));
    named.delete("zod");
    named.delete("vscode");
    expect([...named].filter(([, where]) => where.size > 1).map(([name, where]) => [name, [...where]])).toEqual([]);
  });

  test("what the bundle loads at run time is Node's own", () => {
    const chunks = readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".js"),
    );
    const foreign = chunks.flatMap((chunk) => {
      const text = readFileSync(join(root, "dist", chunk), "utf8");
      return [...text.matchAll(/^import\s[^;]*?from\s*"([^".][^"]*)";$/gmu)]
        .map((match) => (match[1] ?? "").replace(/^node:/u, "").replace(/\/.*$/u, ""))
        .filter((name) => !builtin.has(name));
    });
    expect(foreign).toEqual([]);
  });
});

test("the top level holds what the design names and nothing else", () => {
  const tracked = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const top = new Set(
    tracked
      .split("\0")
      .filter(Boolean)
      .map((path) => path.split("/")[0] ?? ""),
  );
  const named = new Set(
    (
      "package.json package-lock.json tsconfig.json esbuild.mjs eslint.config.mjs vitest.config.ts README.md LICENSE CHANGELOG.md " +
      "CONTRIBUTING.md docs src webview media test bench"
    ).split(" "),
  );
  expect([...top].filter((name) => !name.startsWith(".") && !named.has(name))).toEqual([]);
});
