import type { GitRunner } from "../ports.ts";

/** Those ids that are commits here. Throws `GitFailure`. */
export async function existingCommits(
  git: GitRunner,
  root: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const listed = await git.run(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    cwd: root,
    stdin: `${[...new Set(ids)].join("\n")}\n`,
  });
  return new Set(
    listed.split("\n").flatMap((line) => (line.endsWith(" commit") ? [line.slice(0, -" commit".length)] : [])),
  );
}
