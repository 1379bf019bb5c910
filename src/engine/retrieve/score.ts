/** The most that recency takes from a score: a tie-breaker. */
const RECENCY_SHARE = 0.02;
/** Age at which half of the recency is left. */
const HALF_LIFE_MS = 90 * 86_400_000;
/** The most that a named anchor adds, at a relevance of one half. */
const ANCHOR_SHARE = 0.2;

/**
 * A calibrated score, 0..1: with the relevance r (see `weigh`, clamped to 0..1), a = whether the query names an anchor of the memory, and
 * q = 2^(-age / 90 days), it is (r + 0.2 a r (1 - r)) (0.98 + 0.02 q). It rises with each of the three and stays within 0..1;
 * docs/scores.md says what it means. Ages below 0, of timestamps in the future, count as 0.
 */
export function combineScore(relevance: number, named: boolean, ageMs: number): number {
  const r = Math.max(0, Math.min(1, relevance));
  const anchored = named ? r + ANCHOR_SHARE * r * (1 - r) : r;
  const recency = 2 ** (-Math.max(0, ageMs) / HALF_LIFE_MS);
  return anchored * (1 - RECENCY_SHARE + RECENCY_SHARE * recency);
}

/** The most that any memory of this relevance or less can score. */
export const scoreBound = (relevance: number, named: boolean): number => combineScore(relevance, named, 0);

/** BM25 as a share of the query's ceiling, 0..1. */
export const shareOf = (bm25: number, ceiling: number): number =>
  ceiling > 0 && bm25 > 0 ? Math.min(1, bm25 / ceiling) : 0;
