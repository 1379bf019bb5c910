import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Answer, CLI, scratchFolder } from "../support/heirloom.ts";

let scratch: ReturnType<typeof scratchFolder>;
let file: string;
beforeEach(() => {
  scratch = scratchFolder();
  file = join(scratch.path, "home", ".gemini", "settings.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{ "theme": "dark" }\n');
});
afterEach(() => scratch[Symbol.dispose]());

/** `heirloom connect` with a home folder of its own, and nobody to ask. */
async function connect(...args: readonly string[]): Promise<Answer> {
  const env = { PATH: process.env["PATH"], HOME: join(scratch.path, "home") };
  const command = [CLI, "connect", ...args, "--data", join(scratch.path, "data")];
  const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

test("connect lists the agents that are known, those that are here first", async () => {
  const { code, stdout } = await connect();
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^gemini-cli +not connected \\(${file}\\)\n`, "u"));
  expect(stdout).toContain("not seen here");
  const { agents } = JSON.parse((await connect("--json")).stdout) as { agents: readonly unknown[] };
  expect(agents[0]).toMatchObject({ id: "gemini-cli", installed: true, status: "new", files: [file] });
});

test("connect shows what it would write, and writes it only when told to", async () => {
  const shown = await connect("gemini-cli", "--dry-run");
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toContain(`+++ ${file}`);
  const asked = await connect("gemini-cli");
  expect(asked.code).toBe(1);
  expect(asked.stdout).toBe(shown.stdout);
  expect(asked.stderr).toContain("run it again with --yes");
  expect(existsSync(join(scratch.path, "data"))).toBe(false);

  const written = await connect("gemini-cli", "--yes");
  expect(written.code).toBe(0);
  expect(written.stdout).toContain("Gemini CLI is connected.");
  const launcher = join(scratch.path, "data", "bin", "heirloom");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    theme: "dark",
    mcpServers: { heirloom: { command: launcher, args: ["mcp"] } },
  });
  expect(existsSync(launcher)).toBe(true);
  expect((await connect("gemini-cli", "--yes")).stdout).toContain("is connected already");

  const undone = await connect("gemini-cli", "--undo");
  expect(undone).toMatchObject({ code: 0, stdout: `${file} is as it was\n` });
  expect(readFileSync(file, "utf8")).toBe('{ "theme": "dark" }\n');
  expect(await connect("gemini-cli", "--undo")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("NOT_FOUND") as string,
  });
});

test("connect replaces what has its name only when that is said too", async () => {
  writeFileSync(file, '{ "mcpServers": { "heirloom": { "command": "family-tree" } } }\n');
  const refused = await connect("gemini-cli", "--yes");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("--replace");
  expect(readFileSync(file, "utf8")).toContain("family-tree");
  expect((await connect("gemini-cli", "--yes", "--replace", "--json")).code).toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("family-tree");
});

test("connect names an agent that it does not know as wrong usage", async () => {
  const { code, stderr } = await connect("emacs");
  expect(code).toBe(2);
  expect(stderr).toContain("known are claude-code, copilot-cli");
});
