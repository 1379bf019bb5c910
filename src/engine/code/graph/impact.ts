import type { CodeHistory } from "../history/codeHistory.ts";
import type { IndexedFile } from "../codeIndex.ts";
import type { Certainty } from "./certainty.ts";
import { isClass, isTest, keyOf, type SymbolAt, symbolsOf } from "./symbolAt.ts";
import { type Edge, isInTest, type SymbolGraph } from "./symbolGraph.ts";

export interface ImpactLimits {
  /** Calls between what changes and what is reached. */
  readonly depth: number;
  /** Symbols that are reached at most; those near by come first. */
  readonly symbols: number;
  /** Files that are read, of all symbols on the way together. */
  readonly files: number;
}

/** Of the callers of one symbol on the way. */
const MOST_EDGES = 200;
const MOST_UNLIKELY = 20;

export interface Reached {
  readonly symbol: SymbolAt;
  /** Calls, or steps of inheritance, between it and what changes. */
  readonly distance: number;
  /** What it reaches that by, and the line of its file that says so. */
  readonly via: SymbolAt;
  readonly line: number;
  readonly how: Certainty | "inherits";
}

export interface Impact {
  /** The nearest first. */
  readonly reached: readonly Reached[];
  /** Tests among them. */
  readonly tests: readonly Reached[];
  /** Calls that may be of it, and were not followed: only the name says so. */
  readonly uncertain: number;
  /** There is more than the limits let through. */
  readonly isCut: boolean;
}

/** Who is reached when these symbols change: callers and heirs, theirs, and so on, by what is surer than a name. */
export function impactOf(graph: SymbolGraph, changed: readonly SymbolAt[], limits: ImpactLimits): Impact {
  const seen = new Set(changed.map(keyOf));
  const reached: Reached[] = [];
  let uncertain = 0;
  let isCut = false;
  let filesLeft = limits.files;
  let ring: readonly SymbolAt[] = changed.flatMap((one) => [one, ...membersOf(one)]);
  for (const one of ring) seen.add(keyOf(one));
  for (let distance = 1; distance <= limits.depth && ring.length > 0; distance++) {
    const next: SymbolAt[] = [];
    for (const via of ring) {
      if (filesLeft <= 0) {
        isCut = true;
        break;
      }
      const { edges, read, unread } = graph.callersOf(via, {
        files: filesLeft,
        unlikely: MOST_UNLIKELY,
        edges: MOST_EDGES,
      });
      filesLeft -= read;
      isCut ||= unread > 0;
      for (const edge of edges) {
        if (edge.how === "by-name") uncertain += 1;
        else if (edge.from !== undefined) reach(edge.from, { via, line: edge.line, how: edge.how });
      }
      if (!isClass(via)) continue;
      for (const heir of graph.derivedOf(via)) reach(heir, { via, line: heir.symbol.startLine, how: "inherits" });
    }
    ring = next;

    function reach(symbol: SymbolAt, edge: Omit<Reached, "symbol" | "distance">): void {
      const key = keyOf(symbol);
      if (seen.has(key)) return;
      if (reached.length >= limits.symbols) {
        isCut = true;
        return;
      }
      seen.add(key);
      reached.push({ symbol, distance, ...edge });
      if (!isTest(symbol)) next.push(symbol);
    }
  }
  return { reached, tests: reached.filter(({ symbol }) => isTest(symbol)), uncertain, isCut: isCut || ring.length > 0 };
}

/** What stands in a class, or in a function. */
function membersOf(symbol: SymbolAt): readonly SymbolAt[] {
  if (!isClass(symbol)) return [];
  const path = [symbol.symbol.container, symbol.symbol.name].filter((part) => part !== undefined).join(".");
  return symbolsOf(symbol.file).filter(({ symbol: { container, kind } }) => container === path && kind === "method");
}

export interface TestOf {
  /** The innermost test, or the function of a file of tests; undefined where the call stands in none. */
  readonly test: SymbolAt | undefined;
  readonly file: IndexedFile;
  readonly line: number;
  /** 1 where it calls the symbol itself. */
  readonly distance: number;
  readonly how: Certainty | "named-after";
}

/** Tests that call a symbol, then those that reach it through others, then files of tests that are named after its file. */
export function testsOf(edges: readonly Edge[], impact: Impact, namedAfter: readonly IndexedFile[]): readonly TestOf[] {
  const calling = edges.filter((edge) => isInTest(edge) && edge.how !== "by-name");
  // A test that calls it again and again is one test.
  const direct = firstOfEach(calling).map(({ from, file, line, how }) => ({
    test: from,
    file,
    line,
    distance: 1,
    how,
  }));
  const known = new Set(direct.flatMap(({ test }) => (test === undefined ? [] : [keyOf(test)])));
  const further = impact.tests
    .filter(({ symbol }) => !known.has(keyOf(symbol)))
    .flatMap(({ symbol, distance, line, how }) =>
      how === "inherits" ? [] : [{ test: symbol, file: symbol.file, line, distance, how }],
    );
  const found: readonly TestOf[] = [...direct, ...further];
  const files = new Set(found.map(({ file }) => file));
  // What helps the tests of a file is told only where it is all that is known of the file.
  const whole = new Set(found.flatMap(({ test, file }) => (test !== undefined && isTest(test) ? [file] : [])));
  const named = namedAfter.filter((file) => !files.has(file));
  return [
    ...found.filter(({ test, file }) => (test !== undefined && isTest(test)) || !whole.has(file)),
    ...named.map((file) => ({ test: undefined, file, line: 1, distance: 1, how: "named-after" as const })),
  ];
}

function firstOfEach(edges: readonly Edge[]): readonly Edge[] {
  const first = new Map<string, Edge>();
  for (const edge of edges) {
    const key = edge.from === undefined ? String(edge.file.id) : keyOf(edge.from);
    if (!first.has(key)) first.set(key, edge);
  }
  return [...first.values()];
}

/** Paths that commits change together with one, and the share of its commits, 0..1; the most first. */
export function changesWith(
  history: CodeHistory,
  path: string,
  most: number,
): readonly { readonly path: string; readonly share: number }[] {
  return [...history.changedWith(path)]
    .map(([other, share]) => ({ path: other, share }))
    .sort((a, b) => b.share - a.share || (a.path < b.path ? -1 : 1))
    .slice(0, most);
}
