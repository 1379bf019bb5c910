import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { isInside } from "../../serve/isInside.ts";

/**
 * Absolute path of the file that an anchor names in a folder. NOT_FOUND when it is gone, FORBIDDEN_PATH when it is outside the folder, also by a
 * link: anchors and links come with a repository, whoever made it.
 */
export async function anchoredFile(folder: string, anchored: string): Promise<string> {
  const path = resolve(folder, anchored);
  if (!isInside(path, folder) || path === resolve(folder)) throw outside(anchored);
  const real = await Promise.all([realpath(path), realpath(folder)]).catch(() => undefined);
  if (real === undefined)
    throw new HeirloomError("NOT_FOUND", `${anchored} is not here: it was renamed, or belongs to another branch.`);
  if (!isInside(...real)) throw outside(anchored);
  return path;
}

const outside = (path: string): HeirloomError =>
  new HeirloomError("FORBIDDEN_PATH", `${path} is not inside the workspace.`);
