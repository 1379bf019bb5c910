import type { CodeImport } from "../../../contract/code.ts";
import type { CodeIndex, IndexedFile } from "../codeIndex.ts";
import { type FoundModule } from "./moduleFiles.ts";
import { isCode, isTop, namedIn, type SymbolAt, symbolsOf } from "./symbolAt.ts";

/** A name of a file that is imported. */
interface Binding {
  readonly from: CodeImport;
  /** As it is called where it comes from: `default`, `*` for the module itself. */
  readonly name: string;
}

/** What a file's imports bring: by the name that it has here, and what brings every name. */
interface Bindings {
  readonly byName: ReadonlyMap<string, Binding>;
  readonly wildcards: readonly CodeImport[];
}

/** In these an import that names nothing brings every name. */
const ALL_NAMES: ReadonlySet<string | undefined> = new Set(["c", "cpp", "ruby", "dart", "csharp", "bash"]);
/** What hands on what it imports, so many times. */
const MOST_HANDS = 8;

/** What a name stands for outside of its file. */
export type Imported =
  | { readonly is: "symbols"; readonly symbols: readonly SymbolAt[] }
  | { readonly is: "module"; readonly files: readonly IndexedFile[] }
  /** It is imported from something that is not in the tree. */
  | { readonly is: "elsewhere" };

/** Follows names through imports, and through files that hand them on. */
export class ImportedNames {
  readonly #index: CodeIndex;
  readonly #bindings = new WeakMap<IndexedFile, Bindings>();
  /** What modules mean in a file, as long as no file comes or goes: one question asks again and again. */
  #found = new WeakMap<IndexedFile, Map<string, FoundModule>>();
  #generation = 0;

  constructor(index: CodeIndex) {
    this.#index = index;
  }

  /** Undefined where the file does not import the name. */
  of(file: IndexedFile, name: string): Imported | undefined {
    const binding = this.#of(file).byName.get(name);
    return binding === undefined ? undefined : this.#follow(file, binding, name, MOST_HANDS);
  }

  /** Names that the file has for something that is called otherwise where it comes from. */
  aliasesOf(file: IndexedFile, name: string): readonly string[] {
    return [...this.#of(file).byName].flatMap(([here, binding]) =>
      binding.name === name && here !== name ? [here] : [],
    );
  }

  /** What brings names without naming them has this one. */
  byWildcard(file: IndexedFile, name: string): readonly SymbolAt[] {
    for (const one of this.#of(file).wildcards) {
      const found = this.#exported(this.#modules(one, file).files, name, MOST_HANDS);
      if (found.length > 0) return found;
    }
    return [];
  }

  hasWildcard(file: IndexedFile): boolean {
    return this.#of(file).wildcards.length > 0;
  }

  #follow(file: IndexedFile, { from, name }: Binding, here: string, hands: number): Imported {
    const { files, isSure } = this.#modules(from, file);
    if (name === "*") return files.length > 0 && isSure ? { is: "module", files } : { is: "elsewhere" };
    const parts = this.#index.modules.parts(from.module, [{ name }], file);
    const symbols = isSure ? this.#exported(files, name, hands, here) : [];
    if (symbols.length > 0) return { is: "symbols", symbols };
    const members = files.flatMap((one) => membersOf(one, lastOf(from.module), name));
    if (members.length > 0) return { is: "symbols", symbols: members };
    if (parts.length === 0) return { is: "elsewhere" };
    const own = this.#exported(parts, name, hands, here);
    return own.length > 0 ? { is: "symbols", symbols: own } : { is: "module", files: parts };
  }

  /** Symbols that these files have under a name for others, their own or handed on. */
  #exported(
    files: readonly IndexedFile[],
    name: string,
    hands: number,
    alias = name,
    seen = new Set<IndexedFile>(),
  ): readonly SymbolAt[] {
    const own = files.flatMap((file) => topSymbols(file, name, alias));
    if (own.length > 0 || hands === 0) return own;
    for (const file of files) {
      // Headers include each other in circles, and the same one by many ways.
      if (seen.has(file)) continue;
      seen.add(file);
      const { byName, wildcards } = this.#of(file);
      const binding = byName.get(name);
      if (binding !== undefined) {
        const found = this.#follow(file, binding, name, hands - 1);
        if (found.is === "symbols") return found.symbols;
      }
      for (const one of wildcards) {
        const found = this.#exported(this.#modules(one, file).files, name, hands - 1, name, seen);
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  /** Symbols of a name that a module has. */
  inModule(files: readonly IndexedFile[], name: string): readonly SymbolAt[] {
    return this.#exported(files, name, MOST_HANDS);
  }

  #modules({ module }: CodeImport, file: IndexedFile): FoundModule {
    const { generation } = this.#index.modules;
    if (generation !== this.#generation) this.#found = new WeakMap();
    this.#generation = generation;
    const known = this.#found.get(file) ?? new Map<string, FoundModule>();
    this.#found.set(file, known);
    const before = known.get(module);
    if (before !== undefined) return before;
    const found = this.#findModules(module, file);
    known.set(module, found);
    return found;
  }

  #findModules(module: string, file: IndexedFile): FoundModule {
    const { language } = file;
    if (language === "java" || language === "csharp" || language === "php") {
      const files = this.#index
        .definersOf(module)
        .filter((one) => one.language === language && one.symbols.some(({ kind }) => kind === "module"));
      if (files.length > 0) return { files, isSure: true };
    }
    return this.#index.modules.find(module, file);
  }

  #of(file: IndexedFile): Bindings {
    const known = this.#bindings.get(file);
    if (known !== undefined) return known;
    const made = bindingsOf(file);
    this.#bindings.set(file, made);
    return made;
  }
}

function bindingsOf({ imports, language }: IndexedFile): Bindings {
  const byName = new Map<string, Binding>();
  const wildcards: CodeImport[] = [];
  for (const from of imports) {
    if (from.names === undefined) {
      if (ALL_NAMES.has(language)) wildcards.push(from);
      else if (language !== "javascript" && language !== "typescript" && language !== "tsx")
        byName.set(localModule(from.module), { from, name: "*" });
      if (language === "python") byName.set(from.module, { from, name: "*" });
      continue;
    }
    for (const { name, alias } of from.names) {
      if (name === "*" && alias === undefined) wildcards.push(from);
      else byName.set(lastOf(alias ?? name), { from, name: name === "self" ? "*" : name });
    }
  }
  return { byName, wildcards };
}

/** How a module is called in a file that imports it without another name. */
const localModule = (module: string): string => lastOf(module.replace(/\/v\d+$/u, ""));
const lastOf = (name: string): string => /[^./:\\]*$/u.exec(name)?.[0] ?? name;

/** Java imports members of a class, and Rust those of an enum. */
const membersOf = (file: IndexedFile, owner: string, name: string): readonly SymbolAt[] =>
  namedIn(file, name).filter(({ symbol }) => symbol.container === owner);

/** What no other file can import by its name. */
const NOT_GIVEN: ReadonlySet<string> = new Set(["module", "method", "field", "test"]);

function topSymbols(file: IndexedFile, name: string, alias: string): readonly SymbolAt[] {
  if (name !== "default")
    return namedIn(file, lastOf(name)).filter((one) => isCode(one) && !NOT_GIVEN.has(one.symbol.kind) && isTop(one));
  const symbols = symbolsOf(file).filter(isCode);
  const marked = symbols.filter(
    ({ symbol }) => symbol.name === "default" || symbol.signature.startsWith("export default "),
  );
  if (marked.length > 0) return marked;
  const exported = symbols.filter((one) => one.symbol.isExported === true && isTop(one));
  return exported.length === 1 ? exported : exported.filter(({ symbol }) => symbol.name === alias);
}
