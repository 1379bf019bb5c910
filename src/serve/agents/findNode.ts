import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";

/** A Node that was found on PATH, with what tells cheaply that its file is still the same. */
export interface FoundNode {
  readonly path: string;
  /** Size and time of change of the file. */
  readonly stamp: string;
}

/** What ships runs from here on; see `engines` in package.json. */
const LEAST = [20, 19] as const;
/** A folder in PATH may hold a script that starts anything. */
const TIMEOUT_MS = 5_000;

/**
 * The first Node on PATH that is new enough, by its real path: version managers put a script there that takes another Node in each folder.
 * `known` is taken as it is while its file has not changed, so that most calls start no process.
 */
export async function findNode(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  known?: FoundNode,
): Promise<FoundNode | undefined> {
  if (known !== undefined && (await stampOf(known.path)) === known.stamp) return known;
  const name = platform === "win32" ? "node.exe" : "node";
  const folders = (environment["PATH"] ?? environment["Path"] ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of new Set(folders)) {
    // A project's own Node comes and goes with the project.
    if (folder.split(/[\\/]/u).includes("node_modules")) continue;
    const candidate = join(folder, name);
    if (!(await isExecutable(candidate))) continue;
    const path = await realNode(candidate);
    const stamp = path === undefined ? undefined : await stampOf(path);
    if (path !== undefined && stamp !== undefined) return { path, stamp };
  }
  return undefined;
}

async function realNode(candidate: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      candidate,
      ["-p", "JSON.stringify([process.execPath, process.versions.node])"],
      { timeout: TIMEOUT_MS, windowsHide: true },
    );
    const [path, version] = JSON.parse(stdout) as readonly [string, string];
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs } = await stat(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return undefined;
  }
}
