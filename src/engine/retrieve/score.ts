import type { Qualities } from "../../contract/ranking.ts";
import { MEASURED, type Weights } from "./weights.ts";

/** The most that recency takes from a score, before anything is learned: a tie-breaker. */
const RECENCY_SHARE = 0.02;
/** Age at which half of the recency is left. */
const HALF_LIFE_MS = 90 * 86_400_000;
/** By how much each lifts a score: the most, at a relevance of one half, is a quarter of it. */
const LIFTS = { named: 0.2, time: 0.2, use: 0.05, lasting: 0.04 } as const;
const MOST_LIFT = 0.95;
/** What is left of a score where the code changed that a memory speaks of, and where it is gone: it may still be what is asked for. */
const FRESH_SHARES = { drifted: 0.95, orphaned: 0.85 } as const;
/** What is left of a score where everybody called the memory wrong or stale. */
const WRONG_SHARE = 0.3;

/**
 * A calibrated score, 0..1, of the relevance r (see `weigh`, clamped to 0..1): (r + c r (1 - r)) (0.98 + 0.02 q) w f, where c adds up the lifts of
 * what speaks for the memory, q = 2^(-age / 90 days), w is 1, or less where it was called wrong or stale, and f is 1, or less where its code changed or is
 * gone. It rises with each of them and
 * stays within 0..1; docs/scores.md says what it means.
 */
export function combineScore(
  relevance: number,
  { isNamed, isOfTime, isLasting, freshness, use = 0, ageMs = 0 }: Qualities,
  weights: Weights = MEASURED,
): number {
  const r = Math.max(0, Math.min(1, relevance));
  const lifts =
    (isNamed === true ? LIFTS.named * weights.named : 0) +
    (isOfTime === true ? LIFTS.time * weights.time : 0) +
    (isLasting === true ? LIFTS.lasting * weights.lasting : 0) +
    LIFTS.use * weights.use * Math.max(0, use);
  // What was learned may lift more than was measured: scores still have to rise with relevance.
  const lift = Math.min(MOST_LIFT, lifts);
  const recency = 2 ** (-Math.max(0, ageMs) / HALF_LIFE_MS);
  const trust = 1 - (1 - WRONG_SHARE) * Math.max(0, -use);
  const share = RECENCY_SHARE * weights.recency;
  const kept = freshness === undefined ? 1 : FRESH_SHARES[freshness];
  return (r + lift * r * (1 - r)) * (1 - share + share * recency) * trust * kept;
}

/** The most that any memory of this relevance or less can score. */
export const scoreBound = (relevance: number, best: Qualities, weights: Weights = MEASURED): number =>
  combineScore(relevance, { ...best, ageMs: 0 }, weights);

/** BM25 as a share of the query's ceiling, 0..1. */
export const shareOf = (bm25: number, ceiling: number): number =>
  ceiling > 0 && bm25 > 0 ? Math.min(1, bm25 / ceiling) : 0;
