import { constants, lstatSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isPlainIndex } from "./parseIndexFile.ts";

/** More bytes are two million files, and left to git. */
const MAXIMUM_INDEX_BYTES = 256 * 1_048_576;

/**
 * The index of the repository whose `.git` folder stands in `root`, when it is one that `parseIndexFile` can read; undefined otherwise, also in
 * a linked worktree, a submodule and a subfolder, where git is to be asked.
 */
export async function readIndexFile(root: string): Promise<Buffer | undefined> {
  const gitDir = join(root, ".git");
  try {
    if (!lstatSync(gitDir).isDirectory()) return undefined;
    // The length of an id is told by nothing else.
    if (/objectformat|sparse|worktree/iu.test(readFileSync(join(gitDir, "config"), "latin1"))) return undefined;
    const file = await open(join(gitDir, "index"), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile() || stat.size > MAXIMUM_INDEX_BYTES) return undefined;
      const bytes = await file.readFile();
      return isPlainIndex(bytes) ? bytes : undefined;
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
