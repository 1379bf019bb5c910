import type { AnalyzeResult } from "../../../contract/analyze.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { changesWith, type Impact, impactOf, type TestOf, testsOf } from "../graph/impact.ts";
import { lastPart, stemOf } from "../graph/modulePath.ts";
import { isClass, isCode, isTest, isTop, type SymbolAt, symbolsOf } from "../graph/symbolAt.ts";
import { isInTest } from "../graph/symbolGraph.ts";
import type { CodeSources } from "../locate/signals.ts";
import { fileImpact } from "./fileImpact.ts";
import type { Target } from "./findTarget.ts";
import { tellCallees, tellCallers, tellDefinition, tellImports, tellSymbol } from "./uses.ts";

/** What the code alone says of a target, before anything is left out of it. */
export type Facts = Omit<
  AnalyzeResult,
  "root" | "memories" | "history" | "uncommitted" | "evidence" | "tokens" | "dropped" | "pending" | "paused" | "missing"
>;

/** Symbols, or files, that impact reaches at most. */
const MOST_REACHED = 120;
/** Where callers of what is asked are looked for. */
const CALLERS = { files: 300, unlikely: 60, edges: 200 };
/** Files that are read for its impact. */
const MOST_ON_THE_WAY = 300;
const MOST_TOGETHER = 8;
/** Uses that only share the name. */
const MOST_UNSURE = 8;

export function analyzeTarget(target: Target, sources: CodeSources, depth: number): Facts {
  const { file, symbol } = target;
  return symbol === undefined ? aboutFile(file, sources, depth) : aboutSymbol(symbol, target, sources, depth);
}

function aboutSymbol(symbol: SymbolAt, { file, others }: Target, sources: CodeSources, depth: number): Facts {
  const graph = sources.symbols;
  const { edges } = graph.callersOf(symbol, CALLERS);
  const impact = impactOf(graph, [symbol], { depth, symbols: MOST_REACHED, files: MOST_ON_THE_WAY });
  const unsure = edges.filter(({ how }) => how === "by-name").slice(0, MOST_UNSURE);
  const callers = [...edges.filter(({ how }) => how !== "by-name"), ...unsure];
  const calling = new Set(callers.map((edge) => edge.file));
  const { kind, signature, doc, startLine, endLine, leadLine = startLine, name } = symbol.symbol;
  const isWithin = ({ line }: { readonly line: number }): boolean => line >= leadLine && line <= endLine;
  const { language, routes, configKeys } = file.parsed;
  return {
    target: `${file.path}#${qualifiedName(symbol.symbol)}`,
    definition: {
      ...{ path: file.path, startLine, endLine, kind, name: qualifiedName(symbol.symbol), signature },
      ...(doc === undefined ? {} : { doc }),
      ...(language === undefined ? {} : { language }),
      ...(isClass(symbol) ? { symbols: membersOf(symbol) } : {}),
    },
    others: others.map(tellDefinition),
    callers: tellCallers(callers.filter((edge) => !isInTest(edge) || isTest(symbol) || file.role === "test")),
    callees: tellCallees(graph.calleesOf(symbol)),
    imports: importsOf(file, sources),
    references: graph
      .importsOf(symbol)
      .filter((edge) => !calling.has(edge.file))
      .map((edge) => ({ path: edge.file.path, line: edge.line })),
    bases: graph.basesOf(symbol).map(tellSymbol),
    derived: isClass(symbol) ? graph.derivedOf(symbol).map(tellSymbol) : [],
    tests: tellTests(testsOf(edges, impact, namedAfter(sources, file))),
    impact: tellImpact(impact),
    routes: routes
      .filter((route) => isWithin(route) || route.symbol === name || route.symbol?.endsWith(`.${name}`) === true)
      .map(({ method, path, line }) => ({ path: file.path, line, method, route: path })),
    configuration: configKeys.filter(isWithin).map(({ key, line }) => ({ path: file.path, line, key })),
    changesWith: [...changesWith(sources.history, file.path, MOST_TOGETHER)],
  };
}

function aboutFile(file: IndexedFile, sources: CodeSources, depth: number): Facts {
  const { graph: imports, history } = sources;
  const { language, routes, configKeys } = file.parsed;
  const symbols = symbolsOf(file);
  const outline = symbols.filter((one) =>
    isCode(one) ? isTop(one) || isClass(one) : one.symbol.container === undefined,
  );
  const importers = imports
    .importersOf(file)
    .map((one) => ({ path: one.path, line: imports.lineOf(one, file), file: one }));
  const reached = fileImpact(file, imports, { depth, files: MOST_REACHED });
  const tests = reached.files.filter((one) => one.file.role === "test");
  const known = new Set(tests.map((one) => one.file));
  return {
    target: file.path,
    definition: {
      ...{
        path: file.path,
        startLine: 1,
        endLine: Math.max(1, file.chunks.at(-1)?.endLine ?? 1),
        kind: "file",
        name: lastPart(file.path),
      },
      ...(language === undefined ? {} : { language }),
      symbols: outline.map(({ symbol }) => ({
        name: qualifiedName(symbol),
        kind: symbol.kind,
        line: symbol.startLine,
      })),
    },
    others: [],
    callers: importers
      .filter((one) => one.file.role !== "test" || file.role === "test")
      .map(({ path, line }) => ({ path, line, how: "imported" as const })),
    callees: [],
    imports: importsOf(file, sources),
    references: [],
    bases: [],
    derived: [],
    tests: [
      ...tests.map((one) => ({
        path: one.file.path,
        line: one.line,
        distance: one.distance,
        how: "imported" as const,
      })),
      ...namedAfter(sources, file)
        .filter((one) => !known.has(one))
        .map((one) => ({ path: one.path, line: 1, distance: 1, how: "named-after" as const })),
    ],
    impact: {
      reached: reached.files.map((one) => ({
        path: one.file.path,
        line: one.line,
        symbol: one.file.path,
        distance: one.distance,
      })),
      ...{ symbols: reached.files.length, files: reached.files.length, tests: tests.length },
      ...{ uncertain: 0, isCut: reached.isCut },
    },
    routes: routes.map(({ method, path, line }) => ({ path: file.path, line, method, route: path })),
    configuration: configKeys.map(({ key, line }) => ({ path: file.path, line, key })),
    changesWith: [...changesWith(history, file.path, MOST_TOGETHER)],
  };
}

function membersOf(symbol: SymbolAt): { readonly name: string; readonly kind: string; readonly line: number }[] {
  const path = qualifiedName(symbol.symbol);
  return symbolsOf(symbol.file)
    .filter(({ symbol: { container } }) => container === path)
    .map(({ symbol: { name, kind, startLine } }) => ({ name, kind, line: startLine }));
}

function importsOf(file: IndexedFile, { index }: CodeSources): AnalyzeResult["imports"] {
  return tellImports(file, ({ module, names = [] }) => {
    const [part] = index.modules.parts(module, names, file);
    const { files, isSure } = index.modules.find(module, file);
    return part ?? (isSure ? files[0] : undefined);
  });
}

const tellTests = (tests: readonly TestOf[]): AnalyzeResult["tests"] =>
  tests.map(({ test, file, line, distance, how }) => ({
    ...{ path: file.path, line, distance, how },
    ...(test === undefined ? {} : { name: qualifiedName(test.symbol) }),
  }));

function tellImpact({ reached, tests, uncertain, isCut }: Impact): AnalyzeResult["impact"] {
  const files = new Set(reached.map(({ symbol }) => symbol.file));
  return {
    reached: reached
      .filter(({ symbol, distance }) => distance > 1 && !isTest(symbol))
      .map(({ symbol, distance }) => ({ ...tellSymbol(symbol), distance })),
    ...{ symbols: reached.length, files: files.size, tests: tests.length, uncertain, isCut },
  };
}

const TEST_NAMES: readonly ((name: string) => string)[] = [
  (name) => `${name}.test`,
  (name) => `${name}.spec`,
  (name) => `test_${name}`,
  (name) => `${name}_test`,
  (name) => `${name}_spec`,
  (name) => `${name}Test`,
  (name) => `${name}Tests`,
  (name) => `${name}-test`,
];
const MOST_NAMED_AFTER = 3;

/** Files of tests whose name says that they test a file; of namesakes those that stand nearest. */
function namedAfter({ index }: CodeSources, file: IndexedFile): readonly IndexedFile[] {
  if (file.role === "test") return [];
  const name = lastPart(stemOf(file.path));
  const found = TEST_NAMES.flatMap((like) => index.modules.calledLike(like(name))).filter(
    ({ role }) => role === "test",
  );
  return found.length <= MOST_NAMED_AFTER
    ? found
    : found.filter(({ path }) => path.split("/")[0] === file.path.split("/")[0]).slice(0, MOST_NAMED_AFTER);
}
