import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { exists, fingerprintOf, readState, replaceFile } from "./configFile.ts";
import { findNode } from "./findNode.ts";
import { type LauncherTargets, shellLauncher, windowsLauncher } from "./launcherScript.ts";

/** What the launcher is made of. */
export interface LauncherPlaces {
  readonly dataFolder: string;
  /** The root of the extension or package, which holds `dist/cli.js` and `dist/hook.js`. */
  readonly extensionFolder: string;
  /** An executable that runs as Node with ELECTRON_RUN_AS_NODE=1: VS Code's `process.execPath`, or Node itself. */
  readonly runtime: string;
  readonly platform?: NodeJS.Platform;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
}

export interface LauncherState {
  /** What agents run: `bin/heirloom`, on Windows `bin/heirloom.cmd`. */
  readonly path: string;
  /** The Node that it prefers to the runtime; absent: none on PATH is new enough. */
  readonly node?: string;
  /** Whether anything had to be written. */
  readonly changed: boolean;
}

const launcherRecord = z.object({
  version: z.literal(1),
  extensionFolder: z.string(),
  runtime: z.string(),
  node: z.object({ path: z.string(), stamp: z.string() }).optional(),
});

export function launcherPath(dataFolder: string, platform: NodeJS.Platform = process.platform): string {
  return join(dataFolder, "bin", platform === "win32" ? "heirloom.cmd" : "heirloom");
}

/** Makes the launcher run what is given. What runs from it already is not disturbed. FORBIDDEN_PATH, STORAGE_FULL */
export async function refreshLauncher(places: LauncherPlaces): Promise<LauncherState> {
  const { dataFolder, extensionFolder, runtime, platform = process.platform, home = homedir() } = places;
  const recordFile = join(dataFolder, "bin", "launcher.json");
  const known = await readRecord(recordFile);
  const node = await findNode(places.environment ?? process.env, platform, known?.node);
  const targets: LauncherTargets = {
    dataFolder,
    extensionFolder,
    ...siblingsOf(extensionFolder),
    runtime,
    ...(node === undefined ? {} : { node: node.path }),
  };
  const path = launcherPath(dataFolder, platform);
  const record = { version: 1, extensionFolder, runtime, ...(node === undefined ? {} : { node }) };
  const files: readonly (readonly [string, string, number])[] = [
    // Git for Windows runs hooks in its own shell.
    [join(dataFolder, "bin", "heirloom"), shellLauncher(platform === "win32" ? withSlashes(targets) : targets), 0o755],
    ...(platform === "win32" ? [[path, windowsLauncher({ ...targets, home }), 0o755] as const] : []),
    [recordFile, `${JSON.stringify(record)}\n`, 0o600],
  ];
  let changed = false;
  for (const [file, text, mode] of files) {
    const bytes = Buffer.from(text);
    const { fingerprint } = await readState(file);
    if (fingerprint === fingerprintOf(bytes)) continue;
    try {
      await replaceFile(file, bytes, fingerprint, mode);
    } catch (error) {
      // Windows that start together all make the same one.
      if ((await readState(file)).fingerprint !== fingerprintOf(bytes)) throw error;
    }
    changed = true;
  }
  return { path, ...(node === undefined ? {} : { node: node.path }), changed };
}

/** Leaves alone a launcher that works: that of the extension is not to be taken over by a command that was run from elsewhere. */
export async function ensureLauncher(places: LauncherPlaces): Promise<LauncherState> {
  const path = launcherPath(places.dataFolder, places.platform);
  const known = await readRecord(join(places.dataFolder, "bin", "launcher.json"));
  const works =
    known !== undefined && (await exists(path)) && (await exists(join(known.extensionFolder, "dist", "cli.js")));
  if (!works) return refreshLauncher(places);
  return { path, ...(known.node === undefined ? {} : { node: known.node.path }), changed: false };
}

async function readRecord(file: string): Promise<z.infer<typeof launcherRecord> | undefined> {
  try {
    return launcherRecord.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    // It only saves work: one that is not there, or of another version, is made anew.
    return undefined;
  }
}

/** VS Code installs each version into a folder of its own, PUBLISHER.NAME-VERSION. */
function siblingsOf(extensionFolder: string): Pick<LauncherTargets, "siblings"> {
  const prefix = /^(.+\.heirloom-)\d/u.exec(basename(extensionFolder))?.[1];
  return prefix === undefined ? {} : { siblings: { folder: dirname(extensionFolder), prefix } };
}

function withSlashes(targets: LauncherTargets): LauncherTargets {
  const slashed = (text: string): string => text.replaceAll("\\", "/");
  return {
    dataFolder: slashed(targets.dataFolder),
    extensionFolder: slashed(targets.extensionFolder),
    runtime: slashed(targets.runtime),
    ...(targets.node === undefined ? {} : { node: slashed(targets.node) }),
    ...(targets.siblings === undefined
      ? {}
      : { siblings: { folder: slashed(targets.siblings.folder), prefix: targets.siblings.prefix } }),
  };
}
