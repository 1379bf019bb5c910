import { expect, test } from "vitest";
import { createMetrics } from "../../../src/engine/operations/createMetrics.ts";

test("counters add up", () => {
  const metrics = createMetrics();
  metrics.count("captures");
  metrics.count("captures", 4);
  expect(metrics.snapshot().counters).toEqual({ captures: 5 });
});

test("percentiles are within a bucket of the true ones", () => {
  const metrics = createMetrics();
  for (let ms = 1; ms <= 1000; ms++) metrics.observe("search", ms / 10);
  const { count, mean, p50, p95, max } = metrics.snapshot().latencies["search"] ?? expect.fail();
  expect({ count, max }).toEqual({ count: 1000, max: 100 });
  expect(mean).toBeCloseTo(50.05);
  expect(Math.abs(p50 - 50)).toBeLessThan(50 * 0.25);
  expect(Math.abs(p95 - 95)).toBeLessThan(95 * 0.25);
});

test("durations past the last bucket and nonsense do no harm", () => {
  const metrics = createMetrics();
  for (const ms of [Number.NaN, -1, 90_000]) metrics.observe("open", ms);
  expect(metrics.snapshot().latencies["open"]).toEqual({
    count: 1,
    mean: 90_000,
    p50: 75_000,
    p95: 88_500,
    max: 90_000,
  });
});
