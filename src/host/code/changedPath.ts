import { relative, sep } from "node:path";
import { judgeFolderName } from "../../engine/code/walk/judgePath.ts";
import { isInside } from "../../serve/isInside.ts";

/** A changed file as the engine is told of it, relative to its folder; undefined where no code can be: git's own folder, node_modules. */
export function changedPath(folder: string, file: string): string | undefined {
  if (!isInside(file, folder)) return undefined;
  const path = relative(folder, file).split(sep).join("/");
  const names = path.split("/");
  if (names.includes(".git") || names.slice(0, -1).some((name) => judgeFolderName(name) !== undefined))
    return undefined;
  return path;
}
