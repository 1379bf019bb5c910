import { existsSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { findRepository } from "./git/findRepository.ts";
import type { GitPlace } from "./seams.ts";
import { sha256 } from "./sha256.ts";

/**
 * The name of the store that a place belongs to: readable, and one a repository, whatever worktree or folder of it is asked from. It is also
 * the workspaceId of its memories. A folder without a repository is named as the one that `git init` would make there, so that its memories are
 * still there afterwards; a bare repository as its worktrees are.
 */
export function storeName({ repository, workspace }: GitPlace): string {
  const identity = repository === undefined ? gitFolderOf(realPath(workspace)) : realPath(repository.commonDir);
  const shown = basename(identity.replace(/[\\/]\.git$/u, ""));
  const slug = shown
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .slice(0, 40);
  const digest = sha256(identity).slice(0, 16);
  return `${slug === "" ? "workspace" : slug}-${digest}`;
}

/** The name of the store of a folder, found without running git. */
export function storeNameAt(workspace: string): string {
  const { repository } = findRepository(workspace);
  return storeName({ workspace, ...(repository === undefined ? {} : { repository }) });
}

/** Below the data folder: everything that is written there by itself. */
export const STORES_FOLDER = "stores";
export const storeFolder = (dataFolder: string, name: string): string => join(dataFolder, STORES_FOLDER, name);

const gitFolderOf = (folder: string): string =>
  ["HEAD", "objects", "refs"].every((name) => existsSync(join(folder, name))) ? folder : join(folder, ".git");

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
