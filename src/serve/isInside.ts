import { isAbsolute, relative, sep } from "node:path";

/** Whether an absolute path is a folder or lies below it, by its name alone: links are not followed. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
