import type { WorkspaceFiles } from "./workspaceFiles.ts";

/** Between backticks, with a slash or an ending: a path as documents write one. */
const NAMED = /`(?:\.\/)?((?:[\w@+-][\w.@+-]*\/|\.\w[\w.-]*\/)*[\w.@+-]+\.\w+)(?:#[\w.$]+|:\d+)?`/gu;
/** Of one section; a table of all files says nothing of each. */
const MOST_NAMED = 8;
const MOST_TRIED = 40;
const MOST_READ = 20_000;

/** Files of the workspace that a text names in backticks, in the order in which it does. */
export async function namedFiles(files: WorkspaceFiles, text: string): Promise<readonly string[]> {
  const tried = new Set<string>();
  const found: string[] = [];
  for (const [, path = ""] of text.slice(0, MOST_READ).matchAll(NAMED)) {
    if (tried.has(path) || path.includes("..")) continue;
    tried.add(path);
    if (tried.size > MOST_TRIED || found.length >= MOST_NAMED) break;
    // Nothing of it is read: whether it is a regular file inside the workspace is all that is asked.
    const read = await files.read(path, 0);
    if ("bytes" in read || read.refused === "too large") found.push(path);
  }
  return found;
}
