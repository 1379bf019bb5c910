import { watch } from "node:fs";
import { sep } from "node:path";
import { judgeFolderName } from "../engine/code/walk/judgePath.ts";
import type { CodeSubscription, CodeWatcher } from "../engine/ports.ts";
import { ChangeBatch } from "./changeBatch.ts";
import { FolderWatches } from "./folderWatches.ts";

export interface NodeCodeWatcherOptions {
  readonly quietMs?: number;
  readonly longestMs?: number;
  /** Milliseconds between two walks where nothing can be watched. */
  readonly intervalMs?: number;
  /** Node's own unless a test has it fail. */
  readonly watch?: typeof watch;
  readonly platform?: NodeJS.Platform;
}

/**
 * Watches by Node's fs.watch: the whole tree at once where the system can (macOS, Windows), each folder by itself elsewhere. Where the
 * system refuses (ENOSPC, EMFILE), or there are too many folders, it says so and asks for a walk from time to time instead.
 */
export function createNodeCodeWatcher(options: NodeCodeWatcherOptions = {}): CodeWatcher {
  const { quietMs = 100, longestMs = 1_000, intervalMs = 30_000, platform = process.platform } = options;
  const start = options.watch ?? watch;
  return {
    subscribe(root, changed) {
      const batch = new ChangeBatch(changed, { quietMs, longestMs });
      let interval: NodeJS.Timeout | undefined;
      let isCovered = false;
      let isDisposed = false;
      const failed = (): void => {
        if (isDisposed || interval !== undefined) return;
        interval = setInterval(() => batch.add(undefined), intervalMs).unref();
        batch.add(undefined);
      };
      const parts = { root, watch: start, changed: (path: string) => batch.add(path), failed };
      const watches = platform === "darwin" || platform === "win32" ? watchTree(parts) : new FolderWatches(parts);
      return {
        isWatching: () => isCovered && interval === undefined && !isDisposed,
        cover(folders) {
          if (interval !== undefined || isDisposed) return;
          watches.cover(folders);
          isCovered = true;
        },
        dispose() {
          isDisposed = true;
          clearInterval(interval);
          batch.dispose();
          watches.close();
        },
      } satisfies CodeSubscription;
    },
  };
}

interface TreeParts {
  readonly root: string;
  readonly watch: typeof watch;
  readonly changed: (path: string) => void;
  readonly failed: () => void;
}

/** One watch that the system spreads over everything below the root; what is not listed by its folder's name is not told. */
function watchTree({ root, watch: start, changed, failed }: TreeParts): Pick<FolderWatches, "cover" | "close"> {
  try {
    const watcher = start(root, { recursive: true, persistent: false }, (_event, name) => {
      const path = (name ?? "").split(sep).join("/");
      const folders = path.split("/").slice(0, -1);
      if (path !== ".git" && !folders.some((folder) => folder === ".git" || judgeFolderName(folder) !== undefined))
        changed(path);
    });
    watcher.on("error", failed);
    let isFirst = true;
    return {
      cover() {
        if (isFirst) changed("");
        isFirst = false;
      },
      close: () => watcher.close(),
    };
  } catch {
    failed();
    return { cover: () => undefined, close: () => undefined };
  }
}
