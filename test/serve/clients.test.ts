import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, describe, expect, test } from "vitest";
import { type ToolName, TOOLS } from "../../src/contract/tools.ts";
import { CLI, scratchFolder, serve } from "../support/heirloom.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Valid arguments for each tool, in an order in which each finds what it needs. `id` is that of the first capture. */
const CALLS: Readonly<Record<ToolName, (id: string) => Record<string, unknown>>> = {
  "capture-memory": () => ({ eventType: "note", content: "The parser keeps a cursor", tags: ["parser"] }),
  "retrieve-memories": () => ({ query: "parser cursor", explain: true }),
  "build-context": () => ({ query: "parser" }),
  "revise-memory": (id) => ({ id, content: "The parser keeps two cursors" }),
  memory_feedback: (id) => ({ id, outcome: "helpful" }),
  locate_relevant_files: () => ({ query: "where is the parser", path_glob: "src/**" }),
  search_codebase: () => ({ query: "parser", mode: "text" }),
  context_grep: () => ({ pattern: "parser", mode: "count" }),
  get_project_stats: () => ({ limit: 3 }),
  get_context_progressive: () => ({
    query: "parser",
    detailLevel: "outline",
    tokenBudget: 500,
    specificFiles: ["a.ts"],
  }),
  context_packs: () => ({ action: "list" }),
  analyze_implementation: () => ({ target: "src/parse.ts#parse" }),
  get_code_chunk: () => ({ path: "src/parse.ts", start_line: 1 }),
  index_control: () => ({ action: "status" }),
  "health-check": () => ({ detailed: true }),
  "git-state": () => ({}),
  memory_upsert_with_merge: () => ({
    items: [{ content: "The parser keeps a cursor", event_type: "note" }],
    dry_run: true,
  }),
  memory_relate: () => ({ action: "contradictions" }),
  memory_share: () => ({ action: "review" }),
  memory_lineage: () => ({ action: "list" }),
  memory_get_document: (id) => ({ itemId: id }),
  "forget-memory": (id) => ({ id }),
};

const ERAS = [
  { era: "2025-11-25", mode: "legacy" },
  { era: "2026-07-28", mode: { pin: "2026-07-28" } },
  { era: "2026-07-28", mode: "auto" },
] as const;

function place(): readonly string[] {
  const scratch = scratchFolder();
  cleanups.push(async () => scratch[Symbol.dispose]());
  mkdirSync(join(scratch.path, "src"));
  writeFileSync(join(scratch.path, "src/parse.ts"), "export const parse = (text: string) => text.trim();\n");
  return ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
}

async function overHttp(): Promise<StreamableHTTPClientTransport> {
  const server = await serve(place());
  cleanups.push(async () => {
    await server.stop();
  });
  return new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers: { authorization: `Bearer ${server.token}` } },
  });
}

function overStdio(): Promise<StdioClientTransport> {
  const args = [CLI, "mcp", "--profile", "all", ...place()];
  return Promise.resolve(new StdioClientTransport({ command: process.execPath, args, stderr: "ignore" }));
}

describe.each([
  { transport: "HTTP", open: overHttp },
  { transport: "stdio", open: overStdio },
])("the SDK's own client over $transport", ({ open }) => {
  test.each(ERAS)(
    "of $era (mode $mode) lists and calls every tool, reads resources, gets prompts",
    async ({ era, mode }) => {
      const client = new Client({ name: "sdk-client", version: "1" }, { versionNegotiation: { mode } });
      await client.connect(await open());
      cleanups.push(() => client.close());
      expect(client.getNegotiatedProtocolVersion()).toBe(era);

      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(TOOLS).sort());
      let first = "";
      for (const [name, argumentsFor] of Object.entries(CALLS)) {
        const result = await client.callTool({ name, arguments: argumentsFor(first) });
        if (first === "") first = String((result.structuredContent as { readonly id?: unknown }).id);
        expect(result.isError, `${name}: ${JSON.stringify(result.content)}`).toBeUndefined();
        expect(TOOLS[name as ToolName].output.safeParse(result.structuredContent).success).toBe(true);
        expect(result.content).toMatchObject([{ type: "text" }]);
      }

      const read = { eventType: "note", content: "Read me" };
      const { structuredContent } = await client.callTool({ name: "capture-memory", arguments: read });
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual([
        "memory://stats",
        "memory://recent",
        "config://current",
        `memory://${(structuredContent as { readonly id: string }).id}`,
      ]);
      for (const { uri } of resources) {
        expect((await client.readResource({ uri })).contents).toMatchObject([{ uri }]);
      }
      expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
        { uriTemplate: "memory://{id}" },
      ]);
      const { prompts } = await client.listPrompts();
      expect(prompts.map(({ name }) => name)).toEqual(["recall", "remember", "handoff"]);
      const recall = await client.getPrompt({ name: "recall", arguments: { query: "read" } });
      expect(JSON.stringify(recall.messages)).toContain("Read me");

      await expect(client.callTool({ name: "no-such-tool" })).rejects.toMatchObject({ code: -32602 });
      await expect(client.readResource({ uri: "memory://none" })).rejects.toMatchObject({ code: -32602 });
      const wrong = await client.callTool({ name: "capture-memory", arguments: { content: 7 } });
      expect(wrong).toMatchObject({ isError: true, structuredContent: { error: { code: "INVALID_INPUT" } } });
    },
  );
});
