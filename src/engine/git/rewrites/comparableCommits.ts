import { GitFailure, type GitRunner } from "../../ports.ts";
import { isObjectId } from "../objectId.ts";

/**
 * Those commits whose differences can be made without fetching, because the files that they changed are here as they were before and after. A
 * partial clone has the files of what was checked out; one without trees may not even know which changed: then there is none. Throws `GitFailure`.
 */
export async function comparableCommits(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<readonly string[]> {
  const changed = await changedFiles(git, root, commits);
  const files = [...new Set([...changed.values()].flat())];
  if (files.length === 0) return [...changed.keys()];
  // Unlike cat-file this takes what is promised but not here for missing, and does not fail over it.
  const present = await git.run(
    ["rev-list", "--objects", "--no-walk=unsorted", "--ignore-missing", "--missing=allow-any", "--stdin"],
    { cwd: root, stdin: `${files.join("\n")}\n` },
  );
  const here = new Set(present.split("\n").map((line) => line.trimEnd()));
  return [...changed].filter(([, ids]) => ids.every((id) => here.has(id))).map(([commit]) => commit);
}

/** By commit the ids of its changed files, before and after; submodules are none. */
async function changedFiles(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const changed = new Map<string, string[]>();
  let listed: string;
  try {
    listed = await git.run(["diff-tree", "--stdin", "--root", "-r", "--raw", "--no-abbrev", "--no-renames"], {
      cwd: root,
      stdin: `${commits.join("\n")}\n`,
      bytes: true,
    });
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode !== undefined) return changed;
    throw error;
  }
  let current: string[] = [];
  for (const line of listed.split("\n")) {
    if (isObjectId(line)) changed.set(line, (current = []));
    const [before = "", after = "", old = "", next = ""] = line.startsWith(":") ? line.slice(1).split(/[ \t]/u, 4) : [];
    for (const [mode, id] of [
      [before, old],
      [after, next],
    ] as const)
      if (mode.startsWith("100") || mode === "120000") current.push(id);
  }
  return changed;
}
