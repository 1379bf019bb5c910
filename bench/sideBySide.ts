// @modelcontextprotocol/server-memory beside us: the same client over stdio, the same real texts, the same number of memories in the store before
// anything is measured, in turns, so that a disturbance of this machine meets both. Ours is durable when it answers: it waits for an
// fdatasync, the other writes its whole file without one.
// usage: node bench/sideBySide.ts [--memories 1000] [--captures 200] [--searches 500]      needs dist/ (npm run build)
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder } from "./openStore.ts";

const { values } = parseArgs({
  options: {
    memories: { type: "string", default: "1000" },
    captures: { type: "string", default: "200" },
    searches: { type: "string", default: "500" },
  },
});
const memories = Number(values.memories);
const captures = Number(values.captures);
const root = join(import.meta.dirname, "..");
const texts = realTexts(memories + captures);
/** Consecutive words of one text: the other looks for the query as one piece of text, and would find nothing else. */
const queries = realQueries(texts.slice(0, memories), Number(values.searches));
const folder = benchFolder();

interface Contestant {
  readonly name: string;
  readonly client: Client;
  readonly capture: (content: string, number: number) => { name: string; arguments: Record<string, unknown> };
  readonly search: (query: string) => { name: string; arguments: Record<string, unknown> };
}

const contestants: readonly Contestant[] = [
  {
    name: "heirloom",
    client: await connected([
      join(root, "dist/cli.js"),
      "mcp",
      "--no-rate-limit",
      "--workspace",
      folder.workspace,
      "--data",
      folder.dataFolder,
    ]),
    capture: (content) => ({ name: "capture-memory", arguments: { eventType: "note", content } }),
    search: (query) => ({ name: "retrieve-memories", arguments: { query } }),
  },
  {
    name: "server-memory",
    client: await connected([join(root, "node_modules/@modelcontextprotocol/server-memory/dist/index.js")], {
      MEMORY_FILE_PATH: join(folder.dataFolder, "server-memory.jsonl"),
    }),
    capture: (content, number) => ({
      name: "create_entities",
      arguments: { entities: [{ name: `note ${number}`, entityType: "note", observations: [content] }] },
    }),
    search: (query) => ({ name: "search_nodes", arguments: { query } }),
  },
];

const took = new Map(contestants.map(({ name }) => [name, { capture: [] as number[], search: [] as number[] }]));
for (const [number, content] of texts.entries()) {
  for (const { name, client, capture } of contestants) {
    const ms = await timed(client, capture(content, number));
    if (number >= memories) took.get(name)?.capture.push(ms);
  }
}
for (const [index, query] of queries.entries()) {
  for (const { name, client, search } of contestants) {
    const ms = await timed(client, search(query));
    if (index >= queries.length / 5) took.get(name)?.search.push(ms);
  }
}
for (const [name, { capture, search }] of took) {
  printFigure("sideBySide", `${name}: capture through MCP (ms)`, { memories, ...summary(capture) });
  printFigure("sideBySide", `${name}: search through MCP (ms)`, { memories, ...summary(search) });
}
for (const { client } of contestants) await client.close();
folder.remove();

async function connected(args: string[], env: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "bench", version: "1" });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env: { ...inherited(), ...env }, stderr: "ignore" }),
  );
  return client;
}

function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Milliseconds of one call. Throws when the tool failed: a failure would be fast. */
async function timed(client: Client, call: Parameters<Client["callTool"]>[0]): Promise<number> {
  const started = performance.now();
  const result = await client.callTool(call);
  const ms = performance.now() - started;
  if (result.isError === true) throw new Error(`${call.name} failed: ${JSON.stringify(result.content)}`);
  return ms;
}
