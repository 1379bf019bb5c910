/**
 * What serving over HTTP costs: one client alone, then 50 clients at once with distinct queries, and beside them in the same run the SDK's
 * own stateless handler with one empty tool. The load comes from a process of its own. One JSON line a figure.
 *
 *     node bench/http.ts [--memories 200] [--seconds 4] [--url URL --token TOKEN]
 *
 * With --url it measures a server that runs already (`heirloom serve`), otherwise the transport alone, over the in-memory twin.
 */
import { fork, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import type { LoadRequest, LoadResult } from "./httpLoad.ts";
import { serveTwin } from "../test/support/served.ts";

const { values: given } = parseArgs({
  options: {
    memories: { type: "string", default: "200" },
    seconds: { type: "string", default: "4" },
    url: { type: "string" },
    token: { type: "string" },
  },
});
const seconds = Number(given.seconds);

const WORDS =
  "cache token journal branch commit parser index memory worker socket retry queue schema filter budget scope anchor".split(
    " ",
  );
const phrase = (seed: number) =>
  Array.from({ length: 6 }, (_, i) => WORDS[(seed * 7 + i * (seed + 3)) % WORDS.length]).join(" ");

async function target(): Promise<{ url: string; token: string; close: () => Promise<void> }> {
  if (given.url !== undefined && given.token !== undefined) {
    return { url: given.url, token: given.token, close: () => Promise.resolve() };
  }
  const served = await serveTwin();
  // A real engine's work is measured in its own bench; here ten memories come back whatever was asked.
  for (let i = 0; i < Number(given.memories); i++) {
    await served.engine.capture({ eventType: "note", content: `${phrase(i)} number ${i}` }, {});
  }
  const all = await served.engine.retrieve({ query: "", limit: 10 }, {});
  served.engine.retrieve = () => Promise.resolve(all);
  return served;
}

/** The yardstick: createMcpHandler and toNodeHandler as the SDK's examples put them together, with one tool that does nothing. */
async function yardstick() {
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: "yardstick", version: "1" });
      server.registerTool("empty", { description: "Does nothing" }, () => ({ content: [] }));
      return server;
    }),
  );
  const server = createServer((request, response) => void handler(request as Parameters<typeof handler>[0], response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    token: "none",
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function run(load: ChildProcess, request: LoadRequest): Promise<LoadResult> {
  return new Promise((resolve) => {
    load.once("message", (result) => resolve(result as LoadResult));
    load.send(request);
  });
}

function report(name: string, { calls, errors, ms, p50, p95 }: LoadResult): void {
  console.log(
    JSON.stringify({
      bench: "http",
      name,
      calls,
      errors,
      callsPerSecond: Math.round((calls / ms) * 1000),
      p50Ms: p50,
      p95Ms: p95,
    }),
  );
}

const heirloom = await target();
const sdk = await yardstick();
const load = fork(new URL("httpLoad.ts", import.meta.url));
try {
  const ours = { url: heirloom.url, token: heirloom.token, tool: "retrieve-memories", seconds } as const;
  await run(load, { ...ours, clients: 8, era: "session", seconds: 1 });
  report("session, 1 client", await run(load, { ...ours, clients: 1, era: "session" }));
  report("2026-07-28, 1 client", await run(load, { ...ours, clients: 1, era: "modern" }));
  // Taken twice in turns, so that a disturbance of this machine meets both.
  for (const round of [1, 2]) {
    report(
      `SDK stateless handler, empty tool, 50 clients, round ${round}`,
      await run(load, { url: sdk.url, token: sdk.token, tool: "empty", seconds, clients: 50, era: "sessionless" }),
    );
    report(`session, 50 clients, round ${round}`, await run(load, { ...ours, clients: 50, era: "session" }));
    report(`no session, 50 clients, round ${round}`, await run(load, { ...ours, clients: 50, era: "sessionless" }));
    report(`2026-07-28, 50 clients, round ${round}`, await run(load, { ...ours, clients: 50, era: "modern" }));
  }
} finally {
  load.kill();
  await heirloom.close();
  await sdk.close();
}
