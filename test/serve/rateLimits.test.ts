import { describe, expect, test } from "vitest";
import { HeirloomError } from "../../src/contract/errors.ts";
import { createRateLimits, type RateLimits } from "../../src/serve/rateLimits.ts";
import { ManualClock, post, serveTwin, toolCall } from "../support/served.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const limitOf = (capturesPerSessionPerMinute: number, capturesPerWorkspacePerHour: number) => ({
  enabled: true,
  capturesPerSessionPerMinute,
  capturesPerWorkspacePerHour,
});

/** 0 when admitted, else the seconds to wait. */
async function wait(limits: RateLimits, session: string, workspace = "w", count = 1): Promise<number> {
  try {
    await limits.admitCapture(session, workspace, count);
    return 0;
  } catch (error) {
    if (!(error instanceof HeirloomError) || error.code !== "RATE_LIMIT_EXCEEDED") throw error;
    return error.details?.["retryAfterSeconds"] as number;
  }
}

describe("a session", () => {
  test("has a window that slides: what was taken a minute ago is free again, and not before", async () => {
    const clock = new ManualClock();
    const limits = createRateLimits(limitOf(2, 1000), clock);
    expect(await wait(limits, "s")).toBe(0);
    clock.at += 40_000;
    expect(await wait(limits, "s")).toBe(0);
    expect(await wait(limits, "s")).toBe(20);
    clock.at += 19_999;
    expect(await wait(limits, "s")).toBe(1);
    clock.at += 1;
    expect(await wait(limits, "s")).toBe(0);
    expect(await wait(limits, "s")).toBe(40);
  });

  test("does not limit another, and forgets the longest silent one when there are very many", async () => {
    const limits = createRateLimits(limitOf(1, 1_000_000), new ManualClock());
    expect(await wait(limits, "first")).toBe(0);
    expect(await wait(limits, "first")).toBe(60);
    for (let i = 0; i < 10_000; i++) expect(await wait(limits, `other ${i}`)).toBe(0);
    expect(await wait(limits, "other 9999")).toBe(60);
    expect(await wait(limits, "first")).toBe(0);
  });

  test("counts captures that arrive together", async () => {
    const limits = createRateLimits(limitOf(5, 1000), new ManualClock());
    const waits = await Promise.all(Array.from({ length: 20 }, () => wait(limits, "s")));
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(5);
  });
});

describe("many captures at once", () => {
  test("are let through whole or not at all, and what was refused is not counted", async () => {
    const clock = new ManualClock();
    const limits = createRateLimits(limitOf(5, 8), clock);
    expect(await wait(limits, "s", "w", 3)).toBe(0);
    clock.at += 10_000;
    expect(await wait(limits, "s", "w", 3)).toBe(50);
    expect(await wait(limits, "s", "w", 2)).toBe(0);
    expect(await wait(limits, "t", "w", 4)).toBeGreaterThan(0);
    expect(await wait(limits, "t", "w", 3)).toBe(0);
    await expect(limits.admitCapture("u", "w", 6)).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});

describe("a workspace", () => {
  test("has a fixed hour for all its sessions together", async () => {
    const clock = new ManualClock();
    clock.at = 10 * HOUR + 50 * MINUTE;
    const limits = createRateLimits(limitOf(100, 3), clock);
    for (const session of ["a", "b", "c"]) expect(await wait(limits, session)).toBe(0);
    expect(await wait(limits, "d")).toBe(600);
    expect(await wait(limits, "d", "another workspace")).toBe(0);
    clock.at += 10 * MINUTE;
    expect(await wait(limits, "d")).toBe(0);
  });

  test("that refuses does not use up the session's share", async () => {
    const clock = new ManualClock();
    clock.at = HOUR - MINUTE / 2;
    const limits = createRateLimits(limitOf(2, 1), clock);
    expect(await wait(limits, "a")).toBe(0);
    for (let i = 0; i < 5; i++) expect(await wait(limits, "b")).toBe(30);
    clock.at += MINUTE / 2;
    expect(await wait(limits, "b")).toBe(0);
  });
});

test("switched off, nothing is limited", async () => {
  const limits = createRateLimits({ ...limitOf(1, 1), enabled: false }, new ManualClock());
  for (let i = 0; i < 10; i++) expect(await wait(limits, "s")).toBe(0);
});

describe("over HTTP", () => {
  const capture = (sessionId?: string) =>
    toolCall("capture-memory", { eventType: "note", content: "x", ...(sessionId === undefined ? {} : { sessionId }) });

  test("a refused capture says how long to wait, and a search goes on", async () => {
    const server = await serveTwin({ clock: new ManualClock(), rateLimit: limitOf(1, 1000) });
    try {
      expect((await post(server, capture("one"))).body.result?.isError).toBeUndefined();
      const refused = await post(server, capture("one"));
      expect(refused.body.result).toMatchObject({
        isError: true,
        structuredContent: { error: { code: "RATE_LIMIT_EXCEEDED", details: { retryAfterSeconds: 60 } } },
      });
      expect(server.engine.memories).toHaveLength(1);
      expect((await post(server, capture("another"))).body.result?.isError).toBeUndefined();
      expect((await post(server, toolCall("retrieve-memories", { query: "" }))).body.result?.isError).toBeUndefined();
    } finally {
      await server.close();
    }
  });
});
