import type { AnalyzeResult } from "../../../contract/analyze.ts";
import type { CodeImport } from "../../../contract/code.ts";
import { type IndexedFile, qualifiedName } from "../codeIndex.ts";
import { nameOf, type SymbolAt } from "../graph/symbolAt.ts";
import type { Edge } from "../graph/symbolGraph.ts";

type Caller = AnalyzeResult["callers"][number];

/** Uses as they are told: one for each symbol that uses it, with how often. */
export function tellCallers(edges: readonly Edge[]): Caller[] {
  const found = new Map<string, Caller>();
  for (const { from, file, line, how, through } of edges) {
    const key = `${file.path}#${from === undefined ? "" : String(from.at)} ${how}`;
    const known = found.get(key);
    if (known !== undefined) found.set(key, { ...known, times: (known.times ?? 1) + 1 });
    else
      found.set(key, {
        path: file.path,
        line,
        ...(from === undefined ? {} : { symbol: qualifiedName(from.symbol) }),
        how,
        ...(through === undefined ? {} : { through: nameOf(through) }),
      });
  }
  return [...found.values()];
}

export const tellCallees = (edges: readonly Edge[]): AnalyzeResult["callees"] =>
  edges.map(({ to, line, how }) => ({
    path: to.file.path,
    line: to.symbol.startLine,
    symbol: qualifiedName(to.symbol),
    how,
    at: line,
  }));

export const tellSymbol = ({
  file,
  symbol,
}: SymbolAt): { readonly path: string; readonly line: number; readonly symbol: string } => ({
  path: file.path,
  line: symbol.startLine,
  symbol: qualifiedName(symbol),
});

export const tellDefinition = (one: SymbolAt): AnalyzeResult["others"][number] => ({
  ...tellSymbol(one),
  kind: one.symbol.kind,
});

/** What a file imports, with the file of the tree that it means. */
export const tellImports = (
  file: IndexedFile,
  find: (one: CodeImport) => IndexedFile | undefined,
): AnalyzeResult["imports"] =>
  file.parsed.imports.map((one) => {
    const { module, line, names = [] } = one;
    const path = find(one)?.path;
    const brought = names.map(({ name, alias }) =>
      alias === undefined || name === "*" || name === "default" ? (alias ?? name) : `${name} as ${alias}`,
    );
    return {
      module,
      line,
      ...(path === undefined ? {} : { path }),
      ...(brought.length === 0 ? {} : { names: brought }),
    };
  });
