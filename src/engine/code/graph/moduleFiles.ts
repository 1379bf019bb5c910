import type { ImportedName } from "../../../contract/code.ts";
import type { IndexedFile } from "../indexedFile.ts";
import { familyOf } from "./family.ts";
import { FilesByPart } from "./filesByPart.ts";
import { folderOf, joined, lastPart, stemOf } from "./modulePath.ts";
import { rustPaths } from "./rustModules.ts";

/** What a module's name leads to. */
export interface FoundModule {
  readonly files: readonly IndexedFile[];
  /** The text tells which file it is; else only the end of its name says so. */
  readonly isSure: boolean;
}

const NOTHING: FoundModule = { files: [], isSure: false };
/** A name that more files have says nothing of which of them is meant. */
const MOST_NAMESAKES = 3;
/** What a folder's own file is called: the folder's name leads to it. */
const INDEX = /^(.*?)\/?(?:index|__init__|mod|main)$/u;
const INDEXES = ["index", "__init__", "mod", "lib", "main"];
/** What stands between a package and what is in it, where that may be a file of its own. */
const SEPARATORS: Readonly<Record<string, string>> = { python: ".", rust: "::", java: "." };
/** Languages in which every file of a folder belongs to one module. */
const FOLDER_MODULES: ReadonlySet<string | undefined> = new Set(["go"]);

/** Finds the files that a module's name means, as far as paths and declared namespaces tell. Follows what is added and removed. */
export class ModuleFiles {
  readonly #byStem = new FilesByPart();
  readonly #byEnd = new FilesByPart();
  readonly #byFolder = new FilesByPart();
  readonly #foldersByEnd = new Map<string, Set<string>>();
  /** Folders by the name that their package.json or Cargo.toml gives them. */
  readonly #packages = new Map<string, string>();
  #changes = 0;

  /** Another one when a file came or went: what a module's name leads to may be another file. */
  get generation(): number {
    return this.#changes;
  }

  add(file: IndexedFile): void {
    const stem = stemOf(file.path);
    const folder = folderOf(file.path);
    this.#changes += 1;
    this.#byStem.add(stem, file);
    this.#byEnd.add(endOf(stem), file);
    this.#byFolder.add(folder, file);
    const end = lastPart(folder);
    const folders = this.#foldersByEnd.get(end) ?? new Set();
    this.#foldersByEnd.set(end, folders.add(folder));
    const name = packageName(file);
    if (name !== undefined) this.#packages.set(name, folder);
  }

  remove(file: IndexedFile): void {
    const stem = stemOf(file.path);
    const folder = folderOf(file.path);
    this.#changes += 1;
    this.#byStem.remove(stem, file);
    this.#byEnd.remove(endOf(stem), file);
    this.#byFolder.remove(folder, file);
    if (this.#byFolder.of(folder).length === 0) this.#foldersByEnd.get(lastPart(folder))?.delete(folder);
    const name = packageName(file);
    if (name !== undefined && this.#packages.get(name) === folder) this.#packages.delete(name);
  }

  inFolder(folder: string): readonly IndexedFile[] {
    return this.#byFolder.of(folder);
  }

  /** Files whose name, without its ending, is this. */
  calledLike(name: string): readonly IndexedFile[] {
    return this.#byEnd.of(name);
  }

  /** Files that differ from it only in their ending: the header of what defines it, and the other way round. */
  namesakesOf(file: IndexedFile): readonly IndexedFile[] {
    return this.#byEnd.of(endOf(stemOf(file.path))).filter((one) => one !== file);
  }

  find(module: string, from: IndexedFile): FoundModule {
    const { language } = from;
    const folder = folderOf(from.path);
    if (/^\.{1,2}(?:\/|$)/u.test(module) && language !== "python") return this.#at(joined(folder, module), from);
    if (language === "python" || /^\.+[\w.]*$/u.test(module)) return this.#dotted(module, from);
    if (language === "rust") return this.#rust(module, from);
    if (FOLDER_MODULES.has(language)) return this.#folder(module, from);
    if (language === "c" || language === "cpp" || language === "dart" || language === "bash") {
      const written = this.#written(module, from);
      if (written !== undefined) return { files: [written], isSure: true };
      const beside = this.#at(joined(folder, module), from);
      if (beside.isSure && !beside.files.includes(from)) return beside;
    }
    const path = module
      .replace(/^package:/u, "")
      .replace(/^[@~#]\//u, "")
      .replace(/\\/gu, "/");
    const inPackage = this.#inPackage(module, from);
    if (inPackage !== undefined) return inPackage;
    const whole = this.#at(path, from);
    // A bare name is a package that is installed, unless the tree has it.
    if (whole.isSure && (path !== module || path.includes("/") || familyOf(language) !== "javascript")) return whole;
    if (whole.isSure) return { ...whole, isSure: false };
    return this.#byEndOf(/^[\w.]+$/u.test(path) ? path.replaceAll(".", "/") : stemOf(path), from);
  }

  /** Files that names are which are imported from a package: `from package import module`. Only what is sure. */
  parts(module: string, names: readonly ImportedName[], from: IndexedFile): readonly IndexedFile[] {
    const separator = SEPARATORS[from.language ?? ""];
    if (separator === undefined) return [];
    const prefix = module.endsWith(separator) ? module : `${module}${separator}`;
    return names.flatMap(({ name }) => {
      const found = name === "*" ? NOTHING : this.find(`${prefix}${name}`, from);
      return found.isSure ? found.files : [];
    });
  }

  #at(stem: string, from: IndexedFile): FoundModule {
    const exact = this.#best(this.#byStem.of(stemOf(stem)), from) ?? this.#best(this.#byStem.of(stem), from);
    if (exact !== undefined && exact !== from) return { files: [exact], isSure: true };
    for (const index of this.#byFolder.of(stem).length === 0 ? [] : INDEXES) {
      const found = this.#best(this.#byStem.of(stem === "" ? index : `${stem}/${index}`), from);
      if (found !== undefined) return { files: [found], isSure: true };
    }
    return exact === undefined ? NOTHING : { files: [exact], isSure: true };
  }

  /** The file whose path ends as it is written: beside the one that names it, else the only one. A header has the name of its source but for the ending. */
  #written(module: string, from: IndexedFile): IndexedFile | undefined {
    const beside = joined(folderOf(from.path), module);
    const ends = this.#byEnd
      .of(endOf(stemOf(module)))
      .filter((one) => one !== from && (one.path === module || one.path.endsWith(`/${module}`)));
    return ends.find(({ path }) => path === beside) ?? (ends.length === 1 ? ends[0] : undefined);
  }

  /** Python: one dot is the package of the file, each more one folder up; what has none begins in a folder that is no package itself. */
  #dotted(module: string, from: IndexedFile): FoundModule {
    const [, dots = "", rest = ""] = /^(\.*)(.*)$/u.exec(module) ?? [];
    const path = rest.replaceAll(".", "/");
    if (dots !== "") return this.#at(joined(folderOf(from.path), `${"../".repeat(dots.length - 1)}${path}`), from);
    const whole = this.#at(path, from);
    if (whole.isSure) return whole;
    const found = this.#byEndOf(path, from);
    const rooted = found.files.filter(({ path: other }) => {
      const stem = stemOf(other).replace(INDEX, "$1");
      if (!`/${stem}`.endsWith(`/${path}`)) return false;
      const root = stem.slice(0, -path.length).replace(/\/$/u, "");
      return this.#byStem.of(`${root}/__init__`).length === 0;
    });
    return rooted.length === 1 ? { files: rooted, isSure: true } : { ...found, isSure: false };
  }

  #rust(module: string, from: IndexedFile): FoundModule {
    for (const path of rustPaths(module, from.path)) {
      const found = this.#at(path, from);
      if (found.isSure && found.files[0]?.language === "rust") return found;
    }
    const [crate = ""] = module.split("::");
    const rest = module.split("::").slice(1);
    const folder = this.#packages.get(crate);
    if (folder !== undefined)
      for (let length = rest.length; length >= 0; length--) {
        const found = this.#at(joined(folder, ["src", ...rest.slice(0, length)].join("/")), from);
        if (found.isSure) return found;
      }
    return NOTHING;
  }

  /** Go: every file of the folder whose path ends most like the module's. */
  #folder(module: string, from: IndexedFile): FoundModule {
    const path = module.replace(/\/v\d+$/u, "");
    const folders = [...(this.#foldersByEnd.get(lastPart(path)) ?? [])];
    const best = longest(folders, (folder) => folder, path);
    const isSure = best.length === 1 && module.includes("/");
    const files = best.slice(0, 1).flatMap((folder) => this.inFolder(folder));
    const code = files.filter(({ language: other }) => other === from.language);
    if (code.length > 0) return { files: code, isSure };
    return this.#byEndOf(path, from);
  }

  /** A package of the same repository: its own file, or one in it. */
  #inPackage(module: string, from: IndexedFile): FoundModule | undefined {
    const [, name = "", rest = ""] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/u.exec(module) ?? [];
    const folder = this.#packages.get(name);
    if (folder === undefined) return undefined;
    const inside = rest === "" ? ["src", ""] : [rest, `src/${rest}`, rest.replace(/^dist\//u, "src/")];
    for (const path of inside) {
      const found = this.#at(joined(folder, path), from);
      if (found.isSure) return found;
    }
    return undefined;
  }

  #byEndOf(path: string, from: IndexedFile): FoundModule {
    const namesakes = this.#byEnd.of(lastPart(path));
    const best = longest(namesakes, ({ path: other }) => stemOf(other).replace(INDEX, "$1"), path);
    const isSure = best.length === 1 && path.includes("/") && best.length < namesakes.length + 1;
    if (best.length <= MOST_NAMESAKES)
      return { files: best, isSure: isSure && endsAlike(stemOf(best[0]?.path ?? "").replace(INDEX, "$1"), path) > 1 };
    return { files: best.filter(({ path: other }) => folderOf(other) === folderOf(from.path)), isSure: false };
  }

  /** Of files that differ only in their ending, one of the same language, and no declaration where there is more. */
  #best(files: readonly IndexedFile[], from: IndexedFile): IndexedFile | undefined {
    if (files.length < 2) return files[0];
    const family = familyOf(from.language);
    const alike = files.filter(({ language }) => familyOf(language) === family);
    return alike.find(({ role }) => role !== "declaration") ?? alike[0] ?? files[0];
  }
}

/** Those whose path has the most of its last parts in common. */
function longest<Item>(items: readonly Item[], pathOf: (item: Item) => string, path: string): readonly Item[] {
  let most = 0;
  let best: Item[] = [];
  for (const item of items) {
    const alike = endsAlike(pathOf(item), path);
    if (alike > most) [most, best] = [alike, [item]];
    else if (alike === most && alike > 0) best.push(item);
  }
  return best;
}

function endsAlike(one: string, other: string): number {
  const [a, b] = [one.split("/"), other.split("/")];
  let alike = 0;
  while (alike < a.length && alike < b.length && a[a.length - 1 - alike] === b[b.length - 1 - alike]) alike += 1;
  return alike;
}

const endOf = (stem: string): string => lastPart(stem.replace(INDEX, "$1") || stem);

/** Where a package says its own name. In Rust a dash of it is written `_`. */
const MANIFESTS: Readonly<
  Record<string, { readonly container: string | undefined; readonly name: RegExp; readonly dash: string }>
> = {
  "package.json": { container: undefined, name: /^"name"\s*:\s*"([^"]+)"/u, dash: "-" },
  "Cargo.toml": { container: "package", name: /^name\s*=\s*"([^"]+)"/u, dash: "_" },
};

function packageName(file: IndexedFile): string | undefined {
  const manifest = MANIFESTS[lastPart(file.path)];
  if (manifest === undefined) return undefined;
  const key = file.symbols.find(({ name, container }) => name === "name" && container === manifest.container);
  return manifest.name.exec(key?.signature ?? "")?.[1]?.replaceAll("-", manifest.dash);
}
