import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { TreeWatch } from "./treeWatch.ts";

type Repository = NonNullable<GitPlace["repository"]>;

const STATUS = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal", "--ignore-submodules=dirty"];

/**
 * Whether one work tree has changes. What is changed inside a submodule is no change here, until the submodule is on another commit;
 * ignored files do not count. A repository that is configured as bare has nothing to change.
 *
 * The first call only asks git. From the second one on the work tree is watched where that is possible, and an answer holds until something
 * in it, in the git directory or HEAD has changed.
 */
export class WorkTree {
  readonly #git: GitRunner;
  readonly #mayWatch: boolean;
  #calls = 0;
  #running: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;
  #watch: TreeWatch | undefined;
  #answer: { readonly head: string | undefined; readonly dirty: boolean; readonly changes: number } | undefined;
  #closed = false;

  constructor(git: GitRunner, mayWatch: boolean) {
    this.#git = git;
    this.#mayWatch = mayWatch && process.platform === "linux";
  }

  /** Calls that overlap share one status, which started after the latest of them had arrived. */
  async dirty(repository: Repository): Promise<boolean> {
    this.#calls++;
    if (this.#calls === 2 && this.#mayWatch && !this.#closed) this.#watch = new TreeWatch(this.#git, repository);
    const known = this.#answer;
    if (known !== undefined && known.head === repository.head && this.#watch !== undefined) {
      const changes = await this.#watch.changes();
      if (changes !== undefined && changes === known.changes) return known.dirty;
    }
    if (this.#running === undefined) return await this.#start(repository);
    this.#next ??= this.#running.then(noMatter, noMatter).then(() => {
      this.#next = undefined;
      return this.#start(repository);
    });
    return await this.#next;
  }

  close(): void {
    this.#closed = true;
    this.#watch?.close();
    this.#watch = undefined;
  }

  async #start(repository: Repository): Promise<boolean> {
    const status = this.#look(repository);
    this.#running = status;
    try {
      return await status;
    } finally {
      if (this.#running === status) this.#running = undefined;
    }
  }

  /** Asks git, and keeps the answer when the work tree was watched all the while and nothing happened in it. */
  async #look(repository: Repository): Promise<boolean> {
    this.#answer = undefined;
    const before = await this.#watch?.changes();
    const dirty = await this.#status(repository.root);
    const after = before === undefined ? undefined : await this.#watch?.changes();
    if (after !== undefined && after === before) this.#answer = { head: repository.head, dirty, changes: after };
    return dirty;
  }

  async #status(root: string): Promise<boolean> {
    try {
      return (await this.#git.run(STATUS, { cwd: root, enough: 1 })) !== "";
    } catch (error) {
      if (error instanceof GitFailure && error.stderr.includes("must be run in a work tree")) return false;
      throw explainGitFailure(error, root);
    }
  }
}

function noMatter(): void {
  // The outcome of the run before belongs to those who asked for it.
}
