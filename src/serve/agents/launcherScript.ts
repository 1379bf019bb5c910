/** What a launcher script is made of: absolute paths only. */
export interface LauncherTargets {
  readonly dataFolder: string;
  /** The extension or package whose `dist` is run. */
  readonly extensionFolder: string;
  /** The folder and the name's beginning of versions of the extension that are installed beside it. */
  readonly siblings?: { readonly folder: string; readonly prefix: string };
  readonly runtime: string;
  readonly node?: string;
}

/**
 * For /bin/sh, also that of Git for Windows. It starts no process but the one that it becomes: an agent waits for its hooks. Where the recorded
 * folder is gone, VS Code has updated the extension and not run it since: the sibling that came last is taken.
 */
export function shellLauncher({ dataFolder, extensionFolder, siblings, runtime, node }: LauncherTargets): string {
  const find =
    siblings === undefined
      ? []
      : [
          `  for each in ${quoted(`${siblings.folder}/${siblings.prefix}`)}*; do`,
          `    if [ -f "$each/dist/cli.js" ] && { [ -z "$root" ] || [ "$each" -nt "$root" ]; }; then root=$each; fi`,
          `  done`,
        ];
  return [
    "#!/bin/sh",
    "# Made by Heirloom, and written anew when VS Code starts: changes in here are lost.",
    `root=${quoted(extensionFolder)}`,
    `runtime=${quoted(runtime)}`,
    `node=${quoted(node ?? "")}`,
    'if [ ! -f "$root/dist/cli.js" ]; then',
    "  root=",
    ...find,
    "fi",
    'if [ -z "$root" ]; then',
    `  echo "heirloom: the extension is gone from where it was installed. Install it again, and open VS Code once." >&2`,
    "  exit 1",
    "fi",
    `if [ -z "\${HEIRLOOM_DATA-}" ]; then HEIRLOOM_DATA=${quoted(dataFolder)}; export HEIRLOOM_DATA; fi`,
    'if [ "${1-}" = hook ]; then entry=$root/dist/hook.js; else entry=$root/dist/cli.js; fi',
    'if [ -n "$node" ] && [ -x "$node" ]; then exec "$node" "$entry" "$@"; fi',
    'if [ -x "$runtime" ]; then ELECTRON_RUN_AS_NODE=1; export ELECTRON_RUN_AS_NODE; exec "$runtime" "$entry" "$@"; fi',
    'if command -v node >/dev/null; then exec node "$entry" "$@"; fi',
    'echo "heirloom: neither VS Code nor Node 20.19 is where it was. Open VS Code once, or install Node." >&2',
    "exit 127",
    "",
  ].join("\n");
}

/**
 * For cmd.exe. It reads a script anew after every command, so what runs long stands in one block, which it has read whole: the script may be
 * replaced meanwhile. It also reads in the console's code page, so the user's folder, whose name may have any letters, is left to a variable.
 */
export function windowsLauncher(targets: LauncherTargets & { readonly home: string }): string {
  const { home, extensionFolder, siblings, runtime, node } = targets;
  const path = (text: string): string => {
    const below = text.toLowerCase().startsWith(`${home.toLowerCase()}\\`);
    return below ? `%USERPROFILE%${text.slice(home.length).replaceAll("%", "%%")}` : text.replaceAll("%", "%%");
  };
  const find =
    siblings === undefined
      ? []
      : [
          `set "beside=${path(siblings.folder)}"`,
          `if not defined root for /f "delims=" %%D in ('dir /b /ad /od "%beside%\\${siblings.prefix}*" 2^>nul') do if exist "%beside%\\%%D\\dist\\cli.js" set "root=%beside%\\%%D"`,
        ];
  return [
    "@echo off",
    "rem Made by Heirloom, and written anew when VS Code starts: changes in here are lost.",
    "setlocal DisableDelayedExpansion",
    `set "root=${path(extensionFolder)}"`,
    `set "runtime=${path(runtime)}"`,
    `set "node=${path(node ?? "")}"`,
    'if not exist "%root%\\dist\\cli.js" set "root="',
    ...find,
    "if not defined root (",
    "  echo heirloom: the extension is gone from where it was installed. Install it again, and open VS Code once. 1>&2",
    "  exit /b 1",
    ")",
    'if not defined HEIRLOOM_DATA for %%I in ("%~dp0..") do set "HEIRLOOM_DATA=%%~fI"',
    'set "entry=%root%\\dist\\cli.js"',
    'if "%~1"=="hook" set "entry=%root%\\dist\\hook.js"',
    'if not defined node set "node=%runtime%"',
    'if not exist "%node%" set "node=%runtime%"',
    'if not exist "%node%" set "node=node"',
    // Node itself passes this variable over.
    'set "ELECTRON_RUN_AS_NODE=1"',
    "(",
    '  "%node%" "%entry%" %*',
    "  exit /b",
    ")",
    "",
  ].join("\r\n");
}

/** One word for a shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
