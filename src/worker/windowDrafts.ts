import { join, relative, sep } from "node:path";
import type { Draft, Drafts } from "../engine/ports.ts";
import { isInside } from "../serve/isInside.ts";

/** What the editors of one window hold and nobody saved. It goes with the window: no other one, and no process beside it, compares with it. */
export class WindowDrafts implements Drafts {
  /** By absolute path. */
  readonly #drafts = new Map<string, Draft>();
  readonly #listeners = new Map<string, Set<(path: string) => void>>();
  #versions = 0;

  at(root: string, path: string): Draft | undefined {
    return this.#drafts.size === 0 ? undefined : this.#drafts.get(join(root, path));
  }

  subscribe(root: string, changed: (path: string) => void): () => void {
    const listener = (path: string): void => changed(path);
    const listeners = this.#listeners.get(root) ?? new Set();
    this.#listeners.set(root, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(root);
    };
  }

  /** Undefined: the file at this absolute path holds. */
  set(file: string, text: string | undefined): void {
    if (this.#drafts.get(file)?.text === text) return;
    if (text === undefined) this.#drafts.delete(file);
    else this.#drafts.set(file, { text, version: ++this.#versions });
    for (const [root, listeners] of this.#listeners) {
      if (!isInside(file, root)) continue;
      const path = relative(root, file).split(sep).join("/");
      for (const listener of listeners) listener(path);
    }
  }

  /** Those elsewhere go: their folders are the window's no more. */
  keepInside(folders: readonly string[]): void {
    for (const file of [...this.#drafts.keys()])
      if (!folders.some((folder) => isInside(file, folder))) this.set(file, undefined);
  }
}
