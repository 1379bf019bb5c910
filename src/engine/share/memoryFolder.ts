import { constants, lstatSync, readdirSync, type Stats } from "node:fs";
import { mkdir, open, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { MOST_SHARED_BYTES, MOST_SHARED_FILES, SHARED_FOLDER, type SharedProblem } from "../../contract/share.ts";
import { endOfName, readMemoryFile, sharedHash, type SharedMemory } from "./memoryFile.ts";

export interface SharedFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** As it stands there, with its own line ends. */
  readonly text: string;
  readonly memory: SharedMemory;
  readonly hash: string;
}

export interface SharedFiles {
  /** By id, in the order of paths. */
  readonly files: ReadonlyMap<string, SharedFile>;
  /** What is none, with why; at most as many as files may be. */
  readonly problems: readonly SharedProblem[];
}

/**
 * The shared memories of a work tree as they are now. What is no such file is told and stops none of the others; of two with one id neither
 * counts. Links are not followed, wherever they lead. Never throws.
 */
export async function readSharedFiles(root: string): Promise<SharedFiles> {
  const problems: SharedProblem[] = [];
  const found: SharedFile[] = [];
  const paths = listPaths(root, problems);
  for (const path of paths.slice(0, MOST_SHARED_FILES)) {
    const text = await readText(join(root, path)).catch(() => ({ problem: "cannot be read" }));
    const memory = typeof text === "string" ? readMemoryFile(text) : text;
    if ("problem" in memory) problems.push({ path, message: memory.problem });
    else if (!path.endsWith(endOfName(memory.id)))
      problems.push({
        path,
        message: `its id is ${memory.id}, but its name does not end with ${endOfName(memory.id)}`,
      });
    else found.push({ path, text: text as string, memory, hash: sharedHash(memory) });
  }
  if (paths.length > MOST_SHARED_FILES)
    problems.push({
      path: SHARED_FOLDER,
      message: `holds more than ${MOST_SHARED_FILES} files; the others are not read`,
    });
  const files = new Map<string, SharedFile>();
  const twice = new Set<string>();
  for (const file of found) {
    const other = files.get(file.memory.id);
    if (other !== undefined) twice.add(file.memory.id);
    if (other !== undefined) problems.push({ path: file.path, message: `has the same id as ${other.path}` });
    else files.set(file.memory.id, file);
  }
  for (const id of twice) files.delete(id);
  return { files, problems };
}

/** Whole or not at all. FORBIDDEN_PATH where a folder on the way is a link or a file. */
export async function writeSharedFile(root: string, path: string, text: string): Promise<void> {
  refuseLinks(root, path);
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  const half = `${whole}.${process.pid}.new`;
  try {
    await writeFile(half, text, { flag: "wx" });
    await rename(half, whole);
  } finally {
    await rm(half, { force: true });
  }
}

/** With the folder of its kind when that is empty. FORBIDDEN_PATH as for writing. */
export async function removeSharedFile(root: string, path: string): Promise<void> {
  refuseLinks(root, path);
  await rm(join(root, path), { force: true });
  await rmdir(join(root, dirname(path))).catch(() => undefined);
}

/** Of files of the folders that are kinds, in order. */
function listPaths(root: string, problems: SharedProblem[]): readonly string[] {
  const paths: string[] = [];
  const [above = ""] = SHARED_FOLDER.split("/");
  for (const folder of [above, SHARED_FOLDER]) {
    const stat = statOf(join(root, folder));
    if (stat === undefined) return paths;
    if (stat.isDirectory()) continue;
    problems.push({ path: folder, message: "is no folder of this work tree, and is not followed" });
    return paths;
  }
  const names = (folder: string) => {
    try {
      return readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch {
      problems.push({ path: folder, message: "cannot be read" });
      return [];
    }
  };
  for (const kind of names(SHARED_FOLDER)) {
    const folder = `${SHARED_FOLDER}/${kind.name}`;
    if (!kind.isDirectory()) {
      problems.push({ path: shown(folder), message: kind.isSymbolicLink() ? LINK : "is no folder of a kind" });
      continue;
    }
    for (const file of names(folder)) {
      const path = `${folder}/${file.name}`;
      // What a write of ours that was cut off has left.
      if (file.name.endsWith(".new")) continue;
      if (file.isFile() && file.name.endsWith(".md") && !/[\p{Cc}\\]/u.test(path)) paths.push(path);
      else problems.push({ path: shown(path), message: file.isSymbolicLink() ? LINK : "is no file of a memory" });
      if (paths.length > MOST_SHARED_FILES || problems.length > MOST_SHARED_FILES) return paths;
    }
  }
  return paths;
}

const LINK = "is a link, and is not followed";

async function readText(path: string): Promise<string | { readonly problem: string }> {
  // A link that takes the file's place meanwhile is not followed either. O_NONBLOCK: a pipe must not hang us.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return { problem: "is no regular file" };
    if (stat.size > MOST_SHARED_BYTES) return { problem: `is larger than ${MOST_SHARED_BYTES} bytes` };
    const buffer = Buffer.alloc(MOST_SHARED_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > MOST_SHARED_BYTES) return { problem: `is larger than ${MOST_SHARED_BYTES} bytes` };
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(buffer.subarray(0, bytesRead));
    } catch {
      return { problem: "is no UTF-8 text" };
    }
  } finally {
    await file.close();
  }
}

function refuseLinks(root: string, path: string): void {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join("/");
    const stat = statOf(join(root, part));
    if (stat === undefined) return;
    if (length < parts.length ? stat.isDirectory() : stat.isFile()) continue;
    throw new HeirloomError(
      "FORBIDDEN_PATH",
      `${part} is no ${length < parts.length ? "folder" : "file"} of this work tree: remove it first.`,
    );
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** On one line and not long: it comes from the repository. */
const shown = (path: string): string => path.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
