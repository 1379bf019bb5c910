import * as vscode from "vscode";
import { type Disposable, together } from "../contributions.ts";
import type { Services } from "../services.ts";
import { filePlace } from "./filePlace.ts";
import { UnsavedTexts } from "./unsavedTexts.ts";

export function unsavedDocuments({ engine, log }: Pick<Services, "engine" | "log">): UnsavedTexts<vscode.TextDocument> {
  return new UnsavedTexts({
    may: () => engine.status.state === "running",
    placeOf: ({ uri }) => filePlace(uri),
    lengthOf: (document) => document.offsetAt(document.lineAt(document.lineCount - 1).range.end),
    isAnchored: async ({ folder, path }) =>
      (await (await engine.api()).anchoredIn(path, { workspace: folder })).length > 0,
    send: async ({ folder, path }, text) => (await engine.api()).setDraft(folder, path, text),
    onFailure: (error) => log.warn(`What is not saved was not compared with memories: ${String(error)}`),
  });
}

/** Has what is typed and not saved compared with the memories of this window. */
export function registerUnsavedTexts({ engine, unsaved }: Services): Disposable {
  const changed = (document: vscode.TextDocument): void => {
    if (document.uri.scheme === "file") unsaved.changed(document);
  };
  // What was not saved before the window was loaded anew is there already.
  vscode.workspace.textDocuments.forEach(changed);
  return together(
    () => unsaved.dispose(),
    vscode.workspace.onDidOpenTextDocument(changed),
    vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
    vscode.workspace.onDidSaveTextDocument(changed),
    vscode.workspace.onDidCloseTextDocument(changed),
    engine.on("changed", () => unsaved.memoriesChanged()),
    engine.on("folder", ({ state }) => {
      if (state === "open") unsaved.restarted();
    }),
    engine.onStatus(({ state }) => {
      if (state === "running") unsaved.restarted();
    }),
  );
}
