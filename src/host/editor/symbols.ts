import * as vscode from "vscode";
import { definitionLine } from "./definitionLine.ts";

/** Symbols of a file as its language finds them; none where no language knows it. */
export async function documentSymbols(uri: vscode.Uri): Promise<readonly vscode.DocumentSymbol[]> {
  const found = await vscode.commands.executeCommand<
    readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
  >("vscode.executeDocumentSymbolProvider", uri);
  // Some languages still answer with the flat list of old, which has no range of a symbol's name.
  return (found ?? []).filter((symbol): symbol is vscode.DocumentSymbol => "selectionRange" in symbol);
}

/** The innermost symbol that holds a range. */
export function enclosingSymbol(
  symbols: readonly vscode.DocumentSymbol[],
  range: vscode.Range,
): vscode.DocumentSymbol | undefined {
  const outer = symbols.find((symbol) => symbol.range.contains(range));
  return outer === undefined ? undefined : (enclosingSymbol(outer.children, range) ?? outer);
}

/** The first symbol of a name, outer ones before those inside them. */
function findSymbol(symbols: readonly vscode.DocumentSymbol[], name: string): vscode.DocumentSymbol | undefined {
  const here = symbols.find((symbol) => symbol.name === name || plainName(symbol.name) === name);
  if (here !== undefined) return here;
  for (const { children } of symbols) {
    const inside = findSymbol(children, name);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Lines of a symbol, 0-based and inclusive: as its language says, else what looks like its definition. */
export function symbolLines(
  document: vscode.TextDocument,
  symbols: readonly vscode.DocumentSymbol[],
  name: string,
): { readonly first: number; readonly last: number } | undefined {
  const found = findSymbol(symbols, name);
  if (found !== undefined) return { first: found.selectionRange.start.line, last: found.range.end.line };
  const line = definitionLine(document.getText().split("\n"), name);
  return line === undefined ? undefined : { first: line, last: line };
}

/** Some languages name a function with its parameters, and Markdown a section with its number signs. */
export const plainName = (name: string): string => name.replace(/^#+\s+/u, "").replace(/\s*\(.*$/su, "");
