import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, inject, onTestFinished, test } from "vitest";
import { TestRepository } from "../support/repository.ts";
import { EditorWindow } from "./support/editorWindow.ts";
import { Explorer } from "./support/explorer.ts";
import { Scene } from "./support/scene.ts";
import { SOON } from "./support/soon.ts";

const START = join(import.meta.dirname, "start.ts");

let started: ChildProcess | undefined;
afterEach(() => {
  if (started?.exitCode === null) started.kill("SIGKILL");
});

/** What `npm start` runs after the build. */
const start = (...args: readonly string[]): Started => run(process.execPath, START, ...args);

interface Started {
  readonly said: () => string;
  readonly child: ChildProcess;
}

/** As in a terminal without a display. */
function run(command: string, ...args: readonly string[]): Started {
  const env = { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "", VSCODE_IPC_HOOK_CLI: "" };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
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
  expect(said()).toContain("1 commit read: 1 new");
  const url = /http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/u.exec(said())?.[0] ?? "";
  expect(decodeURIComponent(url)).toContain(workspace);
  const answer = await fetch(url, { redirect: "manual" });
  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toContain("login");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect(fetch(url)).rejects.toThrow();
});

test("the npm process that is told to end takes the editor and everything below it along", async () => {
  const { workspace, data } = repository();
  const { child, said } = run("npm", "start", "--", "--workspace", workspace, "--data", data);
  await expect.poll(said, { timeout: 120_000 }).toContain("until Ctrl-C");
  const url = /http:\/\/127\.0\.0\.1:\d+\//u.exec(said())?.[0] ?? "";
  const below = processesBelow(child.pid ?? 0);
  expect(below.map(({ command }) => command).join("\n")).toMatch(/start\.ts[^]*code-server/u);
  child.kill("SIGTERM");
  await once(child, "exit");
  const left = () => processesBelow(1).filter(({ pid }) => below.some((one) => one.pid === pid));
  await expect.poll(left, SOON).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
});

test("the editor of npm start opens on the explorer, once a start", async () => {
  const scene = await Scene.open({ environment: { HEIRLOOM_FIRST_LOOK: "the first start" } });
  onTestFinished(() => scene.close());
  const repository = scene.repository("sample");
  repository.commit("a.txt", "a\n", "Keep the parser by hand: it keeps comments");
  const window = await scene.window(repository.root);
  const frame = await window.frameWith(".row-title");
  expect(await frame.locator(".row-title").first().textContent()).toBe("Keep the parser by hand: it keeps comments");
  const elsewhere = await scene.window(scene.repository("elsewhere").root);
  await scene.probe(`${scene.folder}/elsewhere`);
  await elsewhere.page.locator(".statusbar", { hasText: "main" }).waitFor(SOON);
  expect(await elsewhere.page.locator(".tab", { hasText: "Heirloom" }).count()).toBe(0);
});

test("npm start in a terminal that has a `code` command opens that editor, with the extension in it", async () => {
  const scene = await Scene.open({ heirloom: false, settings: { "terminal.integrated.gpuAcceleration": "off" } });
  onTestFinished(() => scene.close());
  const repository = scene.repository("sample");
  repository.commit("a.txt", "a\n", "Keep the parser by hand: it keeps comments");
  const terminal = await scene.window(scene.repository("elsewhere").root);
  await terminal.run("Terminal: Create New Terminal");
  await terminal.page.locator(".xterm-helper-textarea").waitFor({ state: "attached" });
  // This editor calls its command code-server, and expects a Node beside it. In CI no window would be opened.
  const { node, entry } = inject("prepared").editor;
  const command = join(dirname(entry), "../../lib/vscode/bin/remote-cli/code-server");
  const tools = join(scene.folder, "tools");
  mkdirSync(tools);
  writeFileSync(join(tools, "code"), `#!/bin/sh\nNODE_EXEC_PATH='${node}' exec '${command}' "$@"\n`, { mode: 0o755 });
  const typed = `env -u CI PATH="${tools}:$PATH" '${process.execPath}' '${START}' --workspace '${repository.root}'`;
  const window = await EditorWindow.openedBy(scene.context, async () => {
    await terminal.page.keyboard.type(typed);
    await terminal.page.keyboard.press("Enter");
  });

  const explorer = await Explorer.open(window);
  await explorer.row("Keep the parser by hand: it keeps comments").waitFor(SOON);
  await terminal.page.bringToFront();
  await terminal.page.locator(".xterm-rows", { hasText: "VS Code shows" }).waitFor(SOON);
});

test("npm start -- --headless serves without an editor, as `heirloom start` does", async () => {
  const { workspace, data } = repository();
  const { child, said } = start("--headless", "--workspace", workspace, "--data", data);
  await expect.poll(said, { timeout: 60_000 }).toContain("Serving on 127.0.0.1 until Ctrl-C.");
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([0, null]);
});

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process that a process has started, and what those have, as the system lists them. */
function processesBelow(top: number): readonly Process[] {
  const listed = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = [...listed.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gmu)].map(([, pid, parent, command]): Process => ({
    pid: Number(pid),
    parent: Number(parent),
    command: command ?? "",
  }));
  const below = (pid: number): readonly Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(top);
}
