import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLI, heirloom, scratchFolder, serve } from "../support/heirloom.ts";

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("ends heirloom mcp although its client still holds stdin open, and what was captured is kept", async () => {
    using scratch = scratchFolder();
    const at = ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
    const child = spawn(process.execPath, [CLI, "mcp", ...at], { stdio: ["pipe", "pipe", "inherit"] });
    const send = async (message: object): Promise<void> => {
      const answered = once(child.stdout, "data");
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      await answered;
    };
    const clientInfo = { name: "test", version: "1" };
    await send({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    const args = { eventType: "note", content: "Captured before the end." };
    await send({ id: 2, method: "tools/call", params: { name: "capture-memory", arguments: args } });
    const ended = once(child, "exit");
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect((await heirloom(["list", ...at])).stdout).toContain("Captured before the end.");
  });

  test("ends heirloom serve", async () => {
    using scratch = scratchFolder();
    const server = await serve(["--workspace", scratch.path, "--data", join(scratch.path, "data")]);
    const ended = once(server.child, "exit");
    server.child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });
});

test("a reader that has read enough ends an export without a word", async () => {
  using scratch = scratchFolder();
  const at = ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
  const lines = Array.from({ length: 3_000 }, (_, n) =>
    JSON.stringify({ content: `thing ${n} `.repeat(20), eventType: "note" }),
  );
  await heirloom(["import", "-", "--dedupe", "none", ...at], { input: lines.join("\n") });
  const child = spawn(process.execPath, [CLI, "export", ...at], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await once(child, "close")).toEqual([0, null]);
  expect(stderr).toBe("");
});

test("a port that is in use is said so", async () => {
  using scratch = scratchFolder();
  const at = ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
  const server = await serve(at);
  const answer = await heirloom(["serve", "--port", new URL(server.url).port, ...at]);
  expect(answer.code).toBe(1);
  expect(answer.stderr).toMatch(/Port \d+ is in use.*\[INVALID_INPUT\]/u);
  await server.stop();
});

test("session memories are seen only by the connection that captured them", async () => {
  using scratch = scratchFolder();
  const at = ["--workspace", scratch.path, "--data", join(scratch.path, "data")];
  const [one, other] = [await serve(at), await serve(at)];
  await one.tool("capture-memory", { eventType: "note", scope: "session", content: "Only for this session." });
  expect((await one.tool("retrieve-memories", { query: "" }))["memories"]).toHaveLength(1);
  expect((await other.tool("retrieve-memories", { query: "" }))["memories"]).toHaveLength(0);
  expect((await heirloom(["list", ...at])).stdout).toBe("");
  const nobody = await heirloom(["capture", "--type", "note", "--scope", "session", "x", ...at]);
  expect(nobody.stderr).toContain("sessionId");
  await one.stop();
  await other.stop();
});
