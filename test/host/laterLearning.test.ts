import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LaterLearning, RESTED_MS } from "../../src/host/commands/laterLearning.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function scene(may: (path: string) => boolean = () => true) {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const failures: unknown[] = [];
  const later = new LaterLearning({
    may,
    learn: (path) => {
      began.push(path);
      return new Promise((resolve, reject) => ends.push(path === "bad" ? () => reject(new Error("no git")) : resolve));
    },
    onFailure: (error) => failures.push(error),
  });
  return { later, began, ends, failures };
}

test("a HEAD that moves many times is looked at once, when it has come to rest", async () => {
  const { later, began } = scene();
  for (let moves = 0; moves < 5; moves++) {
    later.noticed("shop");
    await vi.advanceTimersByTimeAsync(RESTED_MS - 1);
  }
  expect(began).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(began).toEqual(["shop"]);
});

test("one folder after the other, also when one fails", async () => {
  const { later, began, ends, failures } = scene();
  later.noticed("bad");
  later.noticed("shop");
  await vi.advanceTimersByTimeAsync(RESTED_MS);
  expect(began).toEqual(["bad"]);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(began).toEqual(["bad", "shop"]);
  expect(failures).toHaveLength(1);
});

test("nothing where it may not, and nothing after the end", async () => {
  const { later, began } = scene((path) => path !== "private");
  later.noticed("private");
  await vi.advanceTimersByTimeAsync(RESTED_MS);
  later.noticed("shop");
  later.dispose();
  later.noticed("shop");
  await vi.advanceTimersByTimeAsync(RESTED_MS);
  expect(began).toEqual([]);
});
