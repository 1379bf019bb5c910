import * as vscode from "vscode";
import { ChangeBatch } from "../../serve/changeBatch.ts";
import type { Disposable } from "../contributions.ts";
import type { Services } from "../services.ts";
import { changedPath } from "./changedPath.ts";

/** Milliseconds in which changes of one burst are gathered, and after which they are told in any case. */
const TIMES = { quietMs: 100, longestMs: 1_000 };

/**
 * Watches the window's folders with VS Code's own watcher, which runs for them anyway, and tells the engine what changed in them. What is typed
 * and not saved is on no disk: it is not indexed.
 */
export function watchCode(
  { window }: Pick<Services, "window">,
  tell: (folder: string, changed: readonly string[] | undefined) => void,
): Disposable {
  const watches = new Map<string, FolderWatch>();
  const follow = (): void => {
    // Nothing of a workspace that is not trusted is read.
    const wanted = new Set(window.trusted ? window.folders.map(({ path }) => path) : []);
    for (const [path, watch] of watches)
      if (!wanted.has(path)) {
        watches.delete(path);
        watch.dispose();
      }
    for (const path of wanted) if (!watches.has(path)) watches.set(path, new FolderWatch(path, tell));
  };
  const end = window.onChange(follow);
  // Told at once, where the watcher of a slow disk may take seconds.
  const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
    const path = uri.scheme === "file" ? vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath : undefined;
    if (path !== undefined) watches.get(path)?.changed(uri);
  });
  follow();
  return {
    dispose: () => {
      end();
      saved.dispose();
      for (const watch of watches.values()) watch.dispose();
    },
  };
}

class FolderWatch implements Disposable {
  readonly #path: string;
  readonly #batch: ChangeBatch;
  readonly #watcher: vscode.FileSystemWatcher;

  constructor(path: string, tell: (folder: string, changed: readonly string[] | undefined) => void) {
    this.#path = path;
    this.#batch = new ChangeBatch((paths) => tell(path, paths), TIMES);
    this.#watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path), "**/*"));
    for (const listen of [this.#watcher.onDidCreate, this.#watcher.onDidChange, this.#watcher.onDidDelete])
      listen((uri) => this.changed(uri));
  }

  changed({ fsPath }: vscode.Uri): void {
    const path = changedPath(this.#path, fsPath);
    if (path !== undefined) this.#batch.add(path);
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#batch.dispose();
  }
}
