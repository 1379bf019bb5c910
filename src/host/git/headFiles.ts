import { type FSWatcher, watch } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Milliseconds in which git's several writes of one checkout are gathered. */
const GATHER_MS = 40;
/** What git writes in its folder when HEAD moves: HEAD itself at a checkout; its lock too when only the branch that it names moves. */
const HEAD_FILES = new Set(["HEAD", "HEAD.lock"]);

/**
 * Watches where HEAD of a work tree is, beside VS Code's git extension, which looks at a checkout in a terminal only after a second or two and
 * only while the window has the focus. `moved` is called after HEAD or what it points to may have changed. Undefined without a repository.
 */
export async function watchHead(folder: string, moved: () => void): Promise<(() => void) | undefined> {
  const gitFolder = await gitFolderOf(folder);
  if (gitFolder === undefined) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const gather = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      moved();
    }, GATHER_MS);
  };
  const watcher = watchFolder(gitFolder, (name) => HEAD_FILES.has(name), gather);
  return () => {
    clearTimeout(timer);
    watcher?.close();
  };
}

/** The folder that holds HEAD of the work tree that a folder is in; a linked work tree has its own. */
async function gitFolderOf(folder: string): Promise<string | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const place = join(at, ".git");
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory() === true) return place;
    if (found?.isFile() === true) {
      const target = /^gitdir: (.+)$/mu.exec(await readFile(place, "utf8"))?.[1]?.trim();
      return target === undefined ? undefined : resolve(at, target);
    }
    if (dirname(at) === at) return undefined;
  }
}

function watchFolder(folder: string, matters: (name: string) => boolean, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => {
      if (name === null || matters(name)) changed();
    });
    // A folder that goes away takes its watcher with it; VS Code's git still tells.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
