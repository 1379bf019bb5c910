import { expect, test } from "vitest";
import { LatencyMinutes } from "../../../src/engine/operations/latencyMinutes.ts";

const MINUTE = 60_000;

test("each minute that had calls is summed up on its own, oldest first", () => {
  const minutes = new LatencyMinutes();
  for (let ms = 1; ms <= 100; ms++) minutes.add(10 * MINUTE + ms, ms);
  minutes.add(12 * MINUTE, 7);
  const [first, second, ...rest] = minutes.samples(12 * MINUTE);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ at: 10 * MINUTE, count: 100, max: 100 });
  expect(first?.p50).toBeGreaterThan(35);
  expect(first?.p50).toBeLessThan(65);
  expect(first?.p95).toBeGreaterThan(80);
  expect(second).toMatchObject({ at: 12 * MINUTE, count: 1, max: 7 });
});

test("only the last hour is kept, also when nothing comes any more or the clock jumps back", () => {
  const minutes = new LatencyMinutes();
  for (let minute = 0; minute < 200; minute++) minutes.add(minute * MINUTE, 1);
  expect(minutes.samples(199 * MINUTE).map(({ at }) => at / MINUTE)).toEqual(
    Array.from({ length: 60 }, (_, index) => 140 + index),
  );
  expect(minutes.samples(230 * MINUTE)).toHaveLength(29);
  minutes.add(100 * MINUTE, 1);
  expect(minutes.samples(100 * MINUTE).map(({ at }) => at / MINUTE)).toEqual([100]);
});
