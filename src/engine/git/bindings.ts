import { join } from "node:path";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace, PendingMemory } from "../seams.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { readReflog } from "./reflog.ts";
import { readStays, type Stay } from "./stays.ts";

type Repository = NonNullable<GitPlace["repository"]>;
export interface Binding {
  readonly commit: string;
  readonly branch?: string;
}

/** Bytes of the worktree's log of HEAD at a time, if this process saw it then. */
export type LogSeen = (at: number) => number | undefined;

/**
 * Finds the commits that took pending memories of one worktree: the first that was made of the work tree after the capture, from the HEAD
 * that it was captured on and on its branch. What a cherry-pick, a merge or a pull adds in between does not hold the changes that the memory
 * speaks of; HEAD went on with them, so the memory waits for the next commit made from there.
 *
 * The worktree's log of HEAD tells it. HEAD may have been on that commit of that branch more than once; then the position in the log at the
 * capture decides, where this process saw it, else the time. Without a log, or when it no longer reaches back that far, the child of the HEAD
 * on the first-parent path of the same branch is taken for the commit, although another may have made it.
 */
export async function findBindings(
  git: GitRunner,
  repository: Repository,
  pending: readonly PendingMemory[],
  logSeen: LogSeen,
): Promise<ReadonlyMap<string, Binding>> {
  const bindings = new Map<string, Binding>();
  const waiting = pending.filter((memory) => memory.worktree === repository.gitDir);
  if (waiting.length === 0) return bindings;
  const entries = readReflog(join(repository.gitDir, "logs", "HEAD")) ?? [];
  const stays = readStays(entries, repository.branch);
  const unlogged: PendingMemory[] = [];
  for (const memory of waiting) {
    const own = stays.filter((stay) => isFrom(stay, memory.commit) && stay.branch === memory.branch);
    const known = stays.some((stay) => isFrom(stay, memory.commit));
    if (!known) unlogged.push(memory);
    const binding = take(stays, own, memory.at, logSeen(memory.at));
    if (binding !== undefined) bindings.set(memory.id, binding);
  }
  for (const [id, binding] of await findOnFirstParents(git, repository, unlogged)) bindings.set(id, binding);
  return bindings;
}

function isFrom(stay: Stay, commit: string | undefined): boolean {
  return commit === undefined ? /^0+$/.test(stay.commit) : stay.commit === commit;
}

/** The commit that ended the stay of the capture, or a later one at the same place, or what the work tree was carried on to. */
function take(
  stays: readonly Stay[],
  own: readonly Stay[],
  at: number,
  position: number | undefined,
): Binding | undefined {
  const first =
    own.length > 1
      ? Math.max(
          0,
          own.findIndex((stay) => endsAfter(stay, at, position)),
        )
      : 0;
  for (const start of own.slice(first)) {
    let stay: Stay | undefined = start;
    while (stay?.end?.how === "carried") stay = stays[stays.indexOf(stay) + 1];
    if (stay?.end?.how !== "commit") continue;
    return { commit: stay.end.to, ...(stay.branch === undefined ? {} : { branch: stay.branch }) };
  }
  return undefined;
}

function endsAfter(stay: Stay, at: number, position: number | undefined): boolean {
  if (stay.end === undefined) return true;
  // The log knows whole seconds only.
  return position === undefined ? stay.end.seconds >= Math.floor(at / 1000) : stay.end.offset >= position;
}

async function findOnFirstParents(
  git: GitRunner,
  repository: Repository,
  pending: readonly PendingMemory[],
): Promise<ReadonlyMap<string, Binding>> {
  const found = new Map<string, Binding>();
  const { head, branch, root } = repository;
  const children = new Map<string, Promise<string | undefined>>();
  for (const { id, commit, branch: own } of pending) {
    if (head === undefined || own !== branch || commit === head || (commit !== undefined && !isObjectId(commit)))
      continue;
    const key = commit ?? "";
    const child = children.get(key) ?? firstChild(git, root, commit, head);
    children.set(key, child);
    const binding = await child;
    if (binding !== undefined) found.set(id, { commit: binding, ...(branch === undefined ? {} : { branch }) });
  }
  return found;
}

/** The commit on the first-parent path of `head` whose first parent is `commit`, or that has none when `commit` is absent. */
async function firstChild(
  git: GitRunner,
  root: string,
  commit: string | undefined,
  head: string,
): Promise<string | undefined> {
  const range = commit === undefined ? ["--max-parents=0", head] : ["--ancestry-path", `${commit}..${head}`];
  try {
    const listed = await git.run(["rev-list", "--first-parent", "--parents", ...range, "--"], { cwd: root });
    const [child, parent] = listed.trimEnd().split("\n").at(-1)?.split(" ") ?? [];
    return parent === commit && child !== "" ? child : undefined;
  } catch (error) {
    // The HEAD of the capture is gone from this repository.
    if (error instanceof GitFailure && error.exitCode !== undefined) return undefined;
    throw explainGitFailure(error, root);
  }
}
