import fc from "fast-check";
import { expect, test } from "vitest";
import { combineScore, scoreBound } from "../../../src/engine/retrieve/score.ts";

const YEAR = 365 * 86_400_000;
const share = fc.double({ min: 0, max: 3, noNaN: true });
const age = fc.double({ min: -YEAR, max: 50 * YEAR, noNaN: true });

test("a score is within 0..1, rises with relevance, and no memory of less relevance passes the bound", () => {
  fc.assert(
    fc.property(share, share, fc.boolean(), age, (a, b, named, ageMs) => {
      const score = combineScore(a, named, ageMs);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(combineScore(less, named, ageMs)).toBeLessThanOrEqual(combineScore(more, named, ageMs));
      expect(combineScore(less, named, ageMs)).toBeLessThanOrEqual(scoreBound(more, true));
    }),
  );
});

test("recency is worth at most 2 %, and the future is as new as now", () => {
  expect(combineScore(0.5, false, 0)).toBe(0.5);
  expect(combineScore(0.5, false, -YEAR)).toBe(0.5);
  expect(combineScore(0.5, false, 90 * 86_400_000)).toBeCloseTo(0.5 * 0.99);
  expect(combineScore(0.5, false, 100 * YEAR)).toBeGreaterThanOrEqual(0.5 * 0.98);
});

test("a named anchor lifts a memory, and nothing at all is 0", () => {
  expect(combineScore(0.5, true, 0)).toBeCloseTo(0.55);
  expect(combineScore(0, true, 0)).toBe(0);
});
