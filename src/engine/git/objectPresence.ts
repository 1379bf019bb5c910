import { join, resolve } from "node:path";
import type { GitRunner } from "../ports.ts";
import { readText } from "./readText.ts";
import { Stamp } from "./stamp.ts";

/**
 * Which commits are known not to exist in a repository. A missing object can arrive at any time: a fetch writes it into a pack or into a loose
 * file, and either shows in the time of the folder that it is written to.
 */
export class ObjectPresence {
  readonly #objects: string;
  readonly #missing = new Set<string>();
  #folders = new Map<string, Stamp | undefined>();
  #version = 0;

  constructor(commonDir: string) {
    this.#objects = join(commonDir, "objects");
  }

  /** Forgets what was missing when objects may have arrived since, and changes then. */
  version(): number {
    if (this.#missing.size === 0) return this.#version;
    for (const [folder, before] of this.#folders) {
      const now = Stamp.of(folder);
      if (
        now === undefined
          ? before === undefined
          : before !== undefined && now.isUnchanged(before) && !now.isRacyAt(this.#checkedAt)
      )
        continue;
      this.#missing.clear();
      this.#version++;
      break;
    }
    return this.#version;
  }

  #checkedAt = 0;

  isMissing(commit: string): boolean {
    return this.#missing.has(commit);
  }

  /** Those of `commits` that do not exist here as commits. One call of git. */
  async check(git: GitRunner, commits: readonly string[], root: string): Promise<ReadonlySet<string>> {
    const stores = objectStores(this.#objects);
    const folders = new Map<string, Stamp | undefined>();
    const note = (path: string) => {
      if (!folders.has(path)) folders.set(path, Stamp.of(path));
    };
    // Taken before git looks, so that what arrives meanwhile shows.
    const checkedAt = Date.now();
    const prefixes = new Set([...this.#missing, ...commits].map((commit) => commit.slice(0, 2)));
    for (const store of stores) {
      note(join(store, "info", "alternates"));
      note(join(store, "pack"));
      for (const prefix of prefixes) note(join(store, prefix));
    }
    const listed = await git.run(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
      cwd: root,
      stdin: `${commits.join("\n")}\n`,
    });
    const existing = new Set<string>();
    for (const line of listed.split("\n")) if (line.endsWith(" commit")) existing.add(line.slice(0, -" commit".length));
    const absent = new Set(commits.filter((commit) => !existing.has(commit)));
    for (const commit of absent) this.#missing.add(commit);
    this.#folders = folders;
    this.#checkedAt = checkedAt;
    return absent;
  }
}

/** The object folder and those that it borrows from: gitrepository-layout(5), objects/info/alternates. Git follows five levels. */
function objectStores(objects: string): readonly string[] {
  const stores = [objects];
  for (const store of stores) {
    if (stores.length > 32) break;
    const lines = (readText(join(store, "info", "alternates")) ?? "").split("\n");
    stores.push(...lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => resolve(store, line)));
  }
  return stores;
}
