// What `npm start` ends in: the repository's history is remembered, and a real editor shows it.
// usage: npm start [-- --workspace DIR] [--data DIR] [--question TEXT] | npm start -- --headless [options of `heirloom start`]
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EDITOR_FOLDER, type InstalledEditor, installEditor } from "./support/installEditor.ts";
import { packageHeirloom } from "./support/packageExtension.ts";
import { startEditor } from "./support/startEditor.ts";

const args = process.argv.slice(2);
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    args,
    strict: false,
    options: { workspace: { type: "string" }, data: { type: "string" } },
  });
  const workspace = resolve(typeof values.workspace === "string" ? values.workspace : ".");
  const data = typeof values.data === "string" ? resolve(values.data) : undefined;
  // What asks for output, or for a server at a port, wants no editor.
  if (["headless", "once", "json", "port", "profile", "help"].some((name) => values[name] !== undefined)) {
    return heirloom(["start", ...args.filter((arg) => arg !== "--headless")]);
  }
  const code = data === undefined ? desktopEditor() : undefined;
  const editor = code === undefined ? await browserEditor() : undefined;
  if (code === undefined && editor === undefined) return heirloom(["start", ...args]);
  const learned = await heirloom(["start", "--once", ...args]);
  if (learned !== 0) return learned;
  const place = join(EDITOR_FOLDER, "start");
  mkdirSync(place, { recursive: true });
  const extension = await packageHeirloom(join(place, "heirloom.vsix"));
  return editor === undefined ? openDesktop(code ?? "code", extension, workspace) : serve(editor, extension);

  async function serve(installed: InstalledEditor, packed: string): Promise<number> {
    const running = await startEditor(installed, {
      folder: place,
      extensions: [packed],
      sharesHome: true,
      ...(data === undefined ? {} : { environment: { HEIRLOOM_DATA: data } }),
    });
    say(
      `\nVS Code with Heirloom, until Ctrl-C:\n  ${running.url}?folder=${encodeURIComponent(workspace)}\n` +
        `  password  ${running.password}\nIt listens on 127.0.0.1 only; the password keeps out other users of this machine.`,
    );
    const stopped = await Promise.race([signalled().then(() => true), running.ended.then(() => false)]);
    await running.stop();
    if (stopped) return 0;
    say(`code-server ended by itself:\n${running.said().split("\n").slice(-12).join("\n")}`);
    return 1;
  }
}

/** The `code` command, where it can show a window. */
function desktopEditor(): string | undefined {
  const { CI, DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI } = process.env;
  if (CI !== undefined && CI !== "") return undefined;
  const shows =
    process.platform === "win32" ||
    process.platform === "darwin" ||
    [DISPLAY, WAYLAND_DISPLAY, VSCODE_IPC_HOOK_CLI].some((value) => value !== undefined && value !== "");
  if (!shows) return undefined;
  const { status } = spawnSync("code", ["--version"], { stdio: "ignore", shell: process.platform === "win32" });
  return status === 0 ? "code" : undefined;
}

/** Undefined where none can be had: then Heirloom is served without one. */
async function browserEditor(): Promise<InstalledEditor | undefined> {
  try {
    return await installEditor({
      onInstall: () => say("Installing an editor for the browser into .vscode-test/ (650 MB, once) …"),
    });
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\nServing without an editor.\n`);
    return undefined;
  }
}

async function openDesktop(code: string, extension: string, workspace: string): Promise<number> {
  const shell = process.platform === "win32";
  for (const call of [["--install-extension", extension, "--force"], [workspace]]) {
    const { status } = spawnSync(code, call, { stdio: "inherit", shell });
    if (status !== 0) return status ?? 1;
  }
  say(`\nVS Code shows ${workspace}: Heirloom is in the activity bar.`);
  return 0;
}

/** Runs the built command here, and ends it with us. */
async function heirloom(command: readonly string[]): Promise<number> {
  const cli = join(import.meta.dirname, "../../dist/cli.js");
  const child = spawn(process.execPath, [cli, ...command], { stdio: "inherit" });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGTERM", pass).on("SIGINT", pass);
  const [status] = (await once(child, "exit")) as [number | null];
  process.off("SIGTERM", pass).off("SIGINT", pass);
  return status ?? 1;
}

async function signalled(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
