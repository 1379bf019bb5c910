import { relative, sep } from "node:path";
import type { CodeSubscription, CodeWatcher } from "../engine/ports.ts";
import { isInside } from "../serve/isInside.ts";

/** Milliseconds after which the tree is walked anew whatever was told: an editor's watcher may have failed without saying so. */
const LONGEST_TRUST_MS = 60_000;

export interface WindowCodeWatcherParts {
  /** Real paths of the folders that VS Code watches now. */
  readonly watched: () => readonly string[];
  /** For work trees of which VS Code watches nothing, or only a part. */
  readonly elsewhere: CodeWatcher;
  readonly longestTrustMs?: number;
}

/** Code is watched by VS Code where the window has it, which tells what it saw by `tell`; elsewhere by a watcher of our own. */
export class WindowCodeWatcher implements CodeWatcher {
  readonly #parts: WindowCodeWatcherParts;
  readonly #listeners = new Map<string, Set<(paths: readonly string[] | undefined) => void>>();

  constructor(parts: WindowCodeWatcherParts) {
    this.#parts = parts;
  }

  subscribe(root: string, changed: (paths: readonly string[] | undefined) => void): CodeSubscription {
    const { elsewhere, longestTrustMs = LONGEST_TRUST_MS } = this.#parts;
    if (!this.#isWatched(root)) return elsewhere.subscribe(root, changed);
    const listener = (paths: readonly string[] | undefined): void => changed(paths);
    const listeners = this.#listeners.get(root) ?? new Set();
    this.#listeners.set(root, listeners.add(listener));
    const doubt = setInterval(() => changed(undefined), longestTrustMs).unref();
    return {
      // The folder may leave the window while its store stays open.
      isWatching: () => this.#isWatched(root),
      cover: () => undefined,
      dispose: () => {
        clearInterval(doubt);
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(root);
      },
    };
  }

  /** Something may have changed in these places of a folder, named by its real path: relative, with forward slashes; undefined: anywhere. */
  tell(folder: string, paths: readonly string[] | undefined): void {
    for (const [root, listeners] of this.#listeners) {
      if (!isInside(root, folder)) continue;
      const prefix = root === folder ? "" : `${relative(folder, root).split(sep).join("/")}/`;
      const within = paths?.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      if (within?.length === 0) continue;
      for (const listener of listeners) listener(within);
    }
  }

  #isWatched(root: string): boolean {
    return this.#parts.watched().some((folder) => isInside(root, folder));
  }
}
