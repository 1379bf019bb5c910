/** What somebody made of a memory that was shown. `used`: it was shown and what it speaks of was worked on. */
export const OUTCOMES = ["used", "helpful", "wrong", "stale"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What became of a memory whenever it was shown: sums that lose half of their weight in 90 days. */
export interface Use {
  readonly positive: number;
  readonly negative: number;
  /** Milliseconds since the epoch at which the sums were as they are here. */
  readonly at: number;
}

const HALF_LIFE_MS = 90 * 86_400_000;
const WEIGHTS: Readonly<Record<Outcome, number>> = { used: 0.25, helpful: 1, wrong: -1, stale: -0.7 };

/** The sums after one more outcome. */
export function withOutcome(use: Use | undefined, outcome: Outcome, at: number): Use {
  const before = use === undefined ? { positive: 0, negative: 0, at } : decayed(use, at);
  const weight = WEIGHTS[outcome];
  return weight > 0
    ? { ...before, positive: before.positive + weight }
    : { ...before, negative: before.negative - weight };
}

/** -1 (everybody called it wrong or stale) to 1 (it helped often): (p - n) / (p + n + 1) of the sums as they are by now. */
export function balanceOf(use: Use, now: number): number {
  const { positive, negative } = decayed(use, now);
  return (positive - negative) / (positive + negative + 1);
}

/** A clock that went back takes nothing away. */
function decayed({ positive, negative, at }: Use, now: number): Use {
  const left = 2 ** (-Math.max(0, now - at) / HALF_LIFE_MS);
  return { positive: positive * left, negative: negative * left, at: Math.max(at, now) };
}
