/**
 * The round trip of a search over stdio, one client, one call at a time. One JSON line a figure.
 *
 *     node bench/stdio.ts [--calls 2000] [--memories 200] [-- COMMAND ARGS...]
 *
 * The command starts any MCP server that has capture-memory and retrieve-memories (`-- node dist/cli.js mcp --no-rate-limit --data DIR`);
 * without one the transport is measured alone, over the in-memory twin.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: { calls: { type: "string", default: "2000" }, memories: { type: "string", default: "200" } },
  allowPositionals: true,
});
const twin = fileURLToPath(new URL("../test/support/twinStdio.ts", import.meta.url));
const [command = process.execPath, ...args] =
  positionals.length === 0 ? [process.execPath, twin, "--no-rate-limit"] : positionals;
const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });

interface Answer {
  readonly id?: number;
  readonly error?: unknown;
  readonly result?: { readonly isError?: boolean; readonly content?: unknown };
}
const waiting = new Map<number, (answer: Answer) => void>();
createInterface({ input: child.stdout }).on("line", (line) => {
  const answer = JSON.parse(line) as Answer;
  if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
});
let ids = 0;
function request(method: string, params: object): Promise<Answer> {
  return new Promise((resolve) => {
    const id = ++ids;
    waiting.set(id, (answer) => {
      waiting.delete(id);
      resolve(answer);
    });
    child.stdin.write(JSON.stringify({ jsonrpc: "2.0", id, method, params }) + "\n");
  });
}

const WORDS =
  "cache token journal branch commit parser index memory worker socket retry queue schema filter budget scope anchor".split(
    " ",
  );
const phrase = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => WORDS[(seed * 7 + i * (seed + 3)) % WORDS.length]).join(" ");

const clientInfo = { name: "bench", version: "1" };
await request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
child.stdin.write(JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }) + "\n");
for (let i = 0; i < Number(values.memories); i++) {
  const content = `${phrase(i, 60)}, number ${i}`;
  await request("tools/call", { name: "capture-memory", arguments: { eventType: "note", content } });
}
const calls = Number(values.calls);
const latencies: number[] = [];
let errors = 0;
for (let i = -200; i < calls; i++) {
  const started = performance.now();
  const query = phrase(i + 1000, 3 + (Math.abs(i) % 8));
  const answer = await request("tools/call", { name: "retrieve-memories", arguments: { query } });
  if (answer.result === undefined || answer.result.isError === true) errors++;
  if (i >= 0) latencies.push(performance.now() - started);
}
latencies.sort((a, b) => a - b);
const at = (share: number) => Number((latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(3));
console.log(
  JSON.stringify({ bench: "stdio", name: "retrieve, 1 client", calls, errors, p50Ms: at(0.5), p95Ms: at(0.95) }),
);
child.stdin.end();
