import { HeirloomError } from "../../../contract/errors.ts";
import type { Accepts } from "../codeAnswers.ts";
import { type CodeIndex, type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { lastPart, stemOf } from "../graph/modulePath.ts";
import { isClass, isFunction, nameOf, namedIn, type SymbolAt, symbolsOf } from "../graph/symbolAt.ts";
import type { SymbolGraph } from "../graph/symbolGraph.ts";
import type { CodeSources } from "../locate/signals.ts";
import { insidePath } from "./insidePath.ts";

/** What a question is about: a symbol, or a whole file. */
export interface Target {
  readonly file: IndexedFile;
  readonly symbol?: SymbolAt;
  /** What else has that name, the likeliest first. */
  readonly others: readonly SymbolAt[];
}

const MOST_NEAR = 5;
/** Namesakes whose uses are counted, and how far. */
const MOST_COMPARED = 5;
const FEW = { files: 60, unlikely: 10, edges: 50 };

const EVERY: Accepts = () => true;

/**
 * `name`, `Container.name`, `path#symbol`, `path`, `path:line`, among the files that are wanted; of a path its end is enough where only one file has it.
 * FORBIDDEN_PATH; NOT_FOUND with the names that come nearest.
 */
export function findTarget(
  { index, symbols }: Pick<CodeSources, "index" | "symbols">,
  root: string,
  target: string,
  accepts: Accepts = EVERY,
): Target {
  const named = (path: string): IndexedFile | undefined => fileNamed(index, root, path, accepts);
  const missing = (): never => notFound(index, target, accepts);
  const [, inFile, name] = /^(.+[^.#])#(.+)$/u.exec(target) ?? [];
  if (inFile !== undefined && name !== undefined) return symbolIn(named(inFile), name) ?? missing();
  const [, path, line] = /^(.+?):L?(\d+)(?:-L?\d+)?$/u.exec(target) ?? [];
  if (path !== undefined && line !== undefined) {
    const file = named(path);
    if (file === undefined) return missing();
    const symbol = symbolAtLine(file, Number(line));
    return { file, ...(symbol === undefined ? {} : { symbol }), others: [] };
  }
  const isPath = /[/\\]/u.test(target);
  if (isPath) {
    const file = named(target);
    return file === undefined ? missing() : { file, others: [] };
  }
  const exact = index.fileAt(target);
  if (exact !== undefined && accepts(exact)) return { file: exact, others: [] };
  const [best, ...others] = byUse(symbols, definitionsOf(index, target, accepts));
  if (best !== undefined) return { file: best.file, symbol: best, others };
  const file = named(target);
  return file === undefined ? missing() : { file, others: [] };
}

/** The file of this path, else the only one whose path ends so, of those that are wanted. */
export function fileNamed(
  index: CodeIndex,
  root: string,
  given: string,
  accepts: Accepts = EVERY,
): IndexedFile | undefined {
  const path = insidePath(given, root);
  const exact = index.fileAt(path);
  if (exact !== undefined && accepts(exact)) return exact;
  if (path === "") return undefined;
  let found: IndexedFile | undefined;
  for (const file of index.files()) {
    if (!file.path.endsWith(`/${path}`) || !accepts(file)) continue;
    if (found !== undefined) return undefined;
    found = file;
  }
  return found;
}

/** The innermost symbol at a line; a field or a variable gives way to what it stands in. */
export function symbolAtLine(file: IndexedFile, line: number): SymbolAt | undefined {
  let found: SymbolAt | undefined;
  for (const one of symbolsOf(file)) {
    const { startLine, leadLine = startLine, endLine, kind } = one.symbol;
    if (leadLine > line || endLine < line || kind === "module") continue;
    if (found === undefined || endLine - startLine <= found.symbol.endLine - found.symbol.startLine) found = one;
  }
  return found;
}

function symbolIn(file: IndexedFile | undefined, name: string): Target | undefined {
  if (file === undefined) return undefined;
  const [best, ...others] = inOrder(namesakes(file, partsOf(name)));
  return best === undefined ? undefined : { file, symbol: best, others };
}

function definitionsOf(index: CodeIndex, name: string, accepts: Accepts): readonly SymbolAt[] {
  const parts = partsOf(name);
  const files = index.definersOf(parts.at(-1) ?? "").filter(accepts);
  const inContainer = files.flatMap((file) => namesakes(file, parts));
  if (inContainer.length > 0 || parts.length < 2) return inOrder(inContainer);
  // What stands before the name may also be the file, the folder or the package: `store.New`, `flask.Flask`.
  const outer = parts.at(-2);
  return inOrder(
    files
      .filter(({ path }) =>
        stemOf(path)
          .split("/")
          .slice(-2)
          .includes(outer ?? ""),
      )
      .flatMap((file) => namesakes(file, parts.slice(-1))),
  );
}

/** Symbols whose name, with what contains them, ends with these parts. */
function namesakes(file: IndexedFile, parts: readonly string[]): readonly SymbolAt[] {
  const wanted = `.${parts.join(".")}`;
  return namedIn(file, parts.at(-1) ?? "").filter(({ symbol }) => `.${qualifiedName(symbol)}`.endsWith(wanted));
}

const partsOf = (name: string): readonly string[] =>
  name
    .replace(/\(\)$/u, "")
    // JavaScript writes private names so: `Branch.#commit`.
    .split(/\.|::|(?<=[^.#])#|->|\\/u)
    .filter((part) => part !== "");

const ROLES = ["source", "declaration", "example", "test", "settings", "document"];

/** Code before tests and documents, classes and functions before values, what is seen from outside and what is long before the rest. */
function inOrder(found: readonly SymbolAt[]): readonly SymbolAt[] {
  const rank = (one: SymbolAt): readonly number[] => [
    ROLES.indexOf(one.file.role),
    isClass(one) && one.symbol.kind !== "module" ? 0 : isFunction(one) ? 1 : 2,
    one.symbol.isExported === true ? 0 : 1,
    one.symbol.startLine - one.symbol.endLine,
    one.file.path.length,
  ];
  return found
    .map((one) => ({ one, ranks: rank(one) }))
    .sort((a, b) => {
      for (const [at, rank] of a.ranks.entries()) {
        const difference = rank - (b.ranks[at] ?? 0);
        if (difference !== 0) return difference;
      }
      return a.one.file.path < b.one.file.path ? -1 : 1;
    })
    .map(({ one }) => one);
}

/** Of the likeliest that are alike, the one that is used the most comes first. */
function byUse(graph: SymbolGraph, found: readonly SymbolAt[]): readonly SymbolAt[] {
  const [first] = found;
  if (first === undefined || found.length < 2) return found;
  const alike = found
    .slice(0, MOST_COMPARED)
    .filter((one) => one.file.role === first.file.role && isClass(one) === isClass(first));
  const used = (one: SymbolAt): number =>
    graph.callersOf(one, FEW).edges.filter(({ how }) => how !== "by-name").length + graph.importsOf(one).length;
  const counted = alike.map((one) => ({ one, uses: used(one) })).sort((a, b) => b.uses - a.uses);
  return [...counted.map(({ one }) => one), ...found.filter((one) => !alike.includes(one))];
}

function notFound(index: CodeIndex, target: string, accepts: Accepts): never {
  const near = nearest(index, target, accepts);
  const advice =
    near.length === 0
      ? "locate_relevant_files finds what a question in words is about."
      : `The nearest are ${near.join(", ")}.`;
  throw new HeirloomError(
    "NOT_FOUND",
    `Nothing in the code is called ${JSON.stringify(target.slice(0, 200))}. ${advice}`,
    {
      nearest: near,
    },
  );
}

/** Names and paths that have the most in common with what was asked. */
function nearest(index: CodeIndex, target: string, accepts: Accepts): readonly string[] {
  const words = target.replace(/[#:/\\.]+/gu, " ");
  const isPath = target.includes("/") && !target.includes("#");
  const wanted = lastPart(isPath ? stemOf(target) : target.replace(/[#:.]+/gu, "/")).toLowerCase();
  const found = new Map<string, number>();
  for (const { row } of index.text.search(words, { limit: 40 }).hits) {
    const at = index.chunkAt(row);
    if (at === undefined || !accepts(at.file)) continue;
    for (const one of symbolsOf(at.file)) {
      const { startLine, name } = one.symbol;
      if (startLine < at.chunk.startLine || startLine > at.chunk.endLine) continue;
      found.set(nameOf(one), alike(name.toLowerCase(), wanted));
    }
  }
  for (const { row } of index.paths.search(words, { limit: 10 }).hits) {
    const file = index.file(row);
    if (file !== undefined && accepts(file))
      found.set(file.path, alike(lastPart(stemOf(file.path)).toLowerCase(), wanted));
  }
  return [...found]
    .filter(([, share]) => share > 0.3)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_NEAR)
    .map(([name]) => name);
}

/** The share of pairs of neighbouring letters that two names have in common, 0..1 (Dice). */
function alike(one: string, other: string): number {
  const pairs = (text: string): readonly string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
  const [a, b] = [pairs(one), new Set(pairs(other))];
  return a.length + b.size === 0 ? 0 : (2 * a.filter((pair) => b.has(pair)).length) / (a.length + b.size);
}
