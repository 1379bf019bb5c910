import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { scratchFolder, serve } from "../support/heirloom.ts";
import { startTokenProxy } from "../support/tokenProxy.ts";

const run = promisify(execFile);
const suite = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const baseline = fileURLToPath(new URL("conformance-baseline.yml", import.meta.url));

test("the MCP conformance suite passes but for the fixtures that only a test server has", async () => {
  using scratch = scratchFolder();
  const folder = scratch.path;
  const server = await serve(["--workspace", folder, "--data", join(folder, "data")]);
  const proxy = await startTokenProxy(server);
  try {
    await server.tool("capture-memory", { eventType: "note", content: "Something to list" });
    const args = ["server", "--url", proxy.url, "--suite", "all", "--expected-failures", baseline];
    const { stdout } = await run(process.execPath, [suite, ...args], { cwd: folder });
    for (const scenario of [
      "server-initialize",
      "ping",
      "tools-list",
      "resources-list",
      "prompts-list",
      "dns-rebinding-protection",
    ]) {
      expect(stdout).toMatch(new RegExp(`✓ ${scenario}: [1-9]\\d* passed, 0 failed`, "u"));
    }
  } finally {
    await proxy.close();
    await server.stop();
  }
});
