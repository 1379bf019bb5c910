import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { InstalledEditor } from "./installEditor.ts";

export interface EditorOptions {
  /** Keeps user data, extensions and the home folder of this editor apart from every other. */
  readonly folder: string;
  /** Packages that are installed before it starts. */
  readonly extensions: readonly string[];
  /** Entries of the user's settings.json, where there is none yet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment that the extension host inherits. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it has the home folder of whoever starts it; else one of its own. */
  readonly sharesHome?: boolean;
  readonly port?: number;
}

export interface RunningEditor {
  /** `http://127.0.0.1:PORT/`. Whoever opens it has to give the password: any user of the machine can reach the port. */
  readonly url: string;
  readonly password: string;
  /** What code-server wrote to stdout and stderr. */
  said(): string;
  /** Resolves when the process has ended, by itself or by `stop`. */
  readonly ended: Promise<void>;
  /** Ends it and every process that it started. */
  stop(): Promise<void>;
}

/** Starts VS Code in the form of code-server and resolves when it listens. */
export async function startEditor(installed: InstalledEditor, options: EditorOptions): Promise<RunningEditor> {
  const userData = join(options.folder, "user-data");
  const extensions = join(options.folder, "extensions");
  const home = join(options.folder, "home");
  for (const folder of [join(userData, "User"), extensions, home]) mkdirSync(folder, { recursive: true });
  const settings = join(userData, "User/settings.json");
  if (!existsSync(settings)) writeFileSync(settings, `${JSON.stringify({ ...QUIET, ...options.settings }, null, 2)}\n`);
  const places = [
    `--config=${join(options.folder, "config.yaml")}`,
    `--user-data-dir=${userData}`,
    `--extensions-dir=${extensions}`,
  ];
  const password = randomBytes(18).toString("base64url");
  const env = {
    ...cleanEnvironment(),
    ...(options.sharesHome === true ? {} : { HOME: home, USERPROFILE: home }),
    ...options.environment,
    PASSWORD: password,
  };
  await installExtensions(installed, places, options.extensions, env);
  const bound = ["--auth=password", `--bind-addr=127.0.0.1:${options.port ?? 0}`];
  const silent = ["--disable-telemetry", "--disable-update-check"];
  const child = spawn(installed.node, [installed.entry, ...places, ...bound, ...silent], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that its extension hosts end with it; and Ctrl-C comes to us first.
    detached: process.platform !== "win32",
  });
  const kill = (): void => void killGroup(child, "SIGKILL");
  process.once("exit", kill);
  let said = "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve())).then(() => {
    process.removeListener("exit", kill);
  });
  const url = await new Promise<string>((resolve, reject) => {
    const read = (text: string): void => {
      said += text;
      const listening = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+\/)/u.exec(said)?.[1];
      if (listening !== undefined) resolve(listening);
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    void ended.then(() => reject(new Error(`code-server ended before it listened:\n${said}`)));
  });
  return { url, password, said: () => said, ended, stop: () => stop(child, ended) };
}

/** Unpacks packages into the extensions folder, as `Install from VSIX` does. */
async function installExtensions(
  installed: InstalledEditor,
  places: readonly string[],
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (files.length === 0) return;
  const wanted = files.flatMap((file) => ["--install-extension", file]);
  await promisify(execFile)(installed.node, [installed.entry, ...places, ...wanted, "--force"], { env });
}

/** Settings of every editor here: nothing that asks, moves or reaches for the network. */
const QUIET = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "chat.commandCenter.enabled": false,
  "git.autofetch": false,
};

/** Ours without what npm, vitest and an editor around us put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(npm_|VSCODE_|VITEST|NODE_OPTIONS$|NODE_ENV$|ELECTRON_|GIT_|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/u;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  killGroup(child, "SIGTERM");
  const late = globalThis.setTimeout(() => killGroup(child, "SIGKILL"), 8_000);
  await ended;
  clearTimeout(late);
  // Extension hosts outlive the server for as long as their extensions take to close.
  for (let waited = 0; waited < 4_000 && killGroup(child, 0); waited += 50) await setTimeout(50);
  killGroup(child, "SIGKILL");
}

/** Whether there was any process left to send it to. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    return false;
  }
}
