import { SHARED_FOLDER } from "../../contract/share.ts";
import { GitFailure, type GitRunner } from "../ports.ts";

export interface FileCommit {
  readonly commit: string;
  readonly author: string;
}

/** Who wrote each commit, as it says; none where git cannot tell. */
export async function authorsOf(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commits.length === 0) return new Map();
  const args = ["log", "--no-walk=unsorted", "--stdin", "--no-show-signature", "-z", "--format=tformat:%H %an"];
  const listed = await orNothing(git.run(args, { cwd: root, stdin: `${[...new Set(commits)].join("\n")}\n` }));
  return new Map(
    listed.split("\0").flatMap((line) => {
      const at = line.indexOf(" ");
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)] as const];
    }),
  );
}

/** Shared files that HEAD has not any more, with the commit in its history that deleted each. */
export async function deletedFiles(
  git: GitRunner,
  root: string,
  head: string,
): Promise<ReadonlyMap<string, FileCommit>> {
  const where = ["--", `:(top,literal)${SHARED_FOLDER}`];
  const [listed, present] = await Promise.all([
    orNothing(git.run(["log", ...DELETIONS, head, ...where], { cwd: root })),
    orNothing(git.run(["ls-tree", "-r", "-z", "--name-only", head, SHARED_FOLDER], { cwd: root })),
  ]);
  const here = new Set(present.split("\0"));
  const found = new Map<string, FileCommit>();
  let by: FileCommit | undefined;
  for (const field of listed.split("\0").map((one) => one.replace(/^\n+/u, ""))) {
    const [, commit, author] = /^commit ([0-9a-f]{40,64}) (.*)$/u.exec(field) ?? [];
    if (commit !== undefined && author !== undefined) by = { commit, author };
    else if (by !== undefined && field !== "" && !here.has(field) && !found.has(field)) found.set(field, by);
  }
  return found;
}

const DELETIONS = [
  "-z",
  "--diff-filter=D",
  "--no-renames",
  "--name-only",
  "--no-show-signature",
  "--no-color",
  "--format=tformat:commit %H %an",
];

async function orNothing(answer: Promise<string>): Promise<string> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof GitFailure) return "";
    throw error;
  }
}
