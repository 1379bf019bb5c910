import { constants, statSync } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Files, OpenFile } from "../engine/ports.ts";

/** The operating system's files: 0600, in folders of 0700. */
export const nodeFiles: Files = {
  async open(path, how) {
    const flags = {
      read: constants.O_RDONLY,
      append: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT,
      exclusive: constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL,
    }[how];
    return new NodeFile(await open(path, flags, 0o600));
  },
  async readFile(path) {
    return readFile(path);
  },
  sizeSync(path) {
    return statSync(path, { throwIfNoEntry: false })?.size;
  },
  modifiedSync(path) {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (thrown) {
      if (codeOf(thrown) === "ENOENT") return [];
      throw thrown;
    }
  },
  async makeFolder(folder) {
    await makeFolder(folder);
  },
  async rename(from, to) {
    await rename(from, to);
  },
  async link(existing, name) {
    await link(existing, name);
  },
  async remove(path) {
    await rm(path, { force: true });
  },
  async syncFolder(folder) {
    // Windows opens no folder for syncing; NTFS journals its names itself.
    if (process.platform === "win32") return;
    const handle = await open(folder, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/**
 * Not mkdir's own `recursive`: where a folder is there and refuses another in it with ENOENT, as below /proc, Node 24's never ends. ENOTDIR when
 * a file is in the way.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (thrown) {
    if (isFolder(folder)) return;
    const code = codeOf(thrown);
    const above = dirname(folder);
    if (code === "EEXIST") throw notAFolder(folder, thrown);
    if (code !== "ENOENT" || above === folder) throw thrown;
    // Another process may have made the one above since.
    if (!isFolder(above)) await makeFolder(above);
    await mkdir(folder, { mode: 0o700 }).catch((second: unknown) => {
      if (!isFolder(folder)) throw second;
    });
  }
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
};

const codeOf = (thrown: unknown): unknown => (thrown instanceof Error && "code" in thrown ? thrown.code : undefined);

const notAFolder = (path: string, cause: unknown): Error =>
  Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`, { cause }), { code: "ENOTDIR" });

class NodeFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async append(bytes: Uint8Array): Promise<void> {
    // A full disk first writes less than it was given, and refuses the rest.
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, null);
      done += bytesWritten;
    }
  }

  async datasync(): Promise<void> {
    await this.#handle.datasync();
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { size } = await this.#handle.stat();
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  async truncate(length: number): Promise<void> {
    await this.#handle.truncate(length);
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
