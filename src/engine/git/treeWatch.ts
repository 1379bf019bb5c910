import { type FSWatcher, lstatSync, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { Evidence } from "./stamp.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** Folders past which a work tree is not watched: each costs the system a watch, of which a user has a limited number. */
const MAXIMUM_FOLDERS = 4_096;
/** Changed names that are looked at one by one; more of them and the folders are listed anew. */
const MAXIMUM_SUSPECTS = 1_000;
/** The folders are listed anew after this many times what listing them took, so that a busy work tree costs at most a twentieth. */
const REST_FACTOR = 20;

/** Files whose change may bring folders into view that were ignored. */
const ignoreFiles: ReadonlySet<string> = new Set([".gitignore", "exclude", "config", "config.worktree"]);

/**
 * Counts what happens in the folders of a work tree that git looks into, and in its git directory. Linux only: there the kernel queues an
 * event before the call that caused it returns, so that whoever asks after a change was made finds it in the queue. Every folder that is not
 * ignored is watched, also an empty one, because an untracked file counts as well. Where there are too many folders, nested repositories, or
 * the system refuses, nothing is watched and nothing is claimed.
 *
 * Two kinds of change cause no event, by the nature of inotify(7): writing through a memory mapping, and writing to a hard link of
 * another folder.
 */
export class TreeWatch {
  readonly #git: GitRunner;
  readonly #repository: Repository;
  readonly #watched = new Map<string, FSWatcher>();
  readonly #gitFolders: ReadonlySet<string>;
  #evidence = new Evidence();
  #state: "building" | "ready" | "off" = "building";
  #changes = 0;
  readonly #suspects = new Set<string>();
  #rest: NodeJS.Timeout | undefined;

  constructor(git: GitRunner, repository: Repository) {
    this.#git = git;
    this.#repository = repository;
    const { gitDir, commonDir } = repository;
    this.#gitFolders = new Set([gitDir, join(gitDir, "logs"), commonDir, join(commonDir, "info")]);
    void this.#build();
  }

  /** How many changes were seen, all included that were made before the call; undefined when something may go unseen. */
  async changes(): Promise<number | undefined> {
    if (!this.#isReady()) return undefined;
    await pendingEvents();
    if (!this.#isReady()) return undefined;
    const moved = !this.#evidence.holds();
    if (
      moved ||
      this.#suspects.size > MAXIMUM_SUSPECTS ||
      [...this.#suspects].some((path) => this.#changesFolders(path))
    ) {
      this.#rebuild();
      return undefined;
    }
    this.#suspects.clear();
    return this.#changes;
  }

  close(): void {
    this.#state = "off";
    clearTimeout(this.#rest);
    for (const watcher of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  // Asked anew after every wait: the state may have changed meanwhile.
  #isReady(): boolean {
    return this.#state === "ready";
  }

  #isOff(): boolean {
    return this.#state === "off";
  }

  /** Whether a changed name may be, or bring into view, a folder that is not watched. */
  #changesFolders(path: string): boolean {
    if (ignoreFiles.has(basename(path))) return true;
    if (this.#watched.has(path) || !isFolder(path)) return false;
    const { gitDir, commonDir } = this.#repository;
    const isOfGit = path.startsWith(`${gitDir}/`) || path.startsWith(`${commonDir}/`);
    return !isOfGit || this.#gitFolders.has(path);
  }

  #rebuild(): void {
    if (this.#state !== "ready") return;
    this.#state = "building";
    if (this.#rest === undefined) void this.#build();
  }

  async #build(): Promise<void> {
    const started = performance.now();
    try {
      const complete = await this.#watchAll();
      if (this.#isOff()) return;
      if (!complete) {
        this.close();
        return;
      }
      this.#state = "ready";
    } catch {
      // Not being able to watch is no error: git is asked each time.
      this.close();
      return;
    }
    this.#rest = setTimeout(
      () => {
        this.#rest = undefined;
        if (this.#state === "building") void this.#build();
      },
      (performance.now() - started) * REST_FACTOR,
    ).unref();
  }

  /** False when the work tree cannot be watched. */
  async #watchAll(): Promise<boolean> {
    const { root, gitDir, commonDir } = this.#repository;
    const evidence = new Evidence();
    for (const folder of [root, gitDir, commonDir]) evidence.take(folder);
    this.#suspects.clear();
    const ignored = await this.#ignoredFolders();
    const found = new Set<string>();
    for (const folder of this.#gitFolders) {
      if (this.#isOff()) return false;
      if (this.#watch(folder)) found.add(folder);
    }
    const waiting = [root];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      if (this.#isOff() || found.size >= MAXIMUM_FOLDERS) return false;
      // Watched before it is listed: a folder that is made in between shows as an event.
      if (!this.#watch(folder)) continue;
      found.add(folder);
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        if (entry.name === ".git") {
          if (folder !== root) return false;
        } else if (entry.isDirectory()) {
          const path = join(folder, entry.name);
          if (!ignored.has(path)) waiting.push(path);
        }
      }
    }
    for (const [folder, watcher] of this.#watched) {
      if (found.has(folder)) continue;
      watcher.close();
      this.#watched.delete(folder);
    }
    this.#evidence = evidence;
    // Asked again now that everything is watched: what has become visible since the first time would be missed.
    const still = await this.#ignoredFolders();
    if ([...ignored].some((folder) => !still.has(folder))) this.#suspects.add(join(root, ".gitignore"));
    return true;
  }

  /** Whether there is such a folder and it is watched now. Throws when the system refuses. */
  #watch(folder: string): boolean {
    if (this.#watched.has(folder)) return true;
    if (!isFolder(folder)) return false;
    const watcher = watch(folder, { persistent: false }, (event, name) => this.#note(folder, event, name));
    watcher.on("error", () => this.close());
    this.#watched.set(folder, watcher);
    return true;
  }

  #note(folder: string, event: string, name: string | null): void {
    this.#changes++;
    if (name === null) return;
    const path = join(folder, name);
    if (event === "rename") {
      // A folder that was moved or replaced is no longer watched, or under a name that is not its own.
      this.#drop(path);
      // What happens to the watched folder itself is told with its own name.
      if (name === basename(folder)) this.#drop(folder);
    }
    const concernsFolders = event === "rename" || ignoreFiles.has(name);
    if (concernsFolders && this.#suspects.size <= MAXIMUM_SUSPECTS) this.#suspects.add(path);
  }

  #drop(folder: string): void {
    const watcher = this.#watched.get(folder);
    if (watcher === undefined) return;
    watcher.close();
    this.#watched.delete(folder);
    this.#suspects.add(folder);
  }

  async #ignoredFolders(): Promise<ReadonlySet<string>> {
    const { root } = this.#repository;
    const args = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal", "--ignored=matching"];
    const listed = await this.#git.run([...args, "--ignore-submodules=dirty"], { cwd: root });
    const entries = listed.split("\0").filter((entry) => entry.startsWith("!! ") && entry.endsWith("/"));
    return new Set(entries.map((entry) => join(root, entry.slice(3, -1))));
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Lets the event loop deliver what the kernel has queued. The first turn may end the round in which the queue was already looked at; the
 * second one comes after a whole round.
 */
async function pendingEvents(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
