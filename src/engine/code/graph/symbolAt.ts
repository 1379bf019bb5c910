import type { CodeSymbol, ParsedFile } from "../../../contract/code.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";

/** A symbol with its file and its place in that file's list of symbols. */
export interface SymbolAt {
  readonly file: IndexedFile;
  readonly symbol: CodeSymbol;
  readonly at: number;
}

export const symbolsOf = (file: IndexedFile): readonly SymbolAt[] =>
  file.parsed.symbols.map((symbol, at) => ({ file, symbol, at }));

/** Names of files that have many symbols, made when one is asked for. */
const namesOf = new WeakMap<ParsedFile, ReadonlyMap<string, readonly number[]>>();
const FEW_SYMBOLS = 16;

/** Symbols of a file that have this name. */
export function namedIn(file: IndexedFile, name: string): readonly SymbolAt[] {
  const { symbols } = file.parsed;
  if (symbols.length <= FEW_SYMBOLS) {
    const found: SymbolAt[] = [];
    symbols.forEach((symbol, at) => {
      if (symbol.name === name) found.push({ file, symbol, at });
    });
    return found;
  }
  return (placesOf(file.parsed).get(name) ?? []).flatMap((at) => symbolAt(file, at) ?? []);
}

const qualifiedOf = new WeakMap<ParsedFile, ReadonlyMap<string, readonly number[]>>();

/** Symbols of a file that are called this, with what contains them. */
export function qualifiedIn(file: IndexedFile, path: string): readonly SymbolAt[] {
  const { parsed } = file;
  let places = qualifiedOf.get(parsed);
  if (places === undefined) {
    places = placesBy(parsed, qualifiedName);
    qualifiedOf.set(parsed, places);
  }
  return (places.get(path) ?? []).flatMap((at) => symbolAt(file, at) ?? []);
}

function placesOf(file: ParsedFile): ReadonlyMap<string, readonly number[]> {
  const known = namesOf.get(file);
  if (known !== undefined) return known;
  const made = placesBy(file, ({ name }) => name);
  namesOf.set(file, made);
  return made;
}

function placesBy(
  file: ParsedFile,
  keyOfSymbol: (symbol: CodeSymbol) => string,
): ReadonlyMap<string, readonly number[]> {
  const made = new Map<string, number[]>();
  for (const [at, symbol] of file.symbols.entries()) {
    const key = keyOfSymbol(symbol);
    const places = made.get(key);
    if (places === undefined) made.set(key, [at]);
    else places.push(at);
  }
  return made;
}

export function symbolAt(file: IndexedFile, at: number | undefined): SymbolAt | undefined {
  const symbol = at === undefined ? undefined : file.parsed.symbols[at];
  return symbol === undefined || at === undefined ? undefined : { file, symbol, at };
}

export const isSame = (a: SymbolAt, b: SymbolAt): boolean => a.file.id === b.file.id && a.at === b.at;
/** The same for the same symbol, as long as its file is not indexed anew. */
export const keyOf = ({ file, at }: SymbolAt): string => `${file.id}:${at}`;

/** `src/store.ts#Store.load` */
export const nameOf = ({ file, symbol }: SymbolAt): string => `${file.path}#${qualifiedName(symbol)}`;

const CLASSES: ReadonlySet<string> = new Set(["class", "interface", "enum", "type", "module"]);
const FUNCTIONS: ReadonlySet<string> = new Set(["function", "method", "test"]);
const NOT_CODE: ReadonlySet<string> = new Set(["heading", "key"]);

/** What has members. */
export const isClass = ({ symbol }: SymbolAt): boolean => CLASSES.has(symbol.kind);
export const isFunction = ({ symbol }: SymbolAt): boolean => FUNCTIONS.has(symbol.kind);
export const isCode = ({ symbol }: SymbolAt): boolean => !NOT_CODE.has(symbol.kind);
/** A test itself, not what helps tests in their files. */
export const isTest = ({ symbol }: SymbolAt): boolean => symbol.isTest === true || symbol.kind === "test";

/** Whether it is seen from outside by its name alone: it stands in nothing, or in a namespace. */
export function isTop({ file, symbol }: SymbolAt): boolean {
  const { container } = symbol;
  if (container === undefined) return true;
  const modules = new Set(
    file.parsed.symbols
      .filter(({ kind }) => kind === "module")
      .map((one) => qualifiedName(one).replace(/::|\\/gu, ".")),
  );
  return modules.has(container);
}
