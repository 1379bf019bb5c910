import { relative, sep } from "node:path";
import * as vscode from "vscode";

/** A file of a folder of the window, relative to it with forward slashes. */
export interface FilePlace {
  readonly folder: string;
  readonly path: string;
}

/** Undefined for what is no file of an open folder. */
export function filePlace(uri: vscode.Uri): FilePlace | undefined {
  const folder = uri.scheme === "file" ? vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath : undefined;
  return folder === undefined ? undefined : { folder, path: relative(folder, uri.fsPath).split(sep).join("/") };
}
