import type { AnchorState, Freshness, MemoryFreshness } from "../../contract/freshness.ts";
import type { Memory } from "../../contract/memory.ts";
import { shortCommit } from "../../contract/shortCommit.ts";

/** A commit tells what was done, not how the code is: it does not go stale. */
export const isCompared = ({ anchors, eventType }: Pick<Memory, "anchors" | "eventType">): boolean =>
  anchors.length > 0 && eventType !== "commit";

/** What is known of a memory before its anchors were compared. */
export function unjudged(memory: Pick<Memory, "anchors" | "eventType">): MemoryFreshness {
  if (memory.anchors.length === 0) return { freshness: "unanchored", anchors: [] };
  if (isCompared(memory)) return { freshness: "unchecked", anchors: [] };
  return { freshness: "unchecked", why: "a commit tells what was done, which stays true", anchors: [] };
}

/**
 * Of all anchors: `orphaned` where every one is gone, `drifted` where one drifted or is gone, `unchecked` where one is, else `fresh`.
 */
export function joinStates(states: readonly AnchorState[]): MemoryFreshness {
  const of = (word: Freshness): readonly AnchorState[] => states.filter(({ freshness }) => freshness === word);
  const [gone, drifted, unchecked] = [of("orphaned"), of("drifted"), of("unchecked")];
  const freshness: Freshness =
    states.length === 0
      ? "unanchored"
      : gone.length === states.length
        ? "orphaned"
        : gone.length + drifted.length > 0
          ? "drifted"
          : unchecked.length > 0
            ? "unchecked"
            : "fresh";
  const told = [...gone, ...drifted][0] ?? unchecked[0] ?? states.find(({ now }) => now !== undefined);
  const why = told === undefined ? undefined : whyOf(freshness, told);
  return { freshness, anchors: states, ...(why === undefined ? {} : { why }) };
}

/** `drifted since abc12345: body changed` */
function whyOf(freshness: Freshness, { why, since }: AnchorState): string {
  const when =
    since === undefined ? "" : since === "uncommitted" ? ", not committed yet" : ` since ${shortCommit(since.commit)}`;
  return `${freshness}${freshness === "drifted" || freshness === "orphaned" ? when : ""}: ${why}`;
}
