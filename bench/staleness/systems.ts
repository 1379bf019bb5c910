import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

export interface Anchored {
  readonly text: string;
  readonly path: string;
  /** A function, with its class; absent: the whole file. */
  readonly symbol?: string;
}

/** What a system says of a memory that it serves. A system that does not know says `fresh`: whoever reads it takes it so. */
export type Served = "fresh" | "stale" | "unchecked";

/** A memory system under test. To measure another one, write this for it: some lines. */
export interface MemorySystem {
  readonly name: string;
  /** Where the repository is checked out; gives what the memory is called. */
  capture(memory: Anchored): Promise<string>;
  /** Everything that is served to somebody who stands at the commit that is checked out now. */
  served(): Promise<ReadonlyMap<string, Served>>;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, "../..");

export async function heirloom(workspace: string, dataFolder: string): Promise<MemorySystem> {
  const cli = join(root, "dist/cli.js");
  const client = await connected([
    cli,
    "mcp",
    "--profile",
    "all",
    "--no-rate-limit",
    "--workspace",
    workspace,
    "--data",
    dataFolder,
  ]);
  return {
    name: "heirloom",
    capture: async ({ text, path, symbol }) => {
      const anchor = { path, ...(symbol === undefined ? {} : { symbol }) };
      const given = { eventType: "note", content: text, anchors: [anchor], dedupe: "none" };
      const { id } = await call(client, "capture-memory", given);
      return String(id);
    },
    served: async () => {
      const found = new Map<string, Served>();
      for (let cursor: unknown; ;) {
        const page = await call(client, "retrieve-memories", {
          query: "",
          limit: 100,
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const { id, freshness } of page["memories"] as readonly {
          readonly id: string;
          readonly freshness: string;
        }[])
          found.set(id, freshness === "fresh" || freshness === "unchecked" ? freshness : "stale");
        cursor = page["nextCursor"];
        if (cursor === undefined) return found;
      }
    },
    close: () => client.close(),
  };
}

/** A store that knows neither commits nor code: https://github.com/modelcontextprotocol/servers, memory. */
export async function serverMemory(_workspace: string, dataFolder: string): Promise<MemorySystem> {
  const server = join(root, "node_modules/@modelcontextprotocol/server-memory/dist/index.js");
  const client = await connected([server], { MEMORY_FILE_PATH: join(dataFolder, "server-memory.jsonl") });
  let count = 0;
  return {
    name: "server-memory",
    capture: async ({ text, path, symbol }) => {
      const name = `note ${++count}`;
      const observations = [`${path}${symbol === undefined ? "" : `#${symbol}`}: ${text}`];
      await call(client, "create_entities", { entities: [{ name, entityType: "note", observations }] });
      return name;
    },
    served: async () => {
      const { entities } = await call(client, "read_graph", {});
      return new Map((entities as readonly { readonly name: string }[]).map(({ name }) => [name, "fresh" as const]));
    },
    close: () => client.close(),
  };
}

async function connected(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Client> {
  const client = new Client({ name: "staleness", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...args],
      env: { ...(process.env as Record<string, string>), ...env },
      stderr: "ignore",
    }),
  );
  return client;
}

async function call(client: Client, name: string, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { structuredContent, isError, content } = await client.callTool(
    { name, arguments: given },
    { timeout: 120_000 },
  );
  if (isError === true) throw new Error(`${name}: ${JSON.stringify(content)}`);
  return structuredContent as Record<string, unknown>;
}
