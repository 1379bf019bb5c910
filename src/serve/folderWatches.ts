import { type FSWatcher, lstatSync, readdirSync, type watch } from "node:fs";
import { join } from "node:path";
import { judgeFolderName } from "../engine/code/walk/judgePath.ts";

/** Folders past which nothing is watched: each costs the system a watch, of which a user has a limited number, and us 2 kB. */
const MAXIMUM_FOLDERS = 32_768;

export interface FolderWatchesOptions {
  readonly root: string;
  readonly watch: typeof watch;
  /** A path relative to the root with forward slashes. */
  readonly changed: (path: string) => void;
  /** The system refuses: nothing is watched any more. */
  readonly failed: () => void;
}

/**
 * A watch for each folder that holds code, and for each that appears, so that a file in one that was made empty is not missed. Measured on
 * 53,739 files in 14,719 folders: 0.2 s and 28 MB, where Node's own recursive watch, which watches each file on Linux, takes 1.1 s, 185 MB
 * and 68,501 of the system's watches, and chokidar 5, which does the same, 6.7 s and 512 MB.
 */
export class FolderWatches {
  readonly #options: FolderWatchesOptions;
  readonly #watched = new Map<string, FSWatcher>();
  /** Watched because they appeared, until a walk finds code in them or they go. */
  readonly #appeared = new Set<string>();
  #isClosed = false;

  constructor(options: FolderWatchesOptions) {
    this.#options = options;
  }

  /** Watches these, those above them, and what appeared meanwhile; nothing else any more. */
  cover(folders: ReadonlySet<string>): void {
    const wanted = withParents(folders);
    for (const folder of this.#appeared) {
      if (!wanted.has(folder) && this.#isFolder(folder)) wanted.add(folder);
      else this.#appeared.delete(folder);
    }
    for (const folder of [...this.#watched.keys()]) if (!wanted.has(folder)) this.#drop(folder);
    for (const folder of wanted) if (this.#add(folder)) this.#options.changed(folder);
  }

  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watched.values()) watcher.close();
    this.#watched.clear();
    this.#appeared.clear();
  }

  /** Whether the folder is watched now and was not before. */
  #add(folder: string): boolean {
    if (this.#isClosed || this.#watched.has(folder)) return false;
    if (this.#watched.size >= MAXIMUM_FOLDERS) {
      this.#fail();
      return false;
    }
    const { root, watch: start } = this.#options;
    try {
      const watcher = start(join(root, folder), { persistent: false }, (event, name) =>
        this.#note(folder, event, name),
      );
      watcher.on("error", () => this.#fail());
      this.#watched.set(folder, watcher);
      return true;
    } catch (error) {
      // One that is gone again needs no watch; anything else means that the system has none left.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) this.#fail();
      return false;
    }
  }

  #note(folder: string, event: string, name: string | null): void {
    if (this.#isClosed) return;
    if (name === ".git") return;
    const path = name === null ? folder : inFolder(folder, name);
    if (event === "rename" && name !== null) {
      // A folder that was moved or replaced is no longer watched, or under a name that is not its own.
      this.#dropBelow(path);
      if (this.#isFolder(path)) this.#appear(path);
    }
    this.#options.changed(path);
  }

  /** Watched before it is listed: what is made in it meanwhile shows as an event. */
  #appear(path: string): void {
    const waiting = [path];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const name = folder.slice(folder.lastIndexOf("/") + 1);
      if (name === ".git" || judgeFolderName(name) !== undefined) continue;
      if (!this.#add(folder)) continue;
      this.#appeared.add(folder);
      for (const inner of this.#foldersIn(folder)) waiting.push(inFolder(folder, inner));
    }
  }

  #foldersIn(folder: string): readonly string[] {
    try {
      const entries = readdirSync(join(this.#options.root, folder), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch {
      return [];
    }
  }

  #isFolder(folder: string): boolean {
    try {
      return lstatSync(join(this.#options.root, folder)).isDirectory();
    } catch {
      return false;
    }
  }

  #dropBelow(path: string): void {
    if (!this.#watched.has(path)) return;
    for (const folder of [...this.#watched.keys()])
      if (folder === path || folder.startsWith(`${path}/`)) this.#drop(folder);
  }

  #drop(folder: string): void {
    this.#watched.get(folder)?.close();
    this.#watched.delete(folder);
    this.#appeared.delete(folder);
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.failed();
  }
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

function withParents(folders: ReadonlySet<string>): Set<string> {
  const all = new Set<string>([""]);
  for (let folder of folders)
    while (!all.has(folder)) {
      all.add(folder);
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")));
    }
  return all;
}
