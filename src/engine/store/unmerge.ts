import type { MergedInto } from "../../contract/events.ts";
import type { Memory, Provenance } from "../../contract/memory.ts";

/**
 * The kept memory without what a merge brought to it. Where it was revised since, what it says stays, and it only is no longer visible where the
 * other one was.
 */
export function unmerge(memory: Memory, merged: MergedInto): Memory {
  const { revision, before, origins, absent = [], revised = before.content !== memory.content } = merged;
  const mergedFrom = memory.mergedFrom.filter((one) => !origins.some((origin) => isSameOrigin(one, origin)));
  if (memory.revision !== revision) return { ...memory, mergedFrom };
  const { history = [], ...kept } = { ...memory, ...before, mergedFrom };
  const rest = Object.fromEntries(
    Object.entries(kept).filter(([field]) => !(absent as readonly string[]).includes(field)),
  ) as typeof kept;
  if (!revised) return history.length === 0 ? rest : { ...rest, history };
  // The revision that the merge made is gone with it, and its number is not used again. Pinning alone leaves none.
  const former = history.at(-1)?.revision === revision - 1 ? history.slice(0, -1) : history;
  return { ...rest, revision: revision + 1, ...(former.length === 0 ? {} : { history: former }) };
}

/** By who made it when and where; its commit may have become known meanwhile. */
export const isSameOrigin = (one: Provenance, other: Provenance): boolean =>
  one.at === other.at && one.worktree === other.worktree && one.agent === other.agent && one.author === other.author;
