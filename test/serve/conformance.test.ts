import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { serveTwin } from "../support/served.ts";
import { startTokenProxy } from "../support/tokenProxy.ts";

const run = promisify(execFile);
const suite = fileURLToPath(
  new URL("../../node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const baseline = fileURLToPath(new URL("conformance-baseline.yml", import.meta.url));

test("the MCP conformance suite passes but for the fixtures that only a test server has", async () => {
  const server = await serveTwin();
  const proxy = await startTokenProxy(server);
  const folder = await mkdtemp(join(tmpdir(), "heirloom-conformance-"));
  try {
    await server.engine.capture({ eventType: "note", content: "Something to list" }, {});
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
    await server.close();
    await rm(folder, { recursive: true });
  }
});
