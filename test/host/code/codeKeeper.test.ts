import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { IndexResult } from "../../../src/contract/codeTools.ts";
import { CodeKeeper, OPENED_MS, RESTED_MS } from "../../../src/host/code/codeKeeper.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const INDEXED: IndexResult = {
  ...{ state: "ready", files: 1, chunks: 1, symbols: 1, pending: 0, leftOut: {} },
  lastSync: "2026-01-01T00:00:00.000Z",
};

function scene(may: (path: string) => "now" | "later" | "no" = () => "now") {
  const began: string[] = [];
  const ends: (() => void)[] = [];
  const failures: unknown[] = [];
  const statuses = new Map<string, IndexResult>();
  const keeper = new CodeKeeper({
    may,
    statusOf: (path) => statuses.get(path),
    sync: (path) => {
      began.push(path);
      return new Promise((resolve, reject) => ends.push(path === "bad" ? () => reject(new Error("no disk")) : resolve));
    },
    onFailure: (error) => failures.push(error),
  });
  return { keeper, began, ends, failures, statuses };
}

test("a folder that was opened is indexed once it has been there for a while", async () => {
  const { keeper, began } = scene();
  keeper.opened("shop");
  await vi.advanceTimersByTimeAsync(OPENED_MS - 1);
  expect(began).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(began).toEqual(["shop"]);
});

test("one folder after the other, also when one fails", async () => {
  const { keeper, began, ends, failures } = scene();
  keeper.opened("bad");
  keeper.opened("shop");
  await vi.advanceTimersByTimeAsync(OPENED_MS);
  expect(began).toEqual(["bad"]);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(began).toEqual(["bad", "shop"]);
  expect(failures).toHaveLength(1);
});

test("it waits while something else is at work, and leaves alone what is paused or switched off", async () => {
  let learning = true;
  const { keeper, began } = scene((path) => (path === "off" ? "no" : learning ? "later" : "now"));
  keeper.opened("off");
  keeper.opened("shop");
  await vi.advanceTimersByTimeAsync(OPENED_MS * 2);
  expect(began).toEqual([]);
  learning = false;
  await vi.advanceTimersByTimeAsync(OPENED_MS);
  expect(began).toEqual(["shop"]);
});

test("changes of an indexed folder are taken when they have come to rest", async () => {
  const { keeper, began, statuses } = scene();
  statuses.set("shop", INDEXED);
  for (let changes = 0; changes < 5; changes++) {
    keeper.changed("shop");
    await vi.advanceTimersByTimeAsync(RESTED_MS - 1);
  }
  expect(began).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(began).toEqual(["shop"]);
});

test("a folder whose index was cleared stays without one whatever changes in it", async () => {
  const { keeper, began, statuses } = scene();
  const { lastSync: _, ...cleared } = INDEXED;
  statuses.set("shop", { ...cleared, state: "empty" });
  keeper.changed("shop");
  await vi.advanceTimersByTimeAsync(RESTED_MS);
  expect(began).toEqual([]);
});

test("what was about to be indexed when it was cleared is not", async () => {
  const { keeper, began } = scene();
  keeper.opened("shop");
  keeper.cleared("shop");
  await vi.advanceTimersByTimeAsync(OPENED_MS);
  expect(began).toEqual([]);
});

test("nothing begins after the end", async () => {
  const { keeper, began } = scene();
  keeper.opened("shop");
  keeper.dispose();
  keeper.opened("shop");
  await vi.advanceTimersByTimeAsync(OPENED_MS);
  expect(began).toEqual([]);
});
