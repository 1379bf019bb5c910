import type { ProjectStatsResult } from "../../../contract/projectStats.ts";

export type Manifest = ProjectStatsResult["manifests"][number];
export interface ReadManifest {
  readonly manifest: Manifest;
  /** Where the package is entered, as the manifest says. */
  readonly entries: readonly { readonly path: string; readonly why: string }[];
}

/** What a manifest is of, by the name of the file; undefined for another file. */
export function manifestKind(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return KINDS.get(name) ?? KINDS.get(`*${name.slice(Math.max(0, name.lastIndexOf(".")))}`);
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["package.json", "npm"],
  ["pyproject.toml", "python"],
  ["setup.py", "python"],
  ["go.mod", "go"],
  ["Cargo.toml", "rust"],
  ["composer.json", "composer"],
  ["pubspec.yaml", "dart"],
  ["pom.xml", "maven"],
  ["build.gradle", "gradle"],
  ["build.gradle.kts", "gradle"],
  ["Gemfile", "bundler"],
  ["CMakeLists.txt", "cmake"],
  ["*.csproj", "dotnet"],
  ["*.fsproj", "dotnet"],
  ["*.vbproj", "dotnet"],
  ["*.gemspec", "gem"],
]);
const LONGEST = 200;
const MOST_SCRIPTS = 30;

/** Reads a manifest as data; of one that cannot be read, or of a kind that is only named, what its name tells. Never throws. */
export function readManifest(path: string, text: string): ReadManifest {
  const kind = manifestKind(path) ?? "unknown";
  const only = { manifest: { path, kind }, entries: [] };
  if (kind === "npm" || kind === "composer") return fromJson(path, kind, text) ?? only;
  if (path.endsWith(".toml")) return fromToml(path, kind, text);
  if (kind === "go") {
    const [, name] = /^module\s+(\S+)/mu.exec(text) ?? [];
    return { manifest: { path, kind, ...said("name", name), dependencies: goDependencies(text) }, entries: [] };
  }
  if (kind === "dart") {
    const value = (key: string): string | undefined =>
      new RegExp(`^${key}:\\s*["']?([^"'#\\n]+)`, "mu").exec(text)?.[1];
    return {
      manifest: { path, kind, ...said("name", value("name")), ...said("version", value("version")) },
      entries: [],
    };
  }
  return only;
}

type Json = Readonly<Record<string, unknown>>;
const asObject = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

function fromJson(path: string, kind: string, text: string): ReadManifest | undefined {
  let json: Json;
  try {
    json = asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
  const needed = kind === "npm" ? ["dependencies", "devDependencies"] : ["require", "require-dev"];
  const bins = typeof json["bin"] === "string" ? { "": json["bin"] } : asObject(json["bin"]);
  const entries = [
    ...(["main", "module", "browser"] as const).map((field) => [json[field], field] as const),
    ...Object.entries(bins).map(([name, target]) => [target, `bin ${name}`.trim()] as const),
  ];
  return {
    manifest: {
      path,
      kind,
      ...said("name", json["name"]),
      ...said("version", json["version"]),
      ...scriptsOf(Object.keys(asObject(json["scripts"]))),
      dependencies: needed.reduce((sum, field) => sum + Object.keys(asObject(json[field])).length, 0),
    },
    entries: entries.flatMap(([target, why]) =>
      typeof target === "string" ? [{ path: beside(path, target), why: `${why} of ${path}` }] : [],
    ),
  };
}

/** Tables and plain values, a line each: what says more than that is not needed here. */
function fromToml(path: string, kind: string, text: string): ReadManifest {
  let table = "";
  const values = new Map<string, string>();
  const scripts: string[] = [];
  const entries: { path: string; why: string }[] = [];
  let dependencies = 0;
  for (const line of text.split(/\r?\n/u)) {
    const [, opened] = /^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}/u.exec(line) ?? [];
    if (opened !== undefined) {
      table = opened;
      continue;
    }
    const [, key, value] = /^([\w.-]+|"[^"]+")\s*=\s*(.*)$/u.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const plain = /^["']([^"']*)["']/u.exec(value)?.[1];
    if (/^(?:project|package|tool\.poetry)$/u.test(table) && plain !== undefined) values.set(key, plain);
    if (/(?:^|\.)scripts$/u.test(table)) {
      scripts.push(key.replaceAll('"', ""));
      if (plain !== undefined) entries.push({ path: plain, why: `script ${key.replaceAll('"', "")} of ${path}` });
    }
    if (table === "bin" && key === "path" && plain !== undefined)
      entries.push({ path: beside(path, plain), why: `bin of ${path}` });
    if (/(?:^|\.)(?:dev-|build-)?dependencies$/u.test(table)) dependencies++;
  }
  return {
    manifest: {
      path,
      kind,
      ...said("name", values.get("name")),
      ...said("version", values.get("version")),
      ...scriptsOf(scripts),
      ...(dependencies === 0 ? {} : { dependencies }),
    },
    entries,
  };
}

const goDependencies = (text: string): number =>
  text.match(/^\s*(?:require\s+)?[\w.-]+\.[\w./~-]+ v\S+/gmu)?.length ?? 0;

/** A value as one short line, where it is a text. */
function said<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  if (typeof value !== "string" || value.trim() === "") return {};
  return { [key]: oneLine(value) } as Partial<Record<Key, string>>;
}

const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
const scriptsOf = (names: readonly string[]): { readonly scripts?: string[] } =>
  names.length === 0 ? {} : { scripts: names.slice(0, MOST_SCRIPTS).map(oneLine) };

function beside(manifest: string, target: string): string {
  const parts = manifest.split("/").slice(0, -1);
  for (const part of oneLine(target).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
