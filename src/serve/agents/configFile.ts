import { createHash, randomUUID } from "node:crypto";
import { access, chown, lstat, open, readFile, readlink, realpath, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { HeirloomError } from "../../contract/errors.ts";
import { nodeFiles } from "../nodeFiles.ts";

/** What is on the disk under a path: `absent` where nothing is. */
export interface FileState {
  readonly bytes?: Buffer;
  /** Of the bytes; `absent` where there is no file. */
  readonly fingerprint: string;
}

export const ABSENT = "absent";
export const fingerprintOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** FORBIDDEN_PATH where it cannot be read, or is no file: a pipe would be waited for without end. */
export async function readState(file: string): Promise<FileState> {
  try {
    if (!(await stat(file)).isFile()) throw forbidden(file, "is no file");
    const bytes = await readFile(file);
    return { bytes, fingerprint: fingerprintOf(bytes) };
  } catch (error) {
    if (error instanceof HeirloomError) throw error;
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return { fingerprint: ABSENT };
    throw forbidden(file, "cannot be read", error);
  }
}

/** Whether anything is under a path, readable or not. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Text of a configuration file, its byte order mark kept. INVALID_INPUT where it is no UTF-8. */
export function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HeirloomError("INVALID_INPUT", `${file} is not UTF-8 text. Save it as UTF-8 and try again.`, { file });
  }
}

/**
 * Replaces the file whole or not at all, and only if it still is what the fingerprint says. A link stays a link, and the file keeps its mode and
 * owner; a new one is for its owner only, with the folders above it. INVALID_INPUT where it was changed meanwhile, FORBIDDEN_PATH where it is
 * read-only or cannot be written, STORAGE_FULL.
 */
export async function replaceFile(file: string, bytes: Uint8Array, was: string, mode = 0o600): Promise<void> {
  const target = await followLinks(file);
  const old = await stat(target).catch(() => undefined);
  // Renaming would get past a file that its owner has made read-only.
  if (old !== undefined && (old.mode & 0o200) === 0) throw forbidden(file, "is read-only");
  const folder = dirname(target);
  const beside = join(folder, `.heirloom-${randomUUID()}.tmp`);
  try {
    await nodeFiles.makeFolder(folder);
    const handle = await open(beside, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.chmod(old === undefined ? mode : old.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (old !== undefined && process.getuid?.() === 0) await chown(beside, old.uid, old.gid);
    if ((await readState(file)).fingerprint !== was) throw changedMeanwhile(file);
    await rename(beside, target);
    await nodeFiles.syncFolder(folder);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw explained(file, error);
  }
}

/** Takes the file away if it still is what the fingerprint says. INVALID_INPUT, FORBIDDEN_PATH */
export async function removeFile(file: string, was: string): Promise<void> {
  if ((await readState(file)).fingerprint !== was) throw changedMeanwhile(file);
  await rm(file, { force: true }).catch((error: unknown) => {
    throw explained(file, error);
  });
}

/** In the order given; one that holds something stays. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => undefined);
}

export const changedMeanwhile = (file: string): HeirloomError =>
  new HeirloomError("INVALID_INPUT", `${file} was changed since this was planned. Look at the plan anew.`, { file });

/** Where a write has to go so that links stay; also through links whose end is not there yet. */
async function followLinks(file: string): Promise<string> {
  let path = file;
  for (let links = 0; links < 40; links++) {
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) return path;
    if (!found.isSymbolicLink()) return realpath(path);
    const next = await readlink(path);
    path = isAbsolute(next) ? next : resolve(dirname(path), next);
  }
  throw forbidden(file, "is a link that leads in a circle");
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

function forbidden(file: string, what: string, cause?: unknown): HeirloomError {
  const code = codeOf(cause);
  return new HeirloomError(
    "FORBIDDEN_PATH",
    `${file} ${what}${code === undefined ? "" : ` (${code})`}. Make it accessible to this user and try again.`,
    { file },
    { cause },
  );
}

function explained(file: string, error: unknown): unknown {
  if (error instanceof HeirloomError) return error;
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new HeirloomError("STORAGE_FULL", `There is no room to write ${file}.`, { file }, { cause: error });
  }
  return code === undefined ? error : forbidden(file, "cannot be written", error);
}
