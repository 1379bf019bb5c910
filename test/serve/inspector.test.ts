import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveTwin } from "../support/served.ts";

const run = promisify(execFile);
const twin = fileURLToPath(new URL("../support/twinStdio.ts", import.meta.url));

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

test("MCP Inspector's command line lists and calls the tools over HTTP, with the token in a header", async () => {
  const server = await serveTwin();
  try {
    const target = [server.url, "--transport", "http", "--header", `Authorization: Bearer ${server.token}`];
    const { tools } = await inspect(...target, "--method", "tools/list");
    expect(tools).toHaveLength(5);
    expect(await inspect(...target, ...CAPTURE)).toMatchObject({ structuredContent: { id: "m1", outcome: "created" } });
    expect(server.engine.memories).toMatchObject([{ content: "From the inspector", tags: ["seen"] }]);
  } finally {
    await server.close();
  }
});

test("MCP Inspector's command line lists and calls the tools over stdio", async () => {
  const target = [process.execPath, twin];
  const { tools } = await inspect(...target, "--method", "tools/list");
  expect(tools).toHaveLength(5);
  expect(await inspect(...target, ...CAPTURE)).toMatchObject({ structuredContent: { id: "m1", outcome: "created" } });
});
