/** Something that may be shown at one of several levels, each dearer and worth more than the one before. */
export interface Offer<Level extends { readonly tokens: number; readonly worth: number }> {
  /** What it is worth whole. */
  readonly value: number;
  readonly levels: readonly Level[];
  /** Whose share of the budget it uses. */
  readonly source: "memory" | "code";
  /** What goes before the first of a group, in tokens; once a group. */
  readonly group: string;
  readonly groupTokens: number;
  /** It is shown before anything else is weighed, up to this level as far as there is room. */
  readonly leadTo?: number;
}

export interface Spending {
  /** Tokens that may be used. */
  readonly room: number;
  /** The most that one offer may take, in tokens, unless it leads. */
  readonly most: number;
  /** Tokens that each source is meant to have at most; beyond them what it adds counts `BEYOND_SHARE`. */
  readonly meant: Readonly<Record<Offer<never>["source"], number>>;
  /** Offers are shown at this level, or at the next lower one that fits; the best come first. Without, each upgrade is weighed. */
  readonly forced: boolean;
}

export interface Spent {
  /** For each offer its level, -1 for none. */
  readonly levels: readonly number[];
  /** Steps that were taken, in order: the last ones are worth the least. */
  readonly steps: readonly Step[];
  /** Something of value had no room. */
  readonly lacked: boolean;
}

export interface Step {
  readonly offer: number;
  readonly from: number;
  readonly to: number;
}

/** What goes beyond the share of its source counts so much. */
const BEYOND_SHARE = 0.05;

/**
 * Spends a budget so that each token buys as much as it can: again and again the step from the level that an offer has to a higher one is taken that adds
 * the most value a token, of equal ones that of the earlier offer. A step may leave levels out. This is the greedy of the multiple-choice knapsack (Sinha and
 * Zoltners, "The multiple-choice knapsack problem", 1979): no more than one step's worth away from the best. Offers are given best first.
 */
export function spend<Level extends { readonly tokens: number; readonly worth: number }>(
  offers: readonly Offer<Level>[],
  spending: Spending,
): Spent {
  const levels = offers.map(() => -1);
  const steps: Step[] = [];
  const used = { memory: 0, code: 0 };
  const groups = new Set<string>();
  let left = spending.room;
  let lacked = false;
  const costOf = (at: number, to: number): number => {
    const offer = offers[at];
    if (offer === undefined) return Infinity;
    const before = offer.levels[levels[at] ?? -1]?.tokens ?? 0;
    return (offer.levels[to]?.tokens ?? Infinity) - before + (groups.has(offer.group) ? 0 : offer.groupTokens);
  };
  const take = (at: number, to: number): void => {
    const offer = offers[at];
    if (offer === undefined) return;
    const cost = costOf(at, to);
    left -= cost;
    used[offer.source] += cost;
    groups.add(offer.group);
    steps.push({ offer: at, from: levels[at] ?? -1, to });
    levels[at] = to;
  };
  // All that lead have a level before one of them has the next.
  const furthest = Math.max(-1, ...offers.map(({ leadTo = -1 }) => leadTo));
  for (let to = 0; to <= furthest; to++)
    for (const [at, { leadTo = -1 }] of offers.entries()) {
      if (to > leadTo) continue;
      if (costOf(at, to) <= left) take(at, to);
      else lacked = true;
    }
  if (spending.forced)
    for (const [at, { levels: offered }] of offers.entries()) {
      const to = offered.findLastIndex(({ tokens }, level) => tokens <= spending.most && costOf(at, level) <= left);
      if (to < offered.length - 1) lacked = true;
      if (to > (levels[at] ?? -1)) take(at, to);
    }
  while (!spending.forced) {
    const best = { at: -1, to: -1, density: 0 };
    for (const [at, { value, levels: offered, source, leadTo = -1 }] of offers.entries()) {
      const current = levels[at] ?? -1;
      for (let to = current + 1; to < offered.length; to++) {
        const cost = costOf(at, to);
        if (to > leadTo && (offered[to]?.tokens ?? 0) > spending.most) break;
        const worth = (offered[to]?.worth ?? 0) - (offered[current]?.worth ?? 0);
        if (cost > left) {
          lacked ||= worth > 0 && value > 0;
          break;
        }
        const share = used[source] + cost <= spending.meant[source] ? 1 : BEYOND_SHARE;
        const density = (value * worth * share) / Math.max(1, cost);
        if (density > best.density) Object.assign(best, { at, to, density });
      }
    }
    if (best.at === -1) break;
    take(best.at, best.to);
  }
  return { levels, steps, lacked };
}
