import { expect, test } from "vitest";
import { RecentValues } from "../../src/contract/recentValues.ts";

test("what is asked for stays, however much else comes; what is not goes", () => {
  const values = new RecentValues<number, string>(20);
  values.keep(-1, "wanted", 1);
  values.keep(-2, "unwanted", 1);
  for (let at = 0; at < 100; at++) {
    values.keep(at, `value ${at}`, 1);
    expect(values.get(-1)).toBe("wanted");
    expect(values.get(at)).toBe(`value ${at}`);
  }
  expect(values.get(-2)).toBeUndefined();
});

test("no more is kept than is allowed, by size and not by number", () => {
  const values = new RecentValues<number, string>(100);
  for (let at = 0; at < 50; at++) values.keep(at, "", 10);
  const kept = Array.from({ length: 50 }, (_, at) => at).filter((at) => values.get(at) !== undefined);
  expect(kept.length).toBeGreaterThanOrEqual(5);
  expect(kept.length).toBeLessThanOrEqual(10);
  values.keep(99, "too large", 51);
  expect(values.get(99)).toBeUndefined();
});

test("what is kept anew under a key is the newer value, and counts once", () => {
  const values = new RecentValues<string, number>(8);
  values.keep("other", 0, 1);
  for (let at = 0; at < 50; at++) values.keep("same", at, 2);
  expect(values.get("same")).toBe(49);
  expect(values.get("other")).toBe(0);
  values.forget("same");
  expect(values.get("same")).toBeUndefined();
});
