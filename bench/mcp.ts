// The round trip of a search against the built command and a store of real texts: over stdio, over HTTP beside one client, and over HTTP with
// 50 clients at once, with the SDK's own stateless handler and one empty tool in the same run. Every query is asked once.
// usage: node bench/mcp.ts [--memories 10000] [--seconds 4]      needs dist/ (npm run build)
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import type { LoadRequest, LoadResult } from "./httpLoad.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

const { values } = parseArgs({
  options: { memories: { type: "string", default: "10000" }, seconds: { type: "string", default: "4" } },
});
const seconds = Number(values.seconds);
const cli = join(import.meta.dirname, "../dist/cli.js");
const texts = realTexts(Number(values.memories));
const folder = benchFolder();
const at = ["--workspace", folder.workspace, "--data", folder.dataFolder, "--no-rate-limit"];
const engine = await openBenchEngine(folder);
await engine.importLines(importLinesOf(texts), { dedupe: "merge" }, {});
await engine.close();

const queries = realQueries(texts, 150_000);
let asked = 0;
const fresh = (count: number): readonly string[] => queries.slice(asked, (asked += count));

await stdio();
await http();
folder.remove();

async function stdio(): Promise<void> {
  const child = spawn(process.execPath, [cli, "mcp", ...at], { stdio: ["pipe", "pipe", "inherit"] });
  let answered: (line: string) => void = () => undefined;
  createInterface({ input: child.stdout }).on("line", (line) => answered(line));
  const request = (message: object): Promise<string> =>
    new Promise((resolve) => {
      answered = resolve;
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    });
  const clientInfo = { name: "bench", version: "1" };
  await request({
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  const took: number[] = [];
  let errors = 0;
  for (const [index, query] of fresh(3_000).entries()) {
    const started = performance.now();
    const answer = await request({
      id: index + 1,
      method: "tools/call",
      params: { name: "retrieve-memories", arguments: { query } },
    });
    if (index >= 500) took.push(performance.now() - started);
    if (!answer.includes('"memories"')) errors++;
  }
  child.stdin.end();
  await once(child, "exit");
  printFigure("mcp", "search over stdio (ms)", {
    memories: texts.length,
    ...summary(took),
    errors,
    wanted: "p95 at most 3",
  });
}

async function http(): Promise<void> {
  const server = spawn(process.execPath, [cli, "serve", ...at], { stdio: ["ignore", "pipe", "inherit"] });
  const [first] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const { url, token } = JSON.parse(first) as { url: string; token: string };
  const ours = { url, token, tool: "retrieve-memories" };
  const sdk = await yardstick();
  const load = fork(join(import.meta.dirname, "httpLoad.ts"));
  const most = 9_000 * seconds;
  try {
    await run(load, { ...ours, queries: fresh(3_000), clients: 8, era: "session", seconds: 1.5 });
    const alone = await run(load, { ...ours, queries: fresh(3_000), clients: 1, era: "session", seconds });
    const { errors } = alone;
    printFigure("mcp", "search over HTTP, one client (ms)", {
      memories: texts.length,
      ...summary(alone.latencies),
      errors,
      wanted: "p95 at most 5",
    });
    // In turns, so that a disturbance of this machine meets both.
    const perSecond = { sdk: [] as number[], ours: [] as number[] };
    for (let round = 0; round < 3; round++) {
      perSecond.sdk.push(
        rate(
          "SDK stateless handler, empty tool, 50 clients",
          await run(load, { ...sdk, tool: "empty", queries: [], clients: 50, era: "sessionless", seconds }),
        ),
      );
      perSecond.ours.push(
        rate(
          "search over HTTP, 50 clients",
          await run(load, { ...ours, queries: fresh(most), clients: 50, era: "session", seconds }),
        ),
      );
      asked = Math.min(asked, queries.length - most);
    }
    rate(
      "search over HTTP, 50 clients of 2026-07-28",
      await run(load, { ...ours, queries: fresh(most), clients: 50, era: "modern", seconds }),
    );
    printFigure("mcp", "search against the SDK's empty tool, 50 clients", {
      ratio: summary(perSecond.ours).p50 / summary(perSecond.sdk).p50,
      wanted: "at least 2",
    });
  } finally {
    load.kill();
    server.kill("SIGTERM");
    await once(server, "exit");
    await sdk.close();
  }
}

function rate(name: string, { calls, errors, ms, latencies }: LoadResult): number {
  const { p50, p95 } = summary(latencies);
  const perSecond = (1000 * calls) / ms;
  printFigure("mcp", name, { memories: texts.length, callsPerSecond: perSecond, p50, p95, calls, errors });
  return perSecond;
}

function run(load: ChildProcess, request: LoadRequest): Promise<LoadResult> {
  return new Promise((resolve) => {
    load.once("message", (result) => resolve(result as LoadResult));
    load.send(request);
  });
}

/** createMcpHandler and toNodeHandler as the SDK's examples put them together, with one tool that does nothing. */
async function yardstick(): Promise<{ readonly url: string; readonly token: string; close(): Promise<void> }> {
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
