import { execFile } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensureLauncher, type LauncherPlaces, refreshLauncher } from "../../../src/serve/agents/launcher.ts";
import { quoted, windowsLauncher } from "../../../src/serve/agents/launcherScript.ts";
import { AgentScene } from "./scene.ts";

const run = promisify(execFile);

/** Says what it is and how it was started. */
const PROGRAM = (name: string): string =>
  `console.log(JSON.stringify({ name: ${JSON.stringify(name)}, args: process.argv.slice(2), execPath: process.execPath, argv0: process.env.STARTED_BY, data: process.env.HEIRLOOM_DATA, electron: process.env.ELECTRON_RUN_AS_NODE }));`;

interface Said {
  readonly name: string;
  readonly args: readonly string[];
  readonly argv0?: string;
  readonly data?: string;
  readonly electron?: string;
}

/** What may stand in for Node: a script that says its name and becomes the real one. */
function fakeNode(path: string, version = process.versions.node): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\nif [ "$1" = -p ]; then printf '%s' ${quoted(JSON.stringify([path, version]))}; exit; fi\nSTARTED_BY=${quoted(path)}\nexport STARTED_BY\nexec ${quoted(process.execPath)} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

class LauncherScene extends AgentScene {
  readonly runtime = fakeNode(this.path("VS Code's own/code helper"));

  constructor() {
    super();
    this.install("0.1.0");
  }

  install(version: string): string {
    const folder = join(dirname(this.extensionFolder), `heirloom.heirloom-${version}`);
    mkdirSync(join(folder, "dist"), { recursive: true });
    writeFileSync(join(folder, "dist", "cli.js"), PROGRAM(`cli ${version}`));
    writeFileSync(join(folder, "dist", "hook.js"), PROGRAM(`hook ${version}`));
    return folder;
  }

  places(path = ""): LauncherPlaces {
    const { dataFolder, extensionFolder, runtime, home } = this;
    return { dataFolder, extensionFolder, runtime, home, platform: "linux", environment: { PATH: path } };
  }

  /** Runs the launcher as an agent would, with an environment in which there is no Node. */
  async start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Said> {
    const { stdout } = await run(this.launcher, args, { env: { PATH: "/nowhere", ...environment } });
    return JSON.parse(stdout) as Said;
  }
}

test("windows that start together make one launcher, and none of them fails", async () => {
  using scene = new LauncherScene();
  const states = await Promise.all(Array.from({ length: 6 }, () => refreshLauncher(scene.places("/nowhere"))));
  expect(new Set(states.map(({ path }) => path)).size).toBe(1);
  expect(await scene.start(["mcp"])).toMatchObject({ name: "cli 0.1.0" });
});

test("without Node on PATH VS Code's runtime runs as Node, with the launcher's data folder and every argument as it was given", async () => {
  using scene = new LauncherScene();
  const state = await refreshLauncher(scene.places("/nowhere"));
  expect(state).toEqual({ path: scene.launcher, changed: true });
  const args = ["mcp", "--workspace", "/a b/c'd", "$HOME", '"'];
  expect(await scene.start(args)).toMatchObject({
    name: "cli 0.1.0",
    args,
    argv0: scene.runtime,
    data: scene.dataFolder,
    electron: "1",
  });
});

test("a Node on PATH that is new enough is taken, an older one and a project's own are passed over", async () => {
  using scene = new LauncherScene();
  fakeNode(scene.path("old/node"), "20.18.3");
  fakeNode(scene.path("project/node_modules/.bin/node"));
  const good = fakeNode(scene.path("good one/node"), "20.19.0");
  const path = ["old", "project/node_modules/.bin", "good one"].map((name) => scene.path(name)).join(":");
  expect((await refreshLauncher(scene.places(path))).node).toBe(good);
  const said = await scene.start(["stats"]);
  expect(said).toMatchObject({ argv0: good });
  expect(said.electron).toBeUndefined();
});

test("the Node that was found and is gone is not missed", async () => {
  using scene = new LauncherScene();
  const node = fakeNode(scene.path("bin/node"));
  await refreshLauncher(scene.places(dirname(node)));
  rmSync(node);
  expect(await scene.start(["stats"])).toMatchObject({ argv0: scene.runtime });
});

test("with neither of the two a Node on the agent's PATH serves, and without any it is said what to do", async () => {
  using scene = new LauncherScene();
  await refreshLauncher(scene.places());
  renameSync(scene.runtime, `${scene.runtime} moved`);
  const late = fakeNode(scene.path("late/node"));
  expect(await scene.start([], { PATH: dirname(late) })).toMatchObject({ argv0: late });
  await expect(scene.start([])).rejects.toMatchObject({
    code: 127,
    stderr: expect.stringMatching(/Open VS Code once/u) as string,
  });
});

test("a hook goes straight to its own entry", async () => {
  using scene = new LauncherScene();
  await refreshLauncher(scene.places());
  expect(await scene.start(["hook", "SessionStart"])).toMatchObject({
    name: "hook 0.1.0",
    args: ["hook", "SessionStart"],
  });
});

test("a data folder that the user names is kept", async () => {
  using scene = new LauncherScene();
  await refreshLauncher(scene.places());
  expect(await scene.start([], { HEIRLOOM_DATA: "/elsewhere" })).toMatchObject({ data: "/elsewhere" });
});

test("after an update of the extension that VS Code has not run yet, the newest version beside it is taken", async () => {
  using scene = new LauncherScene();
  await refreshLauncher(scene.places());
  const newest = scene.install("0.10.0");
  const older = scene.install("0.9.0");
  utimesSync(older, 1_000, 1_000);
  utimesSync(newest, 2_000, 2_000);
  mkdirSync(join(dirname(older), "heirloom.heirloom-0.11.0"));
  rmSync(scene.extensionFolder, { recursive: true });
  expect(await scene.start(["stats"])).toMatchObject({ name: "cli 0.10.0" });
  expect(await scene.start(["hook", "Stop"])).toMatchObject({ name: "hook 0.10.0" });
  for (const folder of [newest, older]) rmSync(folder, { recursive: true });
  await expect(scene.start([])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Install it again/u) as string,
  });
});

test("refreshing writes only what changed, and does not disturb what runs", async () => {
  using scene = new LauncherScene();
  const waits = `process.stdin.on("end", () => console.log("done")).resume();`;
  writeFileSync(join(scene.extensionFolder, "dist", "cli.js"), waits);
  await refreshLauncher(scene.places());
  expect((await refreshLauncher(scene.places())).changed).toBe(false);

  const child = execFile(scene.launcher, ["mcp"]);
  let said = "";
  child.stdout?.on("data", (text: string) => (said += text));
  const updated = { ...scene.places(), extensionFolder: scene.install("0.2.0") };
  expect((await refreshLauncher(updated)).changed).toBe(true);
  expect(await scene.start([])).toMatchObject({ name: "cli 0.2.0" });
  child.stdin?.end();
  expect(await once(child, "close")).toEqual([0, null]);
  expect(said).toBe("done\n");
});

test("a command from elsewhere leaves a launcher alone that works, and mends one that does not", async () => {
  using scene = new LauncherScene();
  await refreshLauncher(scene.places());
  const elsewhere = { ...scene.places(), extensionFolder: scene.install("9.9.9") };
  expect((await ensureLauncher(elsewhere)).changed).toBe(false);
  expect(await scene.start([])).toMatchObject({ name: "cli 0.1.0" });
  rmSync(scene.launcher);
  expect((await ensureLauncher(elsewhere)).changed).toBe(true);
  expect(await scene.start([])).toMatchObject({ name: "cli 9.9.9" });
});

test("what is found is the real Node behind a version manager's script, and it is looked for once", async () => {
  using scene = new LauncherScene();
  const real = fakeNode(scene.path("versions/24/node"));
  const calls = scene.path("calls");
  mkdirSync(scene.path("shims"));
  writeFileSync(scene.path("shims/node"), `#!/bin/sh\necho x >> ${quoted(calls)}\nexec ${quoted(real)} "$@"\n`);
  chmodSync(scene.path("shims/node"), 0o755);
  for (let time = 0; time < 3; time++) {
    expect((await refreshLauncher(scene.places(scene.path("shims")))).node).toBe(real);
  }
  expect(readFileSync(calls, "utf8")).toBe("x\n");
});

test("a link to Node and a copy of it are both found", async () => {
  using scene = new LauncherScene();
  mkdirSync(scene.path("bin"));
  symlinkSync(process.execPath, scene.path("bin/node"));
  expect((await refreshLauncher(scene.places(scene.path("bin")))).node).toBe(process.execPath);
  rmSync(scene.dataFolder, { recursive: true });
  mkdirSync(scene.path("copy"));
  copyFileSync(process.execPath, scene.path("copy/node"));
  expect((await refreshLauncher(scene.places(scene.path("copy")))).node).toBe(scene.path("copy/node"));
});

test("the launcher of Windows names the user's folder by its variable and ends in one block", () => {
  const text = windowsLauncher({
    home: "C:\\Users\\Ádá",
    dataFolder: "C:\\Users\\Ádá\\AppData\\Local\\Heirloom",
    extensionFolder: "C:\\Users\\Ádá\\.vscode\\extensions\\heirloom.heirloom-0.1.0",
    siblings: { folder: "C:\\Users\\Ádá\\.vscode\\extensions", prefix: "heirloom.heirloom-" },
    runtime: "C:\\100% Code\\Code.exe",
  });
  expect(text).not.toMatch(/[^\r]\n/u);
  expect(text).not.toContain("Ádá");
  expect(text).toContain('set "root=%USERPROFILE%\\.vscode\\extensions\\heirloom.heirloom-0.1.0"');
  expect(text).toContain('set "runtime=C:\\100%% Code\\Code.exe"');
  expect(text.endsWith('(\r\n  "%node%" "%entry%" %*\r\n  exit /b\r\n)\r\n')).toBe(true);
});
