import type { Evidence, Qualities } from "../../contract/ranking.ts";
import type { Settings } from "../../contract/settings.ts";
import { weigh } from "./evidence.ts";
import { combineScore } from "./score.ts";
import type { Weights } from "./weights.ts";

/** Which signals rank beside words. */
export type Signals = Settings["signals"];

/** What each signal adds to the score of one memory: the score less the one that it would have without. Those that add nothing are left out. */
export function contributionsOf(
  evidence: Evidence,
  qualities: Qualities,
  weights: Weights,
): Readonly<Record<string, number>> {
  const score = (left: { readonly evidence?: keyof Evidence; readonly quality?: keyof Qualities }): number => {
    const { [left.evidence ?? "text"]: gone, ...others } = evidence;
    const { [left.quality ?? "ageMs"]: goneToo, ...rest } = qualities;
    const kept: Evidence = left.evidence === undefined ? evidence : { text: 0, ...others };
    return combineScore(weigh(kept, weights), left.quality === undefined ? qualities : rest, weights);
  };
  const whole = score({});
  const without = {
    words: score({ evidence: "text" }),
    meaning: score({ evidence: "meaning" }),
    context: score({ evidence: "context" }),
    document: score({ evidence: "document" }),
    atAnchor: score({ evidence: "atAnchor" }),
    expansion: score({ evidence: "expansion" }),
    reranker: score({ evidence: "reranker" }),
    anchor: score({ quality: "isNamed" }),
    time: score({ quality: "isOfTime" }),
    kind: score({ quality: "isLasting" }),
    use: score({ quality: "use" }),
    freshness: score({ quality: "freshness" }),
    recency: score({ quality: "ageMs" }),
  };
  return Object.fromEntries(
    Object.entries(without)
      .map(([signal, less]) => [signal, Math.round((whole - less) * 10_000) / 10_000] as const)
      .filter(([, points]) => points !== 0),
  );
}
