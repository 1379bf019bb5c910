/** The most that recency takes from a score: a tie-breaker. */
const RECENCY_SHARE = 0.02;
/** Age at which half of the recency is left. */
const HALF_LIFE_MS = 90 * 86_400_000;
/** The most that a named anchor adds, at a relevance of one half. */
const ANCHOR_SHARE = 0.2;

/**
 * A calibrated score, 0..1, of what text search gave: with r = BM25 / ceiling (see `TextHits`), a = whether the query names an anchor of the
 * memory, and q = 2^(-age / 90 days), it is (r + 0.2 a r (1 - r)) (0.98 + 0.02 q). It rises with each of the three and stays within 0..1;
 * docs/scores.md says what it means. Ages below 0, of timestamps in the future, count as 0.
 */
export function combineScore(bm25: number, ceiling: number, named: boolean, ageMs: number): number {
  const relevance = relevanceOf(bm25, ceiling);
  const anchored = named ? relevance + ANCHOR_SHARE * relevance * (1 - relevance) : relevance;
  const recency = 2 ** (-Math.max(0, ageMs) / HALF_LIFE_MS);
  return anchored * (1 - RECENCY_SHARE + RECENCY_SHARE * recency);
}

/** The most that any memory of this BM25 or less can score. */
export const scoreBound = (bm25: number, ceiling: number, named: boolean): number =>
  combineScore(bm25, ceiling, named, 0);

function relevanceOf(bm25: number, ceiling: number): number {
  if (!(ceiling > 0) || !(bm25 > 0)) return 0;
  return Math.min(1, bm25 / ceiling);
}
