import { isObjectId } from "./objectId.ts";
import type { ReflogEntry } from "./reflog.ts";

/** A time that HEAD spent on one commit of one branch, as its log tells it. */
export interface Stay {
  /** All zeros: unborn. */
  readonly commit: string;
  /** Undefined: detached. */
  readonly branch: string | undefined;
  /** Bytes of the log when it began, and seconds since the epoch; a stay that the log does not show the start of began at 0. */
  readonly offset: number;
  readonly seconds: number;
  /** The move that ended it; undefined: HEAD is still there. */
  readonly end:
    { readonly how: Departure; readonly to: string; readonly offset: number; readonly seconds: number } | undefined;
}

/**
 * `commit`: a commit was made of the work tree, so it took what waited; amending and concluding a merge count.
 * `carried`: the changes of the work tree stayed while HEAD went on along its branch (pull, merge, cherry-pick, revert, am, rebase) or to
 * another branch of the same commit.
 * `left`: a checkout, a reset, or anything that the log does not explain.
 */
export type Departure = "commit" | "carried" | "left";

/** The stays of HEAD, oldest first. `branch` is the one that HEAD is on now. */
export function readStays(entries: readonly ReflogEntry[], branch: string | undefined): readonly Stay[] {
  const stays: Stay[] = [];
  let current = branch;
  let end: Stay["end"];
  // Backwards, because a checkout says for certain only what it left: what it went to may be a commit that is named by a branch.
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const { from, to, offset, seconds, message } = entry;
    stays.push({ commit: to, branch: current, offset, seconds, end });
    current = branchBefore(message, current);
    end = { how: departure(entry), to, offset, seconds };
    const before = entries[index - 1];
    if (before?.to === from) continue;
    // The log begins here, or HEAD came to `from` without an entry, as to an orphan branch.
    stays.push({ commit: from, branch: current, offset: before?.offset ?? 0, seconds: before?.seconds ?? 0, end });
    end = { how: "left", to: from, offset, seconds };
  }
  return stays.reverse();
}

function departure({ message, from, to }: ReflogEntry): Departure {
  if (/^commit(?: \((?:initial|amend|merge|cherry-pick)\))?:/.test(message)) return "commit";
  // `git switch -c` for changes that were begun on the wrong branch: HEAD is the same commit, the changes are still there.
  const switched = from === to && message.startsWith("checkout: ") ? "carried" : "left";
  return /^(?:pull|merge|cherry-pick|revert|am|rebase)\b/.test(message) ? "carried" : switched;
}

function branchBefore(message: string, after: string | undefined): string | undefined {
  const left = /^checkout: moving from (.+) to [^ ]+$/.exec(message)?.[1];
  if (left !== undefined) return isObjectId(left) ? undefined : left;
  const renamed = /^Branch: renamed refs\/heads\/(.+) to refs\/heads\//.exec(message)?.[1];
  return renamed ?? after;
}
