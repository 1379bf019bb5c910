import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { defaultSettings } from "../../src/contract/settings.ts";
import { createRateLimits } from "../../src/serve/rateLimits.ts";
import { serveStdioMcp } from "../../src/serve/stdio.ts";
import { MemoryEngine } from "../support/memoryEngine.ts";
import { LogLines, ManualClock, toolCall } from "../support/served.ts";

const script = fileURLToPath(new URL("../support/twinStdio.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  /** Every line of stdout, parsed: a line that is no JSON fails the test. */
  readonly answers: readonly { id?: unknown; error?: { code: number }; result?: { isError?: boolean } }[];
}

/** Runs a real server, writes all of `lines` at once, closes its stdin and waits for its end. */
async function converse(lines: readonly (string | object)[]): Promise<Ended> {
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)) + "\n").join(""));
  const [code] = (await once(child, "close")) as [number | null];
  const answers = stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Ended["answers"][number]);
  return { code, stderr, answers };
}

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

test("what runs when stdin closes is finished and answered, then the process ends by itself", async () => {
  const { code, answers, stderr } = await converse([
    INITIALIZE,
    { jsonrpc: "2.0", method: "notifications/initialized" },
    toolCall("capture-memory", { eventType: "note", content: "x" }, 1),
    toolCall("retrieve-memories", { query: "wait 300" }, 2),
  ]);
  expect(code).toBe(0);
  expect(answers.map(({ id }) => id)).toEqual([0, 1, 2]);
  expect(stderr).toMatch(/ended\n$/u);
});

test("lines that are no message are survived, and nothing but JSON-RPC is on stdout", async () => {
  const { code, answers } = await converse([
    INITIALIZE,
    "this is no JSON",
    "{",
    "[]",
    '{"jsonrpc":"2.0"}',
    { jsonrpc: "2.0", id: 3, method: "no/such" },
    toolCall("health-check", {}, 4),
  ]);
  expect(code).toBe(0);
  expect(answers.map(({ id }) => id).sort()).toEqual([0, 3, 4]);
  expect(answers.find(({ id }) => id === 3)?.error?.code).toBe(-32601);
});

test("a memory of 1 MB, escaped byte by byte, gets through", async () => {
  const content = "\u0001".repeat(1_048_576);
  const { answers } = await converse([INITIALIZE, toolCall("capture-memory", { eventType: "note", content }, 1)]);
  expect(answers.find(({ id }) => id === 1)?.result?.isError).toBeUndefined();
});

test("a connection is one session for the limits, and the cancelled request holds nothing up", async () => {
  const engine = new MemoryEngine();
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const settings = { ...defaultSettings, rateLimit: { ...defaultSettings.rateLimit, capturesPerSessionPerMinute: 1 } };
  const served = serveStdioMcp(engine, {
    profiles: ["core"],
    settings,
    limits: createRateLimits(settings.rateLimit, new ManualClock()),
    version: "0",
    logger: new LogLines(),
    stdin,
    stdout,
  });
  engine.before = (method) => (method === "health" ? new Promise(() => {}) : undefined);
  const send = (message: object) => stdin.write(`${JSON.stringify(message)}\n`);
  send(INITIALIZE);
  send(toolCall("capture-memory", { eventType: "note", content: "one" }, 1));
  send(toolCall("capture-memory", { eventType: "note", content: "two" }, 2));
  send(toolCall("health-check", {}, 3));
  await expect.poll(() => engine.contexts.length).toBe(2);
  send({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 3 } });
  stdin.end();
  await served;
  const text = String(stdout.read());
  expect(text.split("\n").filter(Boolean)).toHaveLength(3);
  expect(text).toContain("RATE_LIMIT_EXCEEDED");
  expect(engine.memories).toHaveLength(1);
  expect(engine.contexts[0]?.agent).toBe("raw");
});
