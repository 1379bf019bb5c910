import type { CodeSymbol, SymbolKind } from "../../contract/code.ts";
import type { SymbolQuery } from "../../contract/codeExplorer.ts";
import type { CodeIndex, IndexedFile } from "./codeIndex.ts";

export interface FoundSymbol {
  readonly file: IndexedFile;
  readonly symbol: CodeSymbol;
}

/** How well a name is what was typed; lower is better. */
type Rank = 0 | 1 | 2 | 3;

/** After those that are meant more often by a name of the same rank. */
const MINOR_KINDS: ReadonlySet<SymbolKind> = new Set(["field", "variable", "test", "heading", "key"]);
/** Symbols that are looked at for each that is wanted: a name may have many. */
const LOOK_AT = 4;

/** Symbols by name or a part of one, best first. */
export function findSymbols(
  index: CodeIndex,
  { text, limit }: SymbolQuery,
): { readonly symbols: readonly FoundSymbol[]; readonly more: boolean } {
  const { name: wanted, container } = parted(text);
  if (wanted === "") return { symbols: [], more: false };
  const names: { readonly name: string; readonly rank: Rank }[] = [];
  for (const name of index.definedNames()) {
    const rank = rankOf(name, wanted);
    if (rank !== undefined) names.push({ name, rank });
  }
  names.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  const found: (FoundSymbol & { readonly rank: Rank; readonly place: number })[] = [];
  for (const [place, { name, rank }] of names.entries()) {
    if (found.length > limit * LOOK_AT) break;
    for (const file of index.definersOf(name))
      for (const symbol of file.parsed.symbols)
        if (symbol.name === name && standsIn(symbol, container)) found.push({ file, symbol, rank, place });
  }
  found.sort(
    (a, b) =>
      a.rank - b.rank ||
      Number(MINOR_KINDS.has(a.symbol.kind)) - Number(MINOR_KINDS.has(b.symbol.kind)) ||
      a.place - b.place ||
      (a.file.path === b.file.path ? a.symbol.startLine - b.symbol.startLine : a.file.path < b.file.path ? -1 : 1),
  );
  return { symbols: found.slice(0, limit), more: found.length > limit };
}

/** `Server.close` is `close` in a `Server`; what has blanks is a name of its own, such as a heading or a test. */
function parted(text: string): { readonly name: string; readonly container: string | undefined } {
  const typed = text.trim();
  const dot = /\s/u.test(typed)
    ? -1
    : Math.max(typed.lastIndexOf("."), typed.lastIndexOf("#"), typed.lastIndexOf("::"));
  if (dot <= 0) return { name: typed.toLowerCase(), container: undefined };
  return {
    name: typed
      .slice(dot)
      .replace(/^[.#:]+/u, "")
      .toLowerCase(),
    container: typed.slice(0, dot).toLowerCase(),
  };
}

function rankOf(name: string, wanted: string): Rank | undefined {
  const lower = name.toLowerCase();
  const at = lower.indexOf(wanted);
  if (at < 0) return undefined;
  if (lower.length === wanted.length) return 0;
  if (at === 0) return 1;
  for (let next = at; next >= 0; next = lower.indexOf(wanted, next + 1)) if (beginsWord(name, next)) return 2;
  return 3;
}

/** Whether a word of a name such as `readFile`, `read_file` or `HTTPServer` begins there. */
function beginsWord(name: string, at: number): boolean {
  const [before = "", here = "", after = ""] = [name[at - 1], name[at], name[at + 1]];
  if (!/[\p{L}\p{N}]/u.test(before)) return true;
  if (/\p{Lu}/u.test(here)) return !/\p{Lu}/u.test(before) || /\p{Ll}/u.test(after);
  return /\p{N}/u.test(here) && !/\p{N}/u.test(before);
}

const standsIn = ({ container = "" }: CodeSymbol, wanted: string | undefined): boolean =>
  wanted === undefined || container.toLowerCase().endsWith(wanted);
