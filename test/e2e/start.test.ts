import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { TestRepository } from "../support/repository.ts";

const START = join(import.meta.dirname, "start.ts");

let started: ChildProcess | undefined;
afterEach(() => {
  if (started?.exitCode === null) started.kill("SIGKILL");
});

/** What `npm start` runs after the build, as in a terminal without a display. */
function start(...args: readonly string[]): { readonly said: () => string; readonly child: ChildProcess } {
  const env = { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "", VSCODE_IPC_HOOK_CLI: "" };
  const child = spawn(process.execPath, [START, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  started = child;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  return { child, said: () => said };
}

function repository(): { readonly workspace: string; readonly data: string } {
  const folder = mkdtempSync(join(inject("prepared").folder, "start-"));
  TestRepository.init(join(folder, "repository")).commit("a.txt", "a\n", "Keep the parser by hand: it keeps comments");
  return { workspace: join(folder, "repository"), data: join(folder, "data") };
}

test("npm start remembers the history, serves an editor behind a password, and ends with Ctrl-C", async () => {
  const { workspace, data } = repository();
  const { child, said } = start("--workspace", workspace, "--data", data);
  await expect.poll(said, { timeout: 60_000 }).toContain("until Ctrl-C");
  expect(said()).toContain("1 commits read: 1 new");
  const url = /http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/u.exec(said())?.[0] ?? "";
  expect(decodeURIComponent(url)).toContain(workspace);
  const answer = await fetch(url, { redirect: "manual" });
  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toContain("login");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow();
});

test("npm start -- --headless serves without an editor, as `heirloom start` does", async () => {
  const { workspace, data } = repository();
  const { child, said } = start("--headless", "--workspace", workspace, "--data", data);
  await expect.poll(said, { timeout: 60_000 }).toContain("Serving on 127.0.0.1 until Ctrl-C.");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});
