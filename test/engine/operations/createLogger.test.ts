import { expect, test } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import type { LogLevel } from "../../../src/engine/ports.ts";
import { createLogger } from "../../../src/engine/operations/createLogger.ts";

const clock = { now: () => Date.UTC(2026, 0, 2) };
function logged(fields: Record<string, unknown>): string {
  const lines: string[] = [];
  createLogger((line) => lines.push(line), { level: "debug", clock }).log("info", "it happened", fields);
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

test("one line of JSON a message, from the level on that was asked for", () => {
  const lines: string[] = [];
  const logger = createLogger((line) => lines.push(line), { level: "warn", clock });
  for (const level of ["debug", "info", "warn", "error"] satisfies LogLevel[])
    logger.log(level, `at ${level}`, { rows: 3 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { rows: 3, time: "2026-01-02T00:00:00.000Z", level: "warn", message: "at warn" },
    { rows: 3, time: "2026-01-02T00:00:00.000Z", level: "error", message: "at error" },
  ]);
});

test("a line break in a value cannot begin a second line, nor a field replace the message", () => {
  const line = logged({ path: 'a\n{"level":"error"}', message: "forged", level: "error" });
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toMatchObject({ message: "it happened", level: "info" });
});

test.each([
  "token",
  "accessToken",
  "authorization",
  "Authorization",
  "password",
  "api_key",
  "content",
  "query",
  "set-cookie",
])("the value of %s is never written, however deep", (key) => {
  expect(logged({ [key]: "hunter2-hunter2" })).not.toContain("hunter2");
  expect(logged({ request: { headers: [{ [key]: ["hunter2-hunter2"] }] } })).not.toContain("hunter2");
});

test.each([
  "Bearer abcdefgh12345678",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
  "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  "https://user:pass-word@example.org/x",
])("a value that looks like a credential is masked: %s", (value) => {
  expect(logged({ note: `sent ${value} along` })).toMatch(/sent .*\[redacted\].* along/u);
  const secret = /[\w.-]+$/u.exec(value.replace(/@.*/u, ""))?.[0] ?? "";
  expect(logged({ error: new Error(`sent ${value} along`) })).not.toContain(secret);
});

test("sizes are no secrets, and errors keep what tells where they come from", () => {
  expect(logged({ tokens: 120 })).toContain('"tokens":120');
  const error = new HeirloomError("STORAGE_FULL", "The disk is full.", undefined, { cause: new Error("ENOSPC") });
  expect(JSON.parse(logged({ error }))).toMatchObject({
    error: { code: "STORAGE_FULL", message: "The disk is full.", cause: { message: "ENOSPC" } },
  });
});

test("what cannot be written as JSON is written as far as it can, and a failing sink is no failure", () => {
  const circular: Record<string, unknown> = { big: 5n, bytes: new Uint8Array(7) };
  circular["self"] = circular;
  expect(logged({ circular, long: "x".repeat(100_000) }).length).toBeLessThan(2000);
  const logger = createLogger(
    () => {
      throw new Error("EPIPE");
    },
    { level: "info", clock },
  );
  expect(() => logger.log("info", "it happened")).not.toThrow();
});
