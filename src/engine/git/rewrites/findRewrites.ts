import { join } from "node:path";
import type { CommitFacts } from "../../../contract/events.ts";
import { GitFailure, type GitRunner } from "../../ports.ts";
import type { FoundRewrite, GitPlace, LostCommit } from "../../seams.ts";
import { existingCommits } from "../existingCommits.ts";
import { isObjectId } from "../objectId.ts";
import { readText } from "../readText.ts";
import { containment, sketch } from "./addedLines.ts";
import type { Patch, Patches } from "./patches.ts";
import type { Rebases } from "./rebases.ts";
import { readRewriteMap } from "./rewriteMap.ts";
import { type LoggedRewrite, readRewrites } from "./rewritesInLog.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Commits of HEAD, newest first, among which what was lost is looked for. */
const MOST_COMMITS = 5_000;
/** Lost commits that are looked for at once, and those whose common ancestor with HEAD is worth finding. */
const MOST_LOST = 1_000;
const MOST_TIPS = 50;
/** A commit that adds fewer lines is not known by them. */
const FEWEST_LINES = 10;
/** Shares of the lines of a lost commit that one of HEAD adds as well: by themselves, and where author and time are the same too. */
const [SURE, DOUBTFUL] = [0.9, 0.6];
const [SURE_OF_AUTHOR, DOUBTFUL_OF_AUTHOR] = [0.8, 0.4];
/** In a rebase that the log tells of, where commits were melted into one another. */
const SURE_IN_REBASE = 0.5;

/** What is kept of one repository from one look to the next. */
export interface RewriteReaders {
  readonly patches: Patches;
  readonly rebases: Rebases;
}

/** A commit of HEAD that may be a lost one, made again. */
interface Candidate {
  readonly commit: string;
  readonly authored: string;
}

/** By what a lost commit is known again when its patch has changed. */
interface Traits {
  readonly authored?: string;
  readonly lines: readonly number[];
}

/**
 * Which commits of HEAD took the place of lost ones: by the log of HEAD and the map that git filter-repo leaves, by patch-ids of the commit and of
 * its branch, and where conflicts changed those by the lines that are added. One answer a lost commit at most, and none where nothing speaks
 * for it. Throws `GitFailure`.
 */
export async function findRewrites(
  git: GitRunner,
  { patches, rebases }: RewriteReaders,
  repository: Repository,
  lost: readonly LostCommit[],
): Promise<readonly FoundRewrite[]> {
  const { head, root } = repository;
  if (head === undefined) return [];
  const known = lost.filter(({ commits }) => commits.every(isObjectId)).slice(-MOST_LOST);
  const existing = await existingCommits(git, root, known.flatMap(commitsAndBases));
  const ahead = await descendants(git, root, head, known.flatMap(({ commits }) => commits).filter(isIn(existing)));
  const sought = known.filter(({ commits }) => !commits.some(isIn(ahead)));
  if (sought.length === 0) return [];

  const candidates = await candidatesFor(git, repository, head, sought, existing);
  const inHead = new Set(candidates.map(({ commit }) => commit));
  const log = readRewrites(repository);
  const rewriteMap = readRewriteMap(repository.commonDir);
  const found: FoundRewrite[] = [];
  const open: LostCommit[] = [];
  for (const one of sought) {
    const [from = ""] = one.commits;
    const told = followLog(one.commits, log, inHead) ?? followMap(one.commits, rewriteMap, inHead);
    if (told === undefined) open.push(one);
    else found.push({ from, ...told, sureness: 1, state: "applied" });
  }
  if (open.length === 0 || candidates.length === 0) return found;

  // The parents of commits at the boundary of a shallow clone are not here: such a commit would pass for one that added every file.
  const isBoundary = isIn(readBoundary(repository.commonDir));
  const there = [...new Set(open.flatMap(({ commits }) => commits))].filter(isIn(existing));
  const [own, authors] = await Promise.all([
    patches.read(
      root,
      there.filter((commit) => !isBoundary(commit)),
    ),
    authorsOf(git, root, there),
  ]);
  const made = await patches.read(
    root,
    candidates.map(({ commit }) => commit).filter((commit) => !isBoundary(commit)),
  );
  const byPatch = new Map<string, string>();
  // The oldest of several comes last and stays: all HEADs that have the others have it too, more or less.
  for (const [commit, { id }] of made) byPatch.set(id, commit);
  const rebased = await rebases.read(root, log);
  for (const one of open) {
    const [from = ""] = one.commits;
    const rewrite =
      byPatchId(one, own, byPatch) ?? byLines(traitsOf(one, own, authors), candidates, made, rebased(one.commits));
    if (rewrite !== undefined) found.push({ from, ...rewrite });
  }
  return found;
}

const readBoundary = (commonDir: string): ReadonlySet<string> =>
  new Set((readText(join(commonDir, "shallow")) ?? "").split("\n"));

function followLog(
  commits: readonly string[],
  log: readonly LoggedRewrite[],
  inHead: ReadonlySet<string>,
): Pick<FoundRewrite, "to" | "how"> | undefined {
  const names = new Set(commits);
  // Oldest first, so that a commit that was amended twice is followed to the end.
  for (const entry of [...log].reverse()) if (entry.kind === "amend" && names.has(entry.from)) names.add(entry.to);
  const to = [...names].reverse().find((name) => inHead.has(name));
  return to === undefined ? undefined : { to, how: "reflog" };
}

function followMap(
  commits: readonly string[],
  map: ReadonlyMap<string, string>,
  inHead: ReadonlySet<string>,
): Pick<FoundRewrite, "to" | "how"> | undefined {
  const to = commits.map((commit) => map.get(commit)).find((commit) => commit !== undefined && inHead.has(commit));
  return to === undefined ? undefined : { to, how: "rewrite-map" };
}

function byPatchId(
  { commits, facts, carriers }: LostCommit,
  own: ReadonlyMap<string, Patch>,
  byPatch: ReadonlyMap<string, string>,
): Omit<FoundRewrite, "from"> | undefined {
  const single = [facts?.patchId, ...commits.map((commit) => own.get(commit)?.id)];
  for (const id of single) {
    const to = id === undefined ? undefined : byPatch.get(id);
    if (to !== undefined) return { to, how: "patch-id", sureness: 1, state: "applied" };
  }
  for (const id of [facts?.branchPatchId, ...carriers.map(({ branchPatchId }) => branchPatchId)]) {
    const to = id === undefined ? undefined : byPatch.get(id);
    if (to !== undefined) return { to, how: "branch", sureness: 1, state: "applied" };
  }
  return undefined;
}

function byLines(
  { authored, lines }: Traits,
  candidates: readonly Candidate[],
  made: ReadonlyMap<string, Patch>,
  rebased: ReadonlySet<string>,
): Omit<FoundRewrite, "from"> | undefined {
  let best: (Omit<FoundRewrite, "from" | "how"> & { readonly rank: number }) | undefined;
  for (const candidate of candidates) {
    const { commit: to } = candidate;
    const share = containment(lines, made.get(to)?.addedLines ?? NO_LINES);
    const isAuthors = authored !== undefined && authored === candidate.authored;
    const judged = judge(share, { isAuthors, isRebased: rebased.has(to), isTelling: lines.length >= FEWEST_LINES });
    if (judged === undefined) continue;
    const rank = (judged.state === "applied" ? 2 : 0) + judged.sureness;
    if (best === undefined || rank >= best.rank) best = { to, ...judged, rank };
  }
  if (best === undefined) return undefined;
  const { to, sureness, state } = best;
  return { to, how: rebased.has(to) ? "reflog" : "content", sureness, state };
}

function judge(
  share: number,
  evidence: { readonly isAuthors: boolean; readonly isRebased: boolean; readonly isTelling: boolean },
): Pick<FoundRewrite, "sureness" | "state"> | undefined {
  const { isAuthors, isRebased, isTelling } = evidence;
  if (isRebased && isAuthors) return { sureness: Math.max(0.95, share), state: "applied" };
  if (isRebased && share >= SURE_IN_REBASE) return { sureness: share, state: "applied" };
  const [sure, doubtful] = isAuthors ? [SURE_OF_AUTHOR, DOUBTFUL_OF_AUTHOR] : [SURE, DOUBTFUL];
  if (share < doubtful) return undefined;
  return { sureness: share, state: share >= sure && (isTelling || isAuthors) ? "applied" : "offered" };
}

const NO_LINES = new Uint32Array();

/** By what was noted, else by its object. */
function traitsOf(
  { commits: [commit = ""], facts }: LostCommit,
  own: ReadonlyMap<string, Patch>,
  authors: ReadonlyMap<string, string>,
): Traits {
  const lines = facts?.lines ?? sketch(own.get(commit)?.addedLines ?? NO_LINES);
  const authored = facts?.authored ?? authors.get(commit);
  return { lines, ...(authored === undefined ? {} : { authored }) };
}

async function candidatesFor(
  git: GitRunner,
  { root }: Repository,
  head: string,
  sought: readonly LostCommit[],
  existing: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  const tips = new Set(
    sought.flatMap((one) => {
      const [commit = ""] = one.commits;
      if (existing.has(commit)) return [commit];
      const base = one.facts?.base;
      return base !== undefined && existing.has(base) ? [base] : [];
    }),
  );
  const isComplete = sought.every((one) => commitsAndBases(one).some(isIn(existing)));
  const shared =
    !isComplete || tips.size === 0 || tips.size > MOST_TIPS ? undefined : await sharedBase(git, root, head, [...tips]);
  const range = [`--max-count=${MOST_COMMITS}`, head, ...(shared === undefined ? [] : [`^${shared}`]), "--"];
  return candidatesIn(await git.run([...AUTHORS, ...range], { cwd: root }));
}

const AUTHORS = [
  "log",
  "--no-show-signature",
  "--no-color",
  "--encoding=UTF-8",
  "-z",
  "--no-patch",
  "--format=%H %an <%ae> %at",
] as const;

const candidatesIn = (listed: string): readonly Candidate[] =>
  listed.split("\0").flatMap((line) => {
    const space = line.indexOf(" ");
    const commit = line.slice(0, space);
    return isObjectId(commit) ? [{ commit, authored: line.slice(space + 1) }] : [];
  });

async function authorsOf(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (commits.length === 0) return new Map();
  const stdin = `${commits.join("\n")}\n`;
  const listed = await git.run([...AUTHORS, "--no-walk=unsorted", "--stdin"], { cwd: root, stdin });
  return new Map(candidatesIn(listed).map(({ commit, authored }) => [commit, authored]));
}

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

/** Those that HEAD is an ancestor of: nothing was rewritten, HEAD only went back. */
async function descendants(
  git: GitRunner,
  root: string,
  head: string,
  commits: readonly string[],
): Promise<ReadonlySet<string>> {
  if (commits.length === 0) return new Set();
  const listed = await git.run(["rev-list", "--ancestry-path", "--stdin"], {
    cwd: root,
    stdin: `${[...new Set(commits)].join("\n")}\n^${head}\n`,
  });
  return new Set(listed.split("\n"));
}

const commitsAndBases = ({ commits, facts }: { readonly commits: readonly string[]; readonly facts?: CommitFacts }) =>
  facts?.base === undefined ? commits : [...commits, facts.base];

const isIn =
  (set: ReadonlySet<string>) =>
  (commit: string): boolean =>
    set.has(commit);
