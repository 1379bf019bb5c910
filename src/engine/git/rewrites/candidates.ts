import { GitFailure, type GitRunner } from "../../ports.ts";
import { isObjectId } from "../objectId.ts";

/** Commits of HEAD, newest first, among which what was lost is looked for. */
const MOST_COMMITS = 5_000;
/** Lost commits whose common ancestor with HEAD is worth finding. */
const MOST_TIPS = 50;

/** A commit of HEAD that may be a lost one, made again. */
export interface Candidate {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly authored: string;
}

/** Commits of HEAD, newest first, that it does not have in common with all of `tips`; with none of them that is worth asking, whichever. Throws `GitFailure`. */
export async function readCandidates(
  git: GitRunner,
  root: string,
  head: string,
  tips: readonly string[],
): Promise<readonly Candidate[]> {
  const shared = tips.length === 0 || tips.length > MOST_TIPS ? undefined : await sharedBase(git, root, head, tips);
  const range = [`--max-count=${MOST_COMMITS}`, head, ...(shared === undefined ? [] : [`^${shared}`]), "--"];
  return candidatesIn(await git.run([...LOG, ...range], { cwd: root }));
}

/** By commit who wrote it and when, as it says itself. Throws `GitFailure`. */
export async function readAuthors(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commits.length === 0) return new Map();
  const stdin = `${commits.join("\n")}\n`;
  const listed = await git.run([...LOG, "--no-walk=unsorted", "--stdin"], { cwd: root, stdin });
  return new Map(candidatesIn(listed).map(({ commit, authored }) => [commit, authored]));
}

const LOG = [
  "log",
  "--no-show-signature",
  "--no-color",
  "--encoding=UTF-8",
  "-z",
  "--no-patch",
  "--format=%H %P%n%an <%ae> %at",
] as const;

const candidatesIn = (listed: string): readonly Candidate[] =>
  listed.split("\0").flatMap((entry) => {
    const [ids = "", authored = ""] = entry.split("\n");
    const [commit = "", ...parents] = ids.trimEnd().split(" ");
    return isObjectId(commit) ? [{ commit, parents, authored }] : [];
  });

/** What all of them have in common with HEAD: nothing that was made since can be in there. */
async function sharedBase(
  git: GitRunner,
  root: string,
  head: string,
  tips: readonly string[],
): Promise<string | undefined> {
  try {
    const base = (await git.run(["merge-base", "--octopus", head, ...tips], { cwd: root })).trim();
    return isObjectId(base) ? base : undefined;
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode === 1) return undefined;
    throw error;
  }
}
