import { join } from "node:path";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitLineage, GitPlace } from "../seams.ts";
import { existingCommits } from "./existingCommits.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { readReflog } from "./reflog.ts";

type Repository = NonNullable<GitPlace["repository"]>;

export async function readCommitOf(
  git: GitRunner,
  { root, branch }: Repository,
  name: string,
): ReturnType<GitLineage["commitOf"]> {
  // Of these git takes none for a name, and a reader of the command may take them for something else.
  if (/[\x00-\x1f]/u.test(name)) return undefined;
  const ask = async (...args: readonly string[]): Promise<string | undefined> => {
    try {
      return (await git.run(["rev-parse", "--verify", "--quiet", ...args], { cwd: root })).trim();
    } catch (error) {
      if (error instanceof GitFailure && error.exitCode === 1) return undefined;
      throw explainGitFailure(error, root);
    }
  };
  const commit = await ask("--end-of-options", `${name}^{commit}`);
  if (commit === undefined) return undefined;
  if (name === "HEAD") return { commit, ...(branch === undefined ? {} : { branch }) };
  const isBranch = (await ask("--end-of-options", `refs/heads/${name}`)) !== undefined;
  return { commit, ...(isBranch ? { branch: name } : {}) };
}

export async function readHeadAt(
  git: GitRunner,
  { root, gitDir, head }: Repository,
  at: number,
): Promise<string | undefined> {
  if (head === undefined) return undefined;
  const then = Math.floor(at / 1000);
  const entry = readReflog(join(gitDir, "logs", "HEAD"))?.findLast(({ seconds }) => seconds <= then);
  if (entry !== undefined) return /^0+$/u.test(entry.to) ? undefined : entry.to;
  try {
    const found = (await git.run(["rev-list", "--max-count=1", `--before=${then}`, head, "--"], { cwd: root })).trim();
    return found === "" ? undefined : found;
  } catch (error) {
    throw explainGitFailure(error, root);
  }
}

export async function readSubjects(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  try {
    const here = await existingCommits(git, root, commits.filter(isObjectId));
    if (here.size === 0) return new Map();
    const listed = await git.run(["log", "--no-walk=unsorted", "--stdin", "--format=%H %s", "-z"], {
      cwd: root,
      stdin: `${[...here].join("\n")}\n`,
    });
    return new Map(
      listed.split("\0").flatMap((line) => {
        const at = line.indexOf(" ");
        return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
      }),
    );
  } catch (error) {
    throw explainGitFailure(error, root);
  }
}
