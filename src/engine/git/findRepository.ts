import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readText } from "./readText.ts";
import { Evidence, Stamp } from "./stamp.ts";

export interface FoundRepository {
  readonly commonDir: string;
  readonly gitDir: string;
  readonly root: string;
}

/** What was found for a folder, and what has to be unchanged for it to still be so. */
export interface Discovery {
  readonly repository: FoundRepository | undefined;
  readonly evidence: Evidence;
}

/**
 * Finds the repository of a folder as git does: the nearest `.git`, a folder or a file that names one, going up from the real path.
 * Paths are real ones, so that every worktree of a repository finds the same `commonDir`. Two things differ from git on purpose: a bare
 * repository is no repository here, because it has no work tree to speak of, and because one that lies inside a work tree is a known
 * way to smuggle in configuration; and a `.git` file that leads nowhere means no repository, where git fails.
 */
export function findRepository(workspace: string): Discovery {
  const evidence = new Evidence();
  evidence.take(workspace);
  let folder = realPath(workspace);
  while (folder !== undefined) {
    const path = join(folder, ".git");
    const stamp = evidence.take(path);
    if (stamp !== undefined) {
      const gitDir = stamp.isFolder ? path : readGitFile(path);
      const repository = gitDir === undefined ? undefined : openGitDir(gitDir, folder);
      if (repository !== undefined || !stamp.isFolder) return { repository, evidence };
    }
    const parent = dirname(folder);
    folder = parent === folder ? undefined : parent;
  }
  return { repository: undefined, evidence };
}

/** The folder that a `.git` file names: one line, `gitdir: PATH`, relative to the folder of the file. */
function readGitFile(path: string): string | undefined {
  const text = readText(path);
  const target = text === undefined ? undefined : /^gitdir: ([^\n]+?)\r?\n?$/.exec(text)?.[1];
  return target === undefined ? undefined : resolve(dirname(path), target);
}

/** A git directory holds HEAD, and `objects` and `refs` of its own or in the directory that its `commondir` names. */
function openGitDir(gitDir: string, root: string): FoundRepository | undefined {
  const real = realPath(gitDir);
  if (real === undefined) return undefined;
  const shared = readText(join(real, "commondir"))?.trimEnd();
  const commonDir = shared === undefined ? real : realPath(resolve(real, shared));
  if (commonDir === undefined) return undefined;
  const isRepository =
    Stamp.of(join(commonDir, "objects"))?.isFolder === true &&
    Stamp.of(join(commonDir, "refs"))?.isFolder === true &&
    readText(join(real, "HEAD")) !== undefined;
  return isRepository ? { commonDir, gitDir: real, root } : undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
