import { join } from "node:path";
import type { CommitFacts } from "../../../contract/events.ts";
import type { GitRunner } from "../../ports.ts";
import type { FoundRewrite, GitPlace, LostCommit } from "../../seams.ts";
import { existingCommits } from "../existingCommits.ts";
import { isObjectId } from "../objectId.ts";
import { readText } from "../readText.ts";
import { containment, sketch } from "./addedLines.ts";
import { type Candidate, readAuthors, readCandidates } from "./candidates.ts";
import type { CombinedPatches } from "./combinedPatches.ts";
import { type Parts, partsFinder } from "./parts.ts";
import type { Patch, Patches } from "./patches.ts";
import type { Rebases } from "./rebases.ts";
import { readRewriteMap } from "./rewriteMap.ts";
import { type LoggedRewrite, readRewrites } from "./rewritesInLog.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Lost commits that are looked for at once. */
const MOST_LOST = 1_000;
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
  readonly combined: CombinedPatches;
  readonly rebases: Rebases;
}

/** By what a lost commit is known again when its patch has changed. */
interface Traits {
  readonly authored?: string;
  readonly lines: readonly number[];
}

/**
 * Which commits of HEAD took the place of lost ones: by the log of HEAD and the map that git filter-repo leaves, by patch-ids of the commit and of
 * its branch, where conflicts changed those by the lines that are added, and by what several commits change together. One answer a lost commit at
 * most, and none where nothing speaks for it. Throws `GitFailure`.
 */
export async function findRewrites(
  git: GitRunner,
  { patches, combined, rebases }: RewriteReaders,
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

  const candidates = await readCandidates(git, root, head, tipsOf(sought, existing));
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
    readAuthors(git, root, there),
  ]);
  const made = await patches.read(
    root,
    candidates.map(({ commit }) => commit).filter((commit) => !isBoundary(commit)),
  );
  const byPatch = new Map<string, string>();
  // The oldest of several comes last and stays: all HEADs that have the others have it too, more or less.
  for (const [commit, { id }] of made) byPatch.set(id, commit);
  const rebased = await rebases.read(root, log);
  const traits = new Map(open.map((one) => [one, traitsOf(one, own, authors)]));
  const partsOf = partsFinder(
    [...traits.values()].map(({ lines }) => lines),
    candidates,
    made,
  );
  for (const [one, known] of traits) {
    const [from = ""] = one.commits;
    const after = rebased(one.commits);
    const single = byPatchId(one, own, byPatch) ?? byLines(known, candidates, made, after ?? NOTHING);
    const parts = single?.state === "applied" ? undefined : partsOf(known.lines, SURE);
    const together =
      parts === undefined
        ? undefined
        : judgeParts(parts, {
            isSame: await isSamePatch(combined, root, parts, [one.facts?.patchId, own.get(from)?.id]),
            isRebased: after !== undefined,
            isTelling: known.lines.length >= FEWEST_LINES,
          });
    const rewrite = together?.state === "applied" ? together : (single ?? together);
    if (rewrite !== undefined) found.push({ from, ...rewrite });
  }
  return found;
}

/** Whether all that the parts change is what the lost commit changed: a squash of them, or one that was split into them. */
async function isSamePatch(
  combined: CombinedPatches,
  root: string,
  { base, to, commits }: Parts,
  ids: readonly (string | undefined)[],
): Promise<boolean> {
  const id = base === undefined ? undefined : await combined.read(root, base, to, commits);
  return id !== undefined && ids.includes(id);
}

/**
 * A rebase leaves a commit out whose changes are there already; its log does not say which of the others they are in. Otherwise lines alone only
 * offer: many commits together have nearly all lines of about one in a hundred that they have nothing to do with.
 */
function judgeParts(
  { to, share }: Parts,
  evidence: { readonly isSame: boolean; readonly isRebased: boolean; readonly isTelling: boolean },
): Omit<FoundRewrite, "from"> | undefined {
  const { isSame, isRebased, isTelling } = evidence;
  if (isSame) return { to, how: "parts", sureness: 1, state: "applied" };
  if (!isTelling) return undefined;
  return { to, how: "parts", sureness: share, state: isRebased ? "applied" : "offered" };
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
const NOTHING: ReadonlySet<string> = new Set();

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

/** Commits that are here and from which HEAD parted; none where one of those that are sought is not known to have one. */
function tipsOf(sought: readonly LostCommit[], existing: ReadonlySet<string>): readonly string[] {
  const isComplete = sought.every((one) => commitsAndBases(one).some(isIn(existing)));
  if (!isComplete) return [];
  return [
    ...new Set(
      sought.flatMap((one) => {
        const [commit = ""] = one.commits;
        if (existing.has(commit)) return [commit];
        const base = one.facts?.base;
        return base !== undefined && existing.has(base) ? [base] : [];
      }),
    ),
  ];
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
