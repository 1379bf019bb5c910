import type { SymbolKind } from "../../../contract/code.ts";

/** A range of the text that names something, or says something of what it holds. */
export interface Frame {
  readonly start: number;
  /** With `isRest`: of the file, or where the next such frame begins. */
  readonly end: number;
  /**
   * `scope` names what is inside and is no symbol; `outer` belongs to the symbol that it holds, `exported` does and exports it, and of what is
   * `decorated` only the range belongs to it. What is `ignored` is a symbol by its shape alone.
   */
  readonly role: SymbolKind | "scope" | "outer" | "exported" | "decorated" | "ignored";
  readonly name: string;
  /** Said by the declaration itself, where that is not what it stands in. */
  readonly container: string | undefined;
  /** Where the body begins, or the end. */
  readonly bodyStart: number;
  readonly doc: string | undefined;
  readonly isTest: boolean;
  /** It holds what follows it: a namespace that has no braces. */
  readonly isRest: boolean;
  /** It belongs to what its function belongs to: a field that a constructor makes. */
  readonly isLifted: boolean;
  /** It counts only outside of functions. */
  readonly isGlobal: boolean;
}

/** A symbol with its place among the others. */
export interface Nested {
  readonly frame: Frame & { readonly role: SymbolKind };
  readonly parent: Nested | undefined;
  readonly index: number;
  readonly container: string | undefined;
  /** Where it begins with what belongs to it, and where its declaration does. */
  readonly start: number;
  readonly signatureStart: number;
  readonly isExported: boolean;
}

interface Open {
  readonly frame: Frame;
  readonly end: number;
  readonly symbol: Nested | undefined;
  /** The container of what is inside. */
  readonly path: string | undefined;
  hasChild: boolean;
}

const WRAPPERS: ReadonlySet<string> = new Set(["outer", "exported", "decorated"]);

/** Puts frames into one another. Ranges of frames either hold one another or are apart, as nodes of a tree are. */
export function nest(frames: readonly Frame[]): readonly Nested[] {
  const sorted = [...frames].sort((a, b) => a.start - b.start || b.end - a.end || inner(a) - inner(b));
  const open: Open[] = [];
  const symbols: Nested[] = [];
  for (const frame of sorted) {
    while (open.length > 0 && isBefore(open.at(-1), frame)) open.pop();
    if (frame.role === "ignored" || (frame.isGlobal && isFunction(open.at(-1)?.symbol))) continue;
    if (frame.isRest) while (open.at(-1)?.frame.isRest === true) open.pop();
    const holder = open.at(-1);
    if (isWrapper(frame)) {
      open.push({ frame, end: frame.end, symbol: holder?.symbol, path: holder?.path, hasChild: false });
      continue;
    }
    const wrappers = wrappersOf(open);
    const around = join(frame.isLifted ? holder?.symbol?.container : holder?.path, frame.container);
    const symbol = isSymbol(frame) ? nested(frame, holder?.symbol, symbols.length, around, wrappers) : holder?.symbol;
    if (isSymbol(frame) && symbol !== undefined) symbols.push(symbol);
    const end = frame.isRest ? Infinity : frame.end;
    open.push({ frame, end, symbol, path: join(around, frame.name), hasChild: false });
  }
  return symbols;
}

/** What is made inside of a function is seen by nobody else. */
export function isFunction(symbol: Nested | undefined): boolean {
  return symbol !== undefined && ["function", "method", "test"].includes(symbol.frame.role);
}

function join(outer: string | undefined, inner: string | undefined): string | undefined {
  const dotted = inner?.replace(/::|\\/gu, ".");
  return outer === undefined || dotted === undefined ? (dotted ?? outer) : `${outer}.${dotted}`;
}

/** What is open ends before a frame, or is declared together with it: `a, b int`. */
function isBefore(open: Open | undefined, frame: Frame): boolean {
  if (open === undefined || open.end <= frame.start) return true;
  return open.frame.start === frame.start && open.end === frame.end && isSymbol(open.frame) && isSymbol(frame);
}

/** The innermost symbol at a place of the text. */
export function symbolAt(symbols: readonly Nested[], place: number): Nested | undefined {
  let [low, high] = [0, symbols.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((symbols[middle]?.frame.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  let found = symbols[low - 1];
  while (found !== undefined && (found.frame.end <= place || found.frame.isRest)) found = found.parent;
  return found;
}

/** The first symbol that begins at a place of the text, or after it. */
export function symbolAfter(symbols: readonly Nested[], place: number): Nested | undefined {
  return symbols.find(({ frame }) => frame.start >= place);
}

function nested(
  frame: Frame & { readonly role: SymbolKind },
  parent: Nested | undefined,
  index: number,
  container: string | undefined,
  wrappers: readonly Open[],
): Nested {
  const mine = wrappers.filter((wrapper) => !wrapper.hasChild);
  for (const wrapper of wrappers) wrapper.hasChild = true;
  // Of what is decorated the declaration begins after the decorators.
  const declared = mine.slice(mine.findLastIndex(({ frame: { role } }) => role === "decorated") + 1);
  return {
    ...{ frame, parent, index, container },
    start: mine[0]?.frame.start ?? frame.start,
    signatureStart: declared[0]?.frame.start ?? frame.start,
    isExported: wrappers.some(({ frame: { role } }) => role === "exported"),
  };
}

/** What is open directly around, from outside to inside. */
function wrappersOf(open: readonly Open[]): readonly Open[] {
  let first = open.length;
  while (first > 0 && isWrapper(open[first - 1]?.frame)) first -= 1;
  return open.slice(first);
}

/** Of frames with the same range, what is decorated is inside of what is exported. */
function inner({ role }: Frame): number {
  return role === "decorated" ? 1 : 0;
}

function isWrapper(frame: Frame | undefined): boolean {
  return frame !== undefined && WRAPPERS.has(frame.role);
}

function isSymbol(frame: Frame): frame is Frame & { readonly role: SymbolKind } {
  return frame.role !== "scope" && frame.role !== "ignored" && !isWrapper(frame);
}
