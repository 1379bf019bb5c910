import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CLI, scratchFolder, serve } from "../support/heirloom.ts";

const run = promisify(execFile);

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/**
 * The command line of the inspector is published on its own too, but reads the package.json of the inspector around it, which would bring
 * 160 MB of web client along. Here it stands in a folder where it finds its own package.json in that place.
 */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heirloom-inspector-"));
  const published = join(modules, "@modelcontextprotocol/inspector-cli");
  await cp(published, join(folder, "cli"), { recursive: true });
  await cp(join(published, "package.json"), join(folder, "package.json"));
  await symlink(modules, join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

async function inspect(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [join(folder, "cli/build/index.js"), ...args]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const CAPTURE = [
  "--method",
  "tools/call",
  "--tool-name",
  "capture-memory",
  "--tool-arg",
  "eventType=note",
  "content=From the inspector",
  'tags=["seen"]',
];

async function listsAndCalls(target: readonly string[]): Promise<void> {
  const { tools } = await inspect(...target, "--method", "tools/list");
  expect((tools as readonly { readonly name: string }[]).map(({ name }) => name)).toContain("capture-memory");
  const captured = await inspect(...target, ...CAPTURE);
  expect(captured).toMatchObject({ structuredContent: { outcome: "created", redactions: 0 } });
  const asked = ["--method", "tools/call", "--tool-name", "retrieve-memories", "--tool-arg", "query=inspector"];
  expect(await inspect(...target, ...asked)).toMatchObject({
    structuredContent: { memories: [{ content: "From the inspector", tags: ["seen"] }] },
  });
}

test("MCP Inspector's command line lists and calls the tools over HTTP, with the token in a header", async () => {
  using scratch = scratchFolder();
  const server = await serve(["--workspace", scratch.path, "--data", join(scratch.path, "data")]);
  try {
    await listsAndCalls([server.url, "--transport", "http", "--header", `Authorization: Bearer ${server.token}`]);
  } finally {
    await server.stop();
  }
});

test("MCP Inspector's command line lists and calls the tools over stdio", async () => {
  using scratch = scratchFolder();
  // It takes no options after the command but its own: where the memories are is said in the environment.
  process.env["HEIRLOOM_DATA"] = join(scratch.path, "data");
  try {
    await listsAndCalls([process.execPath, CLI, "mcp"]);
  } finally {
    delete process.env["HEIRLOOM_DATA"];
  }
});
