import type { BuildContextResult } from "../../contract/tools.ts";
import type { Recalled } from "../seams.ts";
import { firstSentence } from "./cutText.ts";
import { worthOf } from "./groups.ts";
import { NearDuplicates } from "./nearDuplicates.ts";
import { oneLine } from "./neutralise.ts";
import { bodyOf, refOf } from "./renderItem.ts";

export type Dropped = BuildContextResult["dropped"][number];

/** A candidate whose score is below this part of the best one's says nothing about the question. */
const RELEVANCE_FLOOR = 0.1;
export const byKind = (recalled: Recalled): Recalled => ({
  ...recalled,
  score: recalled.score * worthOf(recalled.memory.kind),
});

/** Best first, without what is irrelevant or repeats a better one. */
export function keepRelevant(candidates: readonly Recalled[], dropped: Dropped[]): readonly Recalled[] {
  const ordered = [...candidates].sort(byScore);
  const floor = (ordered[0]?.score ?? 0) * RELEVANCE_FLOOR;
  const seen = new Set<string>();
  const repeated = new NearDuplicates();
  return ordered.filter((recalled) => {
    const ref = refOf(recalled);
    if (seen.has(ref)) return false;
    seen.add(ref);
    if (recalled.reasons.length === 0) {
      dropped.push({ ref, title: titleOf(recalled), why: "shares only function words with the question" });
      return false;
    }
    if (recalled.score < floor) {
      dropped.push({ ref, title: titleOf(recalled), why: "below relevance floor" });
      return false;
    }
    const same = repeated.meet(ref, saidBy(recalled));
    if (same !== undefined) dropped.push({ ref, title: titleOf(recalled), why: `near-duplicate of ${same}` });
    return same === undefined;
  });
}

/** What a text is compared by: a commit that only names its files beside says what another memory says. */
function saidBy(recalled: Recalled): string {
  const { text } = bodyOf(recalled);
  return recalled.memory.eventType === "commit" ? text.replace(/\n\nFiles: [^\n]*\s*$/u, "") : text;
}

/** What a person calls the memory: its title, else how its text begins. */
export function titleOf({ memory: { title, content } }: Recalled): string {
  return oneLine(title ?? firstSentence(content) ?? content.trimStart().split("\n", 1)[0] ?? "", TITLE_LENGTH);
}
const TITLE_LENGTH = 80;

/** Best first; equal ones newest first, then by id and passage, so that the order of the candidates does not matter. */
export function byScore(a: Recalled, b: Recalled): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.memory.timestamp !== b.memory.timestamp) return b.memory.timestamp - a.memory.timestamp;
  if (a.memory.id !== b.memory.id) return a.memory.id < b.memory.id ? -1 : 1;
  return (a.part ?? 0) - (b.part ?? 0);
}
