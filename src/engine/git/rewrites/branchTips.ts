import { join } from "node:path";
import type { CommitFacts } from "../../../contract/events.ts";
import { GitFailure, type GitRunner } from "../../ports.ts";
import type { GitPlace, LostCommit } from "../../seams.ts";
import type { CommitFactsReader } from "../commitFacts.ts";
import { isObjectId } from "../objectId.ts";
import { readReflog } from "../reflog.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Commits of a branch that are listed to find some of them. */
const MOST_COMMITS = 5_000;
/** Branches whose tips are looked at, and places a branch was left at, newest first. */
const MOST_BRANCHES = 50;
const MOST_DEPARTURES = 3;

/**
 * The lost commits with the facts of branches that went on from them while nobody looked: as a branch is now, and as HEAD left it. A squash
 * takes a branch as it was at its end.
 */
export async function withBranchTips(
  git: GitRunner,
  facts: CommitFactsReader,
  repository: Repository,
  lost: readonly LostCommit[],
): Promise<readonly LostCommit[]> {
  const branches = new Set(lost.flatMap(({ facts: known }) => known?.branch ?? []));
  if (branches.size === 0 || branches.size > MOST_BRANCHES) return lost;
  const sought = new Set(lost.flatMap(({ commits }) => commits));
  const carriers = new Map<string, CommitFacts[]>();
  for (const tip of await tipsOf(git, repository, branches)) {
    const known = await facts.read(repository, tip);
    if (known?.base === undefined || known.branchPatchId === undefined) continue;
    for (const commit of await readBetween(git, repository, known.base, tip, sought))
      carriers.set(commit, [...(carriers.get(commit) ?? []), known]);
  }
  return lost.map((one) => ({
    ...one,
    carriers: [...one.carriers, ...one.commits.flatMap((commit) => carriers.get(commit) ?? [])],
  }));
}

/** Those of `commits` that `tip` inherits and `base` does not. */
export async function readBetween(
  git: GitRunner,
  { root }: Repository,
  base: string,
  tip: string,
  commits: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (!isObjectId(base) || !isObjectId(tip)) return [];
  try {
    const range = [`--max-count=${MOST_COMMITS}`, tip, `^${base}`, "--"];
    const listed = await git.run(["rev-list", ...range], { cwd: root });
    return listed.split("\n").filter((commit) => commits.has(commit));
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode !== undefined) return [];
    throw error;
  }
}

async function tipsOf(
  git: GitRunner,
  { root, gitDir }: Repository,
  branches: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const listed = await git.run(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads"], { cwd: root });
  const tips = new Set<string>();
  for (const line of listed.split("\n")) {
    const space = line.indexOf(" ");
    if (branches.has(line.slice(space + 1).replace(/^refs\/heads\//u, ""))) tips.add(line.slice(0, space));
  }
  const departures = new Map<string, number>();
  for (const { from, message } of [...(readReflog(join(gitDir, "logs", "HEAD")) ?? [])].reverse()) {
    const branch = /^checkout: moving from (.+) to [^ ]+$/u.exec(message)?.[1];
    const count = branch === undefined ? MOST_DEPARTURES : (departures.get(branch) ?? 0);
    if (branch === undefined || !branches.has(branch) || count >= MOST_DEPARTURES) continue;
    departures.set(branch, count + 1);
    tips.add(from);
  }
  return tips;
}
