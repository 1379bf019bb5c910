import { constants, lstatSync, readdirSync, realpathSync, type Stats } from "node:fs";
import { open } from "node:fs/promises";
import { join, sep } from "node:path";
import type { ReadReason } from "./codeListing.ts";

export type EntryKind = "file" | "folder" | "link" | "other";
export interface FolderEntry {
  readonly name: string;
  readonly kind: EntryKind;
}
export interface FileStat {
  readonly kind: EntryKind;
  readonly size: number;
  readonly modifiedMs: number;
}
export type CodeBytes =
  | { readonly bytes: Uint8Array; readonly size: number; readonly modifiedMs: number }
  | { readonly leftOut: ReadReason | "no regular file" | "too large" };

/** The files below one root, read as hostile input: nothing outside it is read, and nothing that could block. Paths are relative to it. */
export interface CodeFolder {
  /** Synchronous, as each costs less than a turn of the event loop. Throws Node's error when it cannot be read. */
  list(folder: string): readonly FolderEntry[];
  /** Of the thing itself, not of what a link leads to. Undefined when it is missing or cannot be reached. */
  stat(path: string): FileStat | undefined;
  read(path: string, maxBytes: number): Promise<CodeBytes>;
}

export function openCodeFolder(root: string): CodeFolder {
  return {
    list(folder) {
      return readdirSync(join(root, folder), { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: kindOf(entry),
      }));
    },
    stat(path) {
      try {
        const stat = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
        return stat === undefined ? undefined : { kind: kindOf(stat), size: stat.size, modifiedMs: stat.mtimeMs };
      } catch {
        return undefined;
      }
    },
    async read(path, maxBytes) {
      try {
        const top = realpathSync(root);
        const real = realpathSync(join(top, path));
        if (!real.startsWith(top.endsWith(sep) ? top : top + sep)) return { leftOut: "outside" };
        // The resolved path holds no link; should one appear meanwhile, it is not followed. O_NONBLOCK: a pipe must not hang us.
        const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          return await readOpen(file, maxBytes);
        } finally {
          await file.close();
        }
      } catch (error) {
        return { leftOut: isMissing(error) ? "missing" : "unreadable" };
      }
    },
  };
}

async function readOpen(file: Awaited<ReturnType<typeof open>>, maxBytes: number): Promise<CodeBytes> {
  const stat = await file.stat();
  if (!stat.isFile()) return { leftOut: "no regular file" };
  if (stat.size > maxBytes) return { leftOut: "too large" };
  // One byte more than it said: a file that grows is not read to an end that never comes.
  const buffer = Buffer.allocUnsafe(stat.size + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const bytes = buffer.subarray(0, length);
  return { bytes, size: length, modifiedMs: stat.mtimeMs };
}

function kindOf(entry: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "other";
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
