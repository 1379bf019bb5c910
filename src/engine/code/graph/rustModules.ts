import { folderOf, joined, lastPart, stemOf } from "./modulePath.ts";

/**
 * Paths, without ending, of the files that a path of Rust may mean, the longest first: its last parts may be items, or modules that stand in the
 * file of another.
 */
export function rustPaths(module: string, from: string): readonly string[] {
  const parts = module.split("::");
  const first = parts[0] ?? "";
  const own = ownFolder(from);
  let base = own;
  if (first === "crate") {
    base = crateFolder(from);
    parts.shift();
  } else if (first === "self") parts.shift();
  while (parts[0] === "super") {
    base = folderOf(base);
    parts.shift();
  }
  const isLocal = first === "crate" || first === "self" || first === "super";
  const paths: string[] = [];
  for (let length = parts.length; length > 0; length--) paths.push(joined(base, parts.slice(0, length).join("/")));
  // What is left is the module itself; of another crate nothing is.
  if (isLocal) paths.push(base);
  return paths;
}

/** The folder in which the modules of a file stand. */
function ownFolder(path: string): string {
  const stem = stemOf(path);
  return ["mod", "lib", "main"].includes(lastPart(stem)) ? folderOf(path) : stem;
}

function crateFolder(path: string): string {
  const parts = folderOf(path).split("/");
  const at = parts.lastIndexOf("src");
  return at < 0 ? folderOf(path) : parts.slice(0, at + 1).join("/");
}
