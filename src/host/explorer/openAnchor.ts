import { resolve } from "node:path";
import * as vscode from "vscode";
import { HeirloomError } from "../../contract/errors.ts";
import type { Anchor } from "../../contract/memory.ts";
import { isInside } from "../../serve/isInside.ts";
import { documentSymbols, findSymbol } from "../editor/symbols.ts";

/** Opens the file at the anchor's lines, else where its symbol is. NOT_FOUND when the file is gone, FORBIDDEN_PATH outside the folder. */
export async function openAnchor(folder: string, anchor: Anchor): Promise<void> {
  const path = resolve(folder, anchor.path);
  if (!isInside(path, folder) || path === resolve(folder))
    throw new HeirloomError("FORBIDDEN_PATH", `${anchor.path} is not inside the workspace.`);
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    throw new HeirloomError("NOT_FOUND", `${anchor.path} is not here: it was renamed, or belongs to another branch.`);
  }
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
  return findSymbol(await documentSymbols(document.uri), anchor.symbol)?.selectionRange;
}
