import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/** The files of one workspace, read as hostile input: paths are relative to its root, with forward slashes, and nothing outside it is read. */
export interface WorkspaceFiles {
  /** Names in a folder, sorted; empty when it is missing, unreadable, or a link that leads out of the root. */
  list(folder: string): Promise<readonly { readonly name: string; readonly folder: boolean }[]>;
  /** A regular file, by itself or through links that stay inside the root. */
  read(path: string, maxBytes: number): Promise<FileRead>;
}

export type FileRead =
  | {
      readonly bytes: Uint8Array;
      /** Where it really is, relative to the root: two paths may be one file. */
      readonly realPath: string;
    }
  | { readonly refused: "missing" | "outside the workspace" | "no regular file" | "too large" | "unreadable" };

/** The files under `root`, an absolute path. */
export function openWorkspaceFiles(root: string): WorkspaceFiles {
  const realRoot = realpath(root);
  // Whoever reads is told of it; nobody may.
  realRoot.catch(() => undefined);
  const locate = async (path: string): Promise<string | undefined> => {
    const top = await realRoot;
    const real = await realpath(join(top, path));
    return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep) ? real : undefined;
  };
  return {
    async list(folder) {
      try {
        const real = await locate(folder);
        if (real === undefined) return [];
        const entries = await readdir(real, { withFileTypes: true });
        return entries
          .map((entry) => ({ name: entry.name, folder: entry.isDirectory() }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
      } catch {
        return [];
      }
    },
    async read(path, maxBytes) {
      try {
        const top = await realRoot;
        const real = await locate(path);
        if (real === undefined) return { refused: "outside the workspace" };
        // The resolved path holds no link; should one appear meanwhile, it is not followed. O_NONBLOCK: a pipe must not hang us.
        const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
        try {
          const stat = await file.stat();
          if (!stat.isFile()) return { refused: "no regular file" };
          if (stat.size > maxBytes) return { refused: "too large" };
          const bytes = await file.readFile();
          return bytes.length > maxBytes
            ? { refused: "too large" }
            : {
                bytes,
                realPath: real
                  .slice(top.length + (top.endsWith(sep) ? 0 : 1))
                  .split(sep)
                  .join("/"),
              };
        } finally {
          await file.close();
        }
      } catch (error) {
        const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
        return { refused: missing ? "missing" : "unreadable" };
      }
    },
  };
}
