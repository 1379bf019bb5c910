import { EDGE_CERTAINTIES } from "../../../contract/analyze.ts";
import type { CodeCall } from "../../../contract/code.ts";
import { type CodeIndex, type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { enclosing, isOnBase, ownerOf } from "./receiver.ts";
import type { Certainty, Resolution } from "./certainty.ts";
import { folderOf } from "./modulePath.ts";
import { Resolver } from "./resolve.ts";
import { isClass, isSame, isTest, keyOf, type SymbolAt, symbolAt, symbolsOf } from "./symbolAt.ts";

/** One use of a symbol by another. */
export interface Edge {
  /** Undefined where the use stands in no symbol of the file. */
  readonly from: SymbolAt | undefined;
  readonly to: SymbolAt;
  readonly file: IndexedFile;
  readonly line: number;
  readonly how: Certainty;
  /** The method of a base that it is called by, where it is not by itself. */
  readonly through?: SymbolAt;
}

export interface Uses {
  readonly edges: readonly Edge[];
  /** Files that were read. */
  readonly read: number;
  /** Files that use the name and were not read: there were too many. */
  readonly unread: number;
}

/** A symbol that is imported by more names is called by some of them. */
const MOST_SPELLINGS = 20;
export interface UseLimits {
  /** Files that are read: those first that are likely to mean it, which are its own and those that may import it. */
  readonly files: number;
  /** Of the files that have no more of it than the name. */
  readonly unlikely: number;
  /** Uses after which no further file is read. */
  readonly edges: number;
}
/** Files that are read for what inherits from something. */
const MOST_HEIRS = 500;
const WIDE: UseLimits = { files: 1_000, unlikely: 100, edges: 1_000 };

/** Who uses what, told from the index when it is asked; nothing of it is kept but what names of imports mean. */
export class SymbolGraph {
  readonly resolver: Resolver;
  readonly #index: CodeIndex;

  constructor(index: CodeIndex) {
    this.#index = index;
    this.resolver = new Resolver(index);
  }

  /** Calls of a symbol, of a class those that make one; the surest first. */
  callersOf(target: SymbolAt, limits: UseLimits = WIDE): Uses {
    const spellings = this.#spellings(target);
    const importing = this.#index.mayImport(target.file);
    const importsDefault = new Set(isGivenByDefault(target) ? this.#index.importersOf("default") : []);
    const byDefault = new Set(importing.filter((file) => importsDefault.has(file)));
    const called = new Set([...[...spellings].flatMap((name) => this.#index.callersOf(name)), ...byDefault]);
    const likely = this.#likely(target, spellings, importing).filter((file) => called.has(file));
    const isLikely = new Set(likely);
    const unlikely = [...called].filter((file) => !isLikely.has(file));
    const inOrder = [...likely.slice(0, limits.files), ...unlikely.slice(0, limits.unlikely)];
    const overridden = this.#overridden(target);
    const edges: Edge[] = [];
    let read = 0;
    for (const file of inOrder) {
      if (edges.length >= limits.edges) break;
      read += 1;
      const aliases = byDefault.has(file) ? this.resolver.types.imports.aliasesOf(file, "default") : [];
      for (const call of file.callsNamed(new Set([...spellings, ...aliases]))) {
        const edge = this.#edgeTo(target, overridden, file, call, this.resolver.call(file, call));
        if (edge !== undefined) edges.push(edge);
      }
    }
    return { edges: surestFirst(edges), read, unread: called.size - read };
  }

  /** Its own file, those of its folder, and those that import it, or what it belongs to, or anything of its file. */
  #likely(target: SymbolAt, spellings: ReadonlySet<string>, importing: readonly IndexedFile[]): readonly IndexedFile[] {
    const owner = ownerOf(target)?.split(".").at(-1);
    const names = [...spellings, ...(owner === undefined ? [] : [owner])];
    const beside = this.#index.modules.inFolder(folderOf(target.file.path));
    return [
      ...new Set([target.file, ...names.flatMap((name) => this.#index.importersOf(name)), ...importing, ...beside]),
    ];
  }

  /** What a symbol calls, of a class what its members do; each that is called once, the surest first. */
  calleesOf(source: SymbolAt): readonly Edge[] {
    const { file } = source;
    const inside = this.#inside(source);
    const found = new Map<string, Edge>();
    for (const call of file.parsed.calls) {
      if (call.from === undefined || !inside.has(call.from)) continue;
      const resolution = this.resolver.call(file, call);
      if (resolution === undefined) continue;
      for (const to of resolution.to.slice(0, resolution.how === "by-name" ? 3 : 1)) {
        if (isSame(to, source) || (to.file === file && inside.has(to.at))) continue;
        const key = keyOf(to);
        const edge = { from: symbolAt(file, call.from), to, file, line: call.line, how: resolution.how };
        const known = found.get(key);
        if (known === undefined || rank(edge) < rank(known)) found.set(key, edge);
      }
    }
    return surestFirst([...found.values()]);
  }

  /** Other uses that the text shows: where it is imported by name, and where a route is answered by it. */
  importsOf(target: SymbolAt): readonly Edge[] {
    const { name } = target.symbol;
    return this.#index.importersOf(name).flatMap((file) => {
      const one = file.imports.find(({ names = [] }) => names.some((imported) => lastOf(imported.name) === name));
      const here = one?.names?.find((imported) => lastOf(imported.name) === name);
      if (one === undefined || here === undefined) return [];
      const meant = this.resolver.types.imports.of(file, lastOf(here.alias ?? here.name));
      const isMeant = meant?.is === "symbols" && meant.symbols.some((symbol) => isSame(symbol, target));
      return isMeant ? [{ from: undefined, to: target, file, line: one.line, how: "imported" as const }] : [];
    });
  }

  /** What a class inherits from, directly. */
  basesOf(symbol: SymbolAt): readonly SymbolAt[] {
    return this.resolver.types.directBasesOf(symbol);
  }

  /** What inherits from a class, directly. */
  derivedOf(symbol: SymbolAt): readonly SymbolAt[] {
    const { name } = symbol.symbol;
    const found = new Map<string, SymbolAt>();
    for (const file of this.#index.heirsOf(name).slice(0, MOST_HEIRS))
      for (const one of file.parsed.inherits) {
        if (one.base !== name || !this.resolver.types.type(file, name)?.to.some((to) => isSame(to, symbol))) continue;
        const heir =
          symbolsOf(file).find((other) => isClass(other) && other.symbol.name === one.symbol) ??
          this.resolver.types.type(file, one.symbol)?.to[0];
        if (heir !== undefined) found.set(keyOf(heir), heir);
      }
    return [...found.values()];
  }

  /** Methods of bases that a method stands in for. */
  #overridden(target: SymbolAt): readonly SymbolAt[] {
    if (target.symbol.kind !== "method") return [];
    const path = ownerOf(target);
    const owner =
      path === undefined
        ? undefined
        : symbolsOf(target.file).find((one) => isClass(one) && qualifiedName(one.symbol) === path);
    if (owner === undefined) return [];
    return this.resolver.types
      .basesOf(owner)
      .flatMap((base) => this.resolver.types.members(base, target.symbol.name).slice(0, 1));
  }

  #edgeTo(
    target: SymbolAt,
    overridden: readonly SymbolAt[],
    file: IndexedFile,
    call: CodeCall,
    resolution: Resolution | undefined,
  ): Edge | undefined {
    if (resolution === undefined) return undefined;
    const { to, how } = resolution;
    const from = symbolAt(file, call.from);
    const isItself = to.some((one) => isSame(one, target) || isMakerOf(target, one));
    if (isItself) return { from, to: target, file, line: call.line, how };
    // What says that it means the base does not mean what stands in for it.
    const through = isOnBase(call) ? undefined : overridden.find((base) => to.some((one) => isSame(one, base)));
    return through === undefined ? undefined : { from, to: target, file, line: call.line, how, through };
  }

  /** Its name, and the names that it is imported or handed on by. */
  #spellings({ symbol }: SymbolAt): ReadonlySet<string> {
    const spellings = new Set([symbol.name]);
    const made = MAKERS.has(symbol.name) ? symbol.container?.split(/\.|::/u).at(-1) : undefined;
    if (made !== undefined) spellings.add(made);
    for (const name of spellings) {
      if (spellings.size > MOST_SPELLINGS) break;
      for (const file of this.#index.importersOf(name))
        for (const alias of this.resolver.types.imports.aliasesOf(file, name)) spellings.add(alias);
    }
    return spellings;
  }

  /** Places, in its file, of a symbol and of what stands in it. */
  #inside(symbol: SymbolAt): ReadonlySet<number> {
    const path = qualifiedName(symbol.symbol);
    const inside = new Set([symbol.at]);
    for (const one of symbolsOf(symbol.file)) {
      const { container } = one.symbol;
      if (container === undefined) continue;
      const isInside = container === path || container.startsWith(`${path}.`);
      if (isInside && (isClass(symbol) || enclosing(one).some((around) => isSame(around, symbol)))) inside.add(one.at);
    }
    return inside;
  }
}

/** Making something calls its constructor. */
function isMakerOf(target: SymbolAt, called: SymbolAt): boolean {
  const { kind, name, container } = target.symbol;
  if (kind !== "method" || !isClass(called) || container !== qualifiedName(called.symbol)) return false;
  // C++ writes what a header declares in another file.
  if (called.file !== target.file && (target.file.language !== "cpp" || called.file.language !== "cpp")) return false;
  return MAKERS.has(name) || name === called.symbol.name;
}
const MAKERS: ReadonlySet<string> = new Set(["constructor", "__init__", "__new__", "initialize", "__construct"]);

const rank = ({ how }: { readonly how: Certainty }): number => EDGE_CERTAINTIES.indexOf(how);
/** Of the same certainty, code before tests, then by path and line. */
const surestFirst = (edges: readonly Edge[]): readonly Edge[] =>
  edges.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(isInTest(a)) - Number(isInTest(b)) ||
      (a.file.path < b.file.path ? -1 : a.file.path > b.file.path ? 1 : a.line - b.line),
  );
export const isInTest = ({ from, file }: Edge): boolean => file.role === "test" || (from !== undefined && isTest(from));
/** Who imports what its file gives by default calls it as they like. */
const isGivenByDefault = ({ symbol }: SymbolAt): boolean =>
  symbol.isExported === true && symbol.container === undefined;
const lastOf = (name: string): string => /[^./:\\]*$/u.exec(name)?.[0] ?? name;
