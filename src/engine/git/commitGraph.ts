import type { GitRunner } from "../ports.ts";
import type { CommitGraph, CommitGraphQuery, GitPlace } from "../seams.ts";
import { existingCommits } from "./existingCommits.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Commits of deleted branches that the graph begins from beside the branches, so that what was learned there has its place. */
const MOST_TIPS = 200;

/** The history of HEAD and of some branches in two runs of git: the refs, and the log; a third says which other commits exist. INTERNAL when git fails. */
export async function readCommitGraph(
  git: GitRunner,
  repository: Repository,
  query: CommitGraphQuery,
): Promise<CommitGraph> {
  try {
    const [refs, others] = await Promise.all([
      readRefs(git, repository.root),
      // One that is missing would make the log fail, whatever is said of missing ones.
      existingCommits(git, repository.root, query.commits.filter(isObjectId).slice(0, MOST_TIPS)),
    ]);
    const branches = new Set(query.branches);
    const tips = new Set([
      ...(repository.head === undefined ? [] : [repository.head]),
      ...refs.filter(({ branch }) => branch !== undefined && branches.has(branch)).map(({ commit }) => commit),
      ...others,
    ]);
    if (tips.size === 0) return { commits: [], more: false };
    const names = namesByCommit(refs);
    const commits = await readLog(git, repository.root, [...tips], query.limit + 1);
    return {
      commits: commits.slice(0, query.limit).map((commit) => ({ ...commit, refs: names.get(commit.commit) ?? [] })),
      more: commits.length > query.limit,
    };
  } catch (error) {
    throw explainGitFailure(error, repository.root);
  }
}

interface Ref {
  readonly commit: string;
  /** As a person names it. */
  readonly name: string;
  /** The local branch, or the one that a remote has under this name. */
  readonly branch: string | undefined;
}

async function readRefs(git: GitRunner, cwd: string): Promise<readonly Ref[]> {
  const format = "--format=%(objectname) %(*objectname) %(refname)";
  const listed = await git.run(["for-each-ref", format, "refs/heads", "refs/remotes", "refs/tags"], { cwd });
  return listed.split("\n").flatMap((line) => {
    const [object = "", peeled = "", ...rest] = line.split(" ");
    const ref = rest.join(" ");
    const commit = peeled === "" ? object : peeled;
    if (!isObjectId(commit) || ref.endsWith("/HEAD")) return [];
    const [, kind = "", ...path] = ref.split("/");
    const branch = kind === "heads" ? path.join("/") : kind === "remotes" ? path.slice(1).join("/") : undefined;
    return [{ commit, name: path.join("/"), branch }];
  });
}

function namesByCommit(refs: readonly Ref[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { commit, name } of refs) {
    const known = names.get(commit);
    if (known === undefined) names.set(commit, [name]);
    else known.push(name);
  }
  return names;
}

const LOG = ["log", "--stdin", "--topo-order", "-z", "--no-show-signature", "--no-color"] as const;

async function readLog(
  git: GitRunner,
  cwd: string,
  tips: readonly string[],
  limit: number,
): Promise<readonly Omit<CommitGraph["commits"][number], "refs">[]> {
  const listed = await git.run(
    [...LOG, "--no-patch", "--encoding=UTF-8", `--max-count=${limit}`, "--format=%H%x1f%P%x1f%ct%x1f%an%x1f%s"],
    { cwd, stdin: `${tips.join("\n")}\n` },
  );
  return listed.split("\0").flatMap((line) => {
    // A subject may hold the separator; what stands before it can't.
    const [commit = "", parents = "", seconds = "", author = "", ...subject] = line.split("\x1f");
    if (!isObjectId(commit)) return [];
    return {
      commit,
      parents: parents.split(" ").filter((parent) => parent !== ""),
      subject: clean(subject.join(" ")),
      author: clean(author),
      at: Number(seconds) * 1000,
    };
  });
}

/** Commits are written by anybody: one line of text and no more. */
const clean = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 300);
