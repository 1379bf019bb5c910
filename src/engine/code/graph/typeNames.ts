import { type CodeIndex, type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { ImportedNames } from "./bindings.ts";
import { type Resolution, resolved } from "./certainty.ts";
import { familyOf } from "./family.ts";
import { folderOf } from "./modulePath.ts";
import { ownerOf as ownerPath } from "./receiver.ts";
import { isClass, isCode, isTop, namedIn, qualifiedIn, type SymbolAt } from "./symbolAt.ts";

/** In these the files of a package see each other's names. */
const PACKAGES: ReadonlySet<string | undefined> = new Set(["go", "java", "csharp", "php", "ruby"]);
/** In these a name that is neither defined nor imported may still be any of the tree. */
export const OPEN_NAMES: ReadonlySet<string | undefined> = new Set([
  "c",
  "cpp",
  "ruby",
  "csharp",
  "php",
  "dart",
  "bash",
]);
const MOST_BASES = 12;

/** What names of types mean, what classes have, and what they inherit. */
export class TypeNames {
  readonly imports: ImportedNames;
  readonly #index: CodeIndex;

  constructor(index: CodeIndex) {
    this.#index = index;
    this.imports = new ImportedNames(index);
  }

  /** What a type's name means in a file. */
  type(file: IndexedFile, written: string): Resolution | undefined {
    const parts = written.replaceAll("::", ".").replaceAll("\\", ".").split(".");
    const name = parts.at(-1) ?? "";
    const [first = ""] = parts;
    if (parts.length > 1) {
      const module = this.imports.of(file, parts.slice(0, -1).join(".")) ?? this.imports.of(file, first);
      if (module?.is === "elsewhere") return undefined;
      if (module?.is === "module") return resolved(classes(this.imports.inModule(module.files, name)), "imported");
    }
    const own = namedIn(file, name).filter(isType);
    if (own.length > 0) return { to: own.slice(0, 1), how: "same-file" };
    const imported = this.imports.of(file, name);
    if (imported?.is === "symbols") return resolved(classes(imported.symbols), "imported");
    if (imported !== undefined) return undefined;
    const beside = classes(this.beside(file, name));
    if (beside.length > 0) return { to: beside, how: "package" };
    const open = classes(this.imports.byWildcard(file, name));
    if (open.length > 0) return { to: open, how: "imported" };
    if (!OPEN_NAMES.has(file.language)) return undefined;
    const any = this.definitions(name, file).filter(isType);
    const inside = any.filter(
      ({ symbol: { container } }) => parts.length > 1 && isNamed(container, parts.slice(0, -1)),
    );
    const all = inside.length > 0 ? inside : any;
    return all.length === 1 ? { to: all, how: "only-definition" } : resolved(all, "by-name");
  }

  /** Everything of this name that a file of that language could mean. */
  definitions(name: string, from: IndexedFile): readonly SymbolAt[] {
    const family = familyOf(from.language);
    return this.#index
      .definersOf(name)
      .filter(({ language }) => familyOf(language) === family)
      .flatMap((file) => namedIn(file, name).filter(isCode));
  }

  /** What a namespace has under a name, in whichever file: `shop::open`, `Shop.open`. */
  inNamespace(file: IndexedFile, namespace: string, name: string): readonly SymbolAt[] {
    const parts = namespace.split(".");
    return this.definitions(name, file).filter(
      (one) => isNamed(one.symbol.container, parts) && one.symbol.kind !== "field" && isTop(one),
    );
  }

  /** Members of a class with this name: its own, else those that it inherits. */
  members(
    owner: SymbolAt,
    name: string,
    { baseOnly = false }: { readonly baseOnly?: boolean } = {},
  ): readonly SymbolAt[] {
    if (!baseOnly) {
      const own = this.ownMembers(owner, name);
      if (own.length > 0) return own;
    }
    for (const base of this.basesOf(owner)) {
      const found = this.ownMembers(base, name);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** Classes and interfaces that one inherits from, as far as they are in the tree, the nearest first. */
  basesOf(owner: SymbolAt): readonly SymbolAt[] {
    const found: SymbolAt[] = [];
    const seen = new Set([`${owner.file.id}:${owner.at}`]);
    const waiting = [owner];
    for (let next = waiting.shift(); next !== undefined && found.length < MOST_BASES; next = waiting.shift())
      for (const base of this.directBasesOf(next)) {
        if (seen.has(`${base.file.id}:${base.at}`)) continue;
        seen.add(`${base.file.id}:${base.at}`);
        found.push(base);
        waiting.push(base);
      }
    return found;
  }

  directBasesOf(owner: SymbolAt): readonly SymbolAt[] {
    if (!isClass(owner)) return [];
    const { file, symbol } = owner;
    const written = this.#partsOf(file, symbol.name).flatMap((part) =>
      part.parsed.inherits.filter((one) => one.symbol === symbol.name).map(({ base }) => ({ part, base })),
    );
    return written.flatMap(({ part, base }) => this.type(part, base)?.to.slice(0, 1) ?? []);
  }

  /** The class that a symbol belongs to; one that is made up where only its methods are in the tree. */
  ownerOf(symbol: SymbolAt): SymbolAt | undefined {
    const path = ownerPath(symbol);
    if (path === undefined) return undefined;
    const here = qualifiedIn(symbol.file, path).find(isClass);
    // Rust, Go and C++ write methods apart from their type, maybe in another file.
    return (
      here ??
      this.type(symbol.file, path)?.to[0] ?? {
        file: symbol.file,
        symbol: { ...symbol.symbol, signature: symbol.symbol.signature, kind: "class", ...apart(path) },
        at: -1,
      }
    );
  }

  /** Members that are written in the class itself. */
  ownMembers(owner: SymbolAt, name: string): readonly SymbolAt[] {
    const path = qualifiedName(owner.symbol);
    return this.#partsOf(owner.file, owner.symbol.name).flatMap((file) =>
      namedIn(file, name).filter(
        ({ symbol: { container } }) => container === path || (file !== owner.file && endsWith(container, path)),
      ),
    );
  }

  /** Files in which a class may be written: in some languages it is in several. */
  #partsOf(file: IndexedFile, name: string): readonly IndexedFile[] {
    const { language } = file;
    const { modules } = this.#index;
    if (language === "go") return modules.inFolder(folderOf(file.path)).filter((one) => one.language === "go");
    if (language === "cpp" || language === "c") return [file, ...modules.namesakesOf(file)];
    if (language === "csharp" || language === "ruby" || language === "rust") {
      const others = this.#index.definersOf(name).filter((one) => one !== file && one.language === language);
      return others.length > MOST_BASES ? [file] : [file, ...others];
    }
    return [file];
  }

  /** What the other files of its package have under a name. */
  beside(file: IndexedFile, name: string): readonly SymbolAt[] {
    const { language } = file;
    if (!PACKAGES.has(language)) return [];
    const own = packageOf(file);
    // Without a module everything of Ruby is global.
    if (language === "ruby" && !file.parsed.symbols.some(({ kind }) => kind === "module")) return [];
    const beside = this.#index
      .definersOf(name)
      .filter((one) => one !== file && one.language === language && packageOf(one) === own);
    return beside.flatMap((one) =>
      namedIn(one, name).filter((other) => isTop(other) && other.symbol.kind !== "module"),
    );
  }
}

/** What can be a type's name; a module of Ruby is one, that others include. */
const isType = (one: SymbolAt): boolean =>
  isClass(one) && (one.symbol.kind !== "module" || one.file.language === "ruby");

/** Whether a container is called so, or ends with it. */
const isNamed = (container: string | undefined, parts: readonly string[]): boolean =>
  container !== undefined && `.${container.replaceAll("::", ".")}`.endsWith(`.${parts.join(".")}`);

const classes = (found: readonly SymbolAt[]): readonly SymbolAt[] => found.filter(isClass);

/** The package that a file says it belongs to, of Go the one of its folder; without one, its folder. */
function packageOf({ path, parsed, language }: IndexedFile): string {
  const said = parsed.symbols.find(({ kind }) => kind === "module")?.name;
  return said === undefined || language === "go" ? `${folderOf(path)} ${said ?? ""}` : said;
}

const endsWith = (container: string | undefined, path: string): boolean =>
  container !== undefined && (container === path || container.endsWith(`.${path}`) || path.endsWith(`.${container}`));

function apart(path: string): { readonly name: string; readonly container?: string } {
  const at = path.lastIndexOf(".");
  return at < 0 ? { name: path } : { name: path.slice(at + 1), container: path.slice(0, at) };
}
