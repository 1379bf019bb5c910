import * as vscode from "vscode";
import type { Anchor } from "../../contract/memory.ts";
import { documentSymbols, symbolLines } from "../editor/symbols.ts";
import { anchoredFile } from "./anchoredFile.ts";

/** Opens the file at the anchor's lines, else where its symbol is. NOT_FOUND when the file is gone, FORBIDDEN_PATH outside the folder. */
export async function openAnchor(folder: string, anchor: Anchor): Promise<void> {
  const uri = vscode.Uri.file(await anchoredFile(folder, anchor.path));
  const document = await vscode.workspace.openTextDocument(uri);
  const selection = await rangeOf(document, anchor);
  await vscode.window.showTextDocument(document, { ...(selection === undefined ? {} : { selection }), preview: true });
}

async function rangeOf(document: vscode.TextDocument, anchor: Anchor): Promise<vscode.Range | undefined> {
  if (anchor.startLine !== undefined) {
    const first = Math.min(anchor.startLine, document.lineCount) - 1;
    const last = Math.min(anchor.endLine ?? anchor.startLine, document.lineCount) - 1;
    return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
  }
  if (anchor.symbol === undefined) return undefined;
  const lines = symbolLines(document, await documentSymbols(document.uri), anchor.symbol);
  return lines === undefined ? undefined : document.lineAt(lines.first).range;
}
