import type { Qualities } from "../../../src/contract/ranking.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { combineScore, scoreBound } from "../../../src/engine/retrieve/score.ts";

const YEAR = 365 * 86_400_000;
const share = fc.double({ min: 0, max: 3, noNaN: true });

const quality: fc.Arbitrary<Qualities> = fc.record(
  {
    isNamed: fc.boolean(),
    isOfTime: fc.boolean(),
    isLasting: fc.boolean(),
    use: fc.double({ min: -1, max: 1, noNaN: true }),
    ageMs: fc.double({ min: -YEAR, max: 50 * YEAR, noNaN: true }),
  },
  { requiredKeys: [] },
);
const BEST: Qualities = { isNamed: true, isOfTime: true, isLasting: true, use: 1 };

test("a score is within 0..1, rises with relevance, and no memory of less relevance passes the bound", () => {
  fc.assert(
    fc.property(share, share, quality, (a, b, qualities) => {
      const score = combineScore(a, qualities);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(combineScore(less, qualities)).toBeLessThanOrEqual(combineScore(more, qualities));
      expect(combineScore(less, qualities)).toBeLessThanOrEqual(scoreBound(more, BEST));
    }),
  );
});

test("recency is worth at most 2 %, and the future is as new as now", () => {
  expect(combineScore(0.5, { ageMs: 0 })).toBe(0.5);
  expect(combineScore(0.5, { ageMs: -YEAR })).toBe(0.5);
  expect(combineScore(0.5, { ageMs: 90 * 86_400_000 })).toBeCloseTo(0.5 * 0.99);
  expect(combineScore(0.5, { ageMs: 100 * YEAR })).toBeGreaterThanOrEqual(0.5 * 0.98);
});

test.each<[Qualities, number]>([
  [{ isNamed: true }, 0.55],
  [{ isOfTime: true }, 0.55],
  [{ isLasting: true }, 0.51],
  [{ use: 1 }, 0.5125],
  [{ use: -1 }, 0.15],
])("%o makes %d of one half, and nothing of nothing", (qualities, wanted) => {
  expect(combineScore(0.5, qualities)).toBeCloseTo(wanted);
  expect(combineScore(0, qualities)).toBe(0);
});
