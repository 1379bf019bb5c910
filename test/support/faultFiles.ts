import type { Files, OpenFile } from "../../src/engine/ports.ts";

/** What goes wrong, changed by a test while it runs. */
export interface Faults {
  /** Bytes that the disk still takes; an append that needs more writes those and fails with ENOSPC. */
  room: number;
  /** Called before every datasync of a file; throw or wait here. */
  datasync: (path: string) => Promise<void>;
  truncate: (path: string) => Promise<void>;
  /** Called before an append to a file; throw here. */
  append: (path: string) => Promise<void>;
}

/** `files` with injected faults. */
export function withFaults(files: Files): { readonly files: Files; readonly faults: Faults } {
  const nothing = (): Promise<void> => Promise.resolve();
  const faults: Faults = { room: Infinity, datasync: nothing, truncate: nothing, append: nothing };
  const open: Files["open"] = async (path, how) => faulty(await files.open(path, how), path, faults);
  return {
    faults,
    files: {
      open,
      readFile: (path) => files.readFile(path),
      sizeSync: (path) => files.sizeSync(path),
      modifiedSync: (path) => files.modifiedSync(path),
      list: (folder) => files.list(folder),
      makeFolder: (folder) => files.makeFolder(folder),
      rename: (from, to) => files.rename(from, to),
      link: (existing, name) => files.link(existing, name),
      remove: (path) => files.remove(path),
      syncFolder: (folder) => files.syncFolder(folder),
    },
  };
}

export function nodeError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

function faulty(file: OpenFile, path: string, faults: Faults): OpenFile {
  return {
    async append(bytes) {
      await faults.append(path);
      const fits = bytes.subarray(0, Math.min(bytes.length, faults.room));
      faults.room -= fits.length;
      await file.append(fits);
      if (fits.length < bytes.length) throw nodeError("ENOSPC");
    },
    async datasync() {
      await faults.datasync(path);
      await file.datasync();
    },
    async truncate(length) {
      await faults.truncate(path);
      await file.truncate(length);
    },
    read: (offset, length) => file.read(offset, length),
    size: () => file.size(),
    close: () => file.close(),
  };
}
