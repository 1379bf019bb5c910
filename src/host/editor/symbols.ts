import * as vscode from "vscode";

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
export function findSymbol(symbols: readonly vscode.DocumentSymbol[], name: string): vscode.DocumentSymbol | undefined {
  const here = symbols.find((symbol) => symbol.name === name || plainName(symbol.name) === name);
  if (here !== undefined) return here;
  for (const { children } of symbols) {
    const inside = findSymbol(children, name);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Some languages name a function with its parameters, and Markdown a section with its number signs. */
export const plainName = (name: string): string => name.replace(/^#+\s+/u, "").replace(/\s*\(.*$/su, "");
