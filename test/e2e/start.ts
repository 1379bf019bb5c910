// What `npm start` ends in: the repository's history is remembered, and a real editor shows it.
// usage: npm start [-- --workspace DIR] [--data DIR] [--question TEXT] | npm start -- --headless [options of `heirloom start`]
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EDITOR_FOLDER, type InstalledEditor, installEditor } from "./support/installEditor.ts";
import { packageHeirloom } from "./support/packageExtension.ts";
import { startEditor } from "./support/startEditor.ts";

const args = process.argv.slice(2);
/** What ends the part that runs: nothing needs it before the first one does. */
let end: () => void = () => process.exit(0);
let told = false;
whenTold(() => {
  told = true;
  end();
});
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
  if (learned !== 0 || told) return learned;
  const place = join(EDITOR_FOLDER, "start");
  mkdirSync(place, { recursive: true });
  const extension = await packageHeirloom(join(place, "heirloom.vsix"));
  return editor === undefined ? openDesktop(code ?? "code", extension, workspace) : serve(editor, extension);

  async function serve(installed: InstalledEditor, packed: string): Promise<number> {
    // What has been started is ended as the process exits.
    end = () => process.exit(0);
    const running = await startEditor(installed, {
      folder: place,
      extensions: [packed],
      sharesHome: true,
      environment: { HEIRLOOM_FIRST_LOOK: randomUUID(), ...(data === undefined ? {} : { HEIRLOOM_DATA: data }) },
    });
    say(
      `\nVS Code with Heirloom, until Ctrl-C:\n  ${running.url}?folder=${encodeURIComponent(workspace)}\n` +
        `  password  ${running.password}\nIt listens on 127.0.0.1 only; the password keeps out other users of this machine.`,
    );
    const asked = new Promise<boolean>((resolve) => (end = () => resolve(true)));
    const stopped = await Promise.race([asked, running.ended.then(() => false)]);
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
  // Not as SIGINT: a terminal gives that to the child too, and the second one would break off its closing.
  end = () => void child.kill("SIGTERM");
  const [status] = (await once(child, "exit")) as [number | null];
  return status ?? 1;
}

/** Calls once: for a signal, or when the process that started us is gone. What comes later would break off the end. */
function whenTold(act: () => void): void {
  const tell = (): void => {
    if (!told) act();
  };
  process.on("SIGINT", tell).on("SIGTERM", tell).on("SIGHUP", tell).on("disconnect", tell);
  // Only where there is a channel; it does not keep us alive.
  process.channel?.unref();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
