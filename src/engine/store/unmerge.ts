import type { MergedInto } from "../../contract/events.ts";
import type { Memory, Provenance } from "../../contract/memory.ts";

/**
 * The kept memory without what a merge brought to it. Where it was revised since, what it says stays, and it only is no longer visible where the
 * other one was.
 */
export function unmerge(memory: Memory, { revision, before, origins }: MergedInto): Memory {
  const mergedFrom = memory.mergedFrom.filter((one) => !origins.some((origin) => isSameOrigin(one, origin)));
  if (memory.revision !== revision) return { ...memory, mergedFrom };
  const { history = [], ...rest } = { ...memory, ...before, mergedFrom };
  if (before.content === memory.content) return history.length === 0 ? rest : { ...rest, history };
  // The merge revised the text: that revision is gone with it, and its number is not used again.
  const former = history.slice(0, -1);
  return { ...rest, revision: revision + 1, ...(former.length === 0 ? {} : { history: former }) };
}

/** By who made it when and where; its commit may have become known meanwhile. */
export const isSameOrigin = (one: Provenance, other: Provenance): boolean =>
  one.at === other.at && one.worktree === other.worktree && one.agent === other.agent && one.author === other.author;
