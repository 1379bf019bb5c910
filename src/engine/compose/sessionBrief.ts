import type { Kind } from "../../contract/kinds.ts";
import type { Recalled } from "../seams.ts";

/** What binds an agent comes before what it may stumble over, and that before what was decided. */
const WORTH: Partial<Readonly<Record<Kind, number>>> = { rule: 0.9, gotcha: 0.8, decision: 0.7 };
const PINNED = 1;
const OTHERS = 0.5;
/** Ages of decisions are told apart by this half-life. */
const HALF_LIFE_MS = 30 * 86_400_000;
/** What age takes at most, so that an old rule still comes before a new decision. */
const AGE_SHARE = 0.1;

/** Gives each memory of a brief the score by which `composeContext` chooses: pinned ones first, then by kind, then the newest. */
export function rankBrief(found: readonly Recalled[], now: number): readonly Recalled[] {
  const once = new Map(found.map((recalled) => [recalled.memory.id, recalled]));
  return [...once.values()].map((recalled) => {
    const { memory } = recalled;
    const worth = memory.pinned === true ? PINNED : (WORTH[memory.kind] ?? OTHERS);
    const youth = 2 ** (-Math.max(0, now - memory.timestamp) / HALF_LIFE_MS);
    return {
      ...recalled,
      score: worth * (1 - AGE_SHARE + AGE_SHARE * youth),
      reasons: [memory.pinned === true ? "pinned" : `a ${memory.kind} of this branch`],
    };
  });
}
