import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** The release that tests and `npm start` run: VS Code 1.139.1 with its own extension host, as an npm package. */
export const CODE_SERVER = "4.139.1";

const repository = join(import.meta.dirname, "../../..");
/** Where everything lies that tests of the editor need and git ignores. */
export const EDITOR_FOLDER = join(repository, ".vscode-test");

export interface InstalledEditor {
  /** The Node 24 that runs it: that of the `node` package, whatever the system's Node is. */
  readonly node: string;
  /** code-server's entry point. */
  readonly entry: string;
}

/**
 * Installs code-server from the npm registry where it is missing: about 20 seconds and 650 MB. It is made in a folder of its own that gets
 * its name when it is complete, so a half install is never taken for one. Throws an Error that says what to do.
 */
export async function installEditor(
  options: { readonly folder?: string; readonly onInstall?: () => void } = {},
): Promise<InstalledEditor> {
  const folder = options.folder ?? EDITOR_FOLDER;
  const installed = join(folder, `editor-${CODE_SERVER}`);
  const editor = { node: bundledNode(), entry: join(installed, "node_modules/code-server/out/node/entry.js") };
  if (existsSync(installed)) return editor;
  options.onInstall?.();
  mkdirSync(folder, { recursive: true });
  removeHalfInstalls(folder);
  const half = mkdtempSync(join(folder, `installing-${process.pid}-`));
  try {
    writeFileSync(join(half, "package.json"), `{"private":true}\n`);
    await npm(half, ["install", "--save-exact", `code-server@${CODE_SERVER}`]);
    // Its own postinstall wants to build natives that are not needed, so the packages of the server inside are installed here, and those of
    // the extensions that come with it: TypeScript among them, without which no symbol of a script is known.
    const server = join(half, "node_modules/code-server/lib/vscode");
    await Promise.all([server, join(server, "extensions")].map((part) => npm(part, ["install", "--omit=dev"])));
    renameUnlessThere(half, installed);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return editor;
}

function bundledNode(): string {
  const name = process.platform === "win32" ? "node.exe" : "node";
  return join(repository, "node_modules/node/bin", name);
}

async function npm(folder: string, args: readonly string[]): Promise<void> {
  const quiet = [
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=500",
  ];
  const child = spawn("npm", [...args, ...quiet], {
    cwd: folder,
    env: { ...process.env, PATH: `${dirname(bundledNode())}${delimiter}${process.env["PATH"] ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code) => resolve(String(code)));
  });
  if (status === "0") return;
  const last = said.trim().split("\n").slice(-6).join("\n  ");
  throw new Error(
    `code-server ${CODE_SERVER} could not be installed: npm ${args[0] ?? ""} ended with ${status}.\n  ${last}\n` +
      `Is the npm registry reachable (npm ping)? Nothing half-done was left; the next run tries again.`,
  );
}

/** What ended processes left. A running one's is left alone. */
function removeHalfInstalls(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = /^installing-(\d+)-/u.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Another process may have been faster: its install is as good. */
function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
