import { expect, test } from "vitest";
import { Deadline } from "../../../src/engine/retrieve/deadline.ts";

test("passes until its time is over, then gives QUERY_TIMEOUT", () => {
  let now = 50;
  const deadline = new Deadline({ now: () => 0, monotonic: () => now }, 100);
  now = 150;
  deadline.check();
  now = 151;
  expect(() => deadline.check()).toThrow(expect.objectContaining({ code: "QUERY_TIMEOUT" }));
});

test("says what to ask instead", () => {
  let now = 0;
  const clock = { now: () => 0, monotonic: () => now };
  const [plain, own] = [new Deadline(clock, 100), new Deadline(clock, 100, undefined, "Ask for less.")];
  now = 101;
  expect(() => plain.check()).toThrow(/raise queryTimeoutMs/u);
  expect(() => own.check()).toThrow(/^The search took longer than 100 ms\. Ask for less\.$/u);
});

test("a caller that has gone ends the search", () => {
  const control = new AbortController();
  const deadline = new Deadline({ now: () => 0, monotonic: () => 0 }, 100, control.signal);
  deadline.check();
  control.abort();
  expect(() => deadline.check()).toThrow(expect.objectContaining({ code: "QUERY_TIMEOUT" }));
});
