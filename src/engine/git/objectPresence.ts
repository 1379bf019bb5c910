import { join, resolve } from "node:path";
import type { GitRunner } from "../ports.ts";
import { existingCommits } from "./existingCommits.ts";
import { readText } from "./readText.ts";
import { Stamp } from "./stamp.ts";

/**
 * Which commits exist in a repository and which do not. A missing one can arrive at any time: a fetch writes it into a pack or into a loose
 * file, and either shows in the times of the folder that it is written to. One that exists is taken to stay, until git fails over it.
 */
export class ObjectPresence {
  readonly #objects: string;
  readonly #present = new Set<string>();
  readonly #missing = new Set<string>();
  /** The folders that a missing object would come to, as they were before git was asked at `#checkedAt`. */
  #folders = new Map<string, Stamp | undefined>();
  #checkedAt = 0;
  #version = 0;

  constructor(commonDir: string) {
    this.#objects = join(commonDir, "objects");
  }

  /** A number that changes when objects may have arrived; what was missing is no longer known to be then. */
  version(): number {
    if (this.#missing.size > 0 && [...this.#folders].some(([folder, before]) => this.#mayHaveChanged(folder, before))) {
      this.#missing.clear();
      this.#version++;
    }
    return this.#version;
  }

  isMissing(commit: string): boolean {
    return this.#missing.has(commit);
  }

  /** Those of `commits` that do not exist here as commits. One call of git at most, none when all are known to exist. */
  async check(git: GitRunner, commits: readonly string[], root: string): Promise<ReadonlySet<string>> {
    const unknown = commits.filter((commit) => !this.#present.has(commit));
    if (unknown.length === 0) return new Set();
    // Those that are missing are asked again, because the folders are looked at anew.
    const asked = [...new Set([...unknown, ...this.#missing])];
    const checkedAt = Date.now();
    const folders = this.#look(asked);
    for (const commit of await existingCommits(git, root, asked)) this.#present.add(commit);
    this.#missing.clear();
    for (const commit of asked) if (!this.#present.has(commit)) this.#missing.add(commit);
    this.#folders = folders;
    this.#checkedAt = checkedAt;
    return new Set(unknown.filter((commit) => this.#missing.has(commit)));
  }

  /** As `check`, after git failed over a commit that was known to exist: it may have been collected. */
  async recheck(git: GitRunner, commits: readonly string[], root: string): Promise<ReadonlySet<string>> {
    this.#present.clear();
    return await this.check(git, commits, root);
  }

  #mayHaveChanged(folder: string, before: Stamp | undefined): boolean {
    const now = Stamp.of(folder);
    if (now === undefined || before === undefined) return now !== before;
    return !now.isUnchanged(before) || now.isRacyAt(this.#checkedAt);
  }

  #look(commits: readonly string[]): Map<string, Stamp | undefined> {
    const prefixes = new Set(commits.map((commit) => commit.slice(0, 2)));
    const paths = objectStores(this.#objects).flatMap((store) => [
      join(store, "info", "alternates"),
      join(store, "pack"),
      ...[...prefixes].map((prefix) => join(store, prefix)),
    ]);
    return new Map(paths.map((path) => [path, Stamp.of(path)]));
  }
}

/** The most object folders that are looked at; an alternates file may name any number, and itself. */
const MAXIMUM_STORES = 32;

/** The object folder and those that it borrows from: gitrepository-layout(5), objects/info/alternates. */
function objectStores(objects: string): readonly string[] {
  const stores = [objects];
  for (const store of stores) {
    const lines = (readText(join(store, "info", "alternates")) ?? "").split("\n");
    const named = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => resolve(store, line));
    stores.push(...named.filter((path) => !stores.includes(path)).slice(0, MAXIMUM_STORES - stores.length));
  }
  return stores;
}
