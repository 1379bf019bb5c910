import { keepNewest } from "../../../contract/keepNewest.ts";
import { GitFailure, type GitRunner } from "../../ports.ts";
import type { LoggedRewrite } from "./rewritesInLog.ts";

/** Logged rebases that are looked at, newest first, and commits of each. */
const MOST_REBASES = 20;
const MOST_COMMITS = 5_000;
/** Rebases that are kept; the oldest go first. */
const MOST_KEPT = 200;

interface RebasedBranch {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

/** The commits of one repository's logged rebases, each read once: ids name them, so that they never become others. */
export class Rebases {
  readonly #git: GitRunner;
  readonly #known = new Map<string, RebasedBranch>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  /**
   * For a lost commit and its names: the commits that a rebase made which began where one of them was part of the branch. Undefined where none
   * did; a rebase that found everything there already made none.
   */
  async read(
    root: string,
    log: readonly LoggedRewrite[],
  ): Promise<(commits: readonly string[]) => ReadonlySet<string> | undefined> {
    const branches: RebasedBranch[] = [];
    for (const rebase of log.filter((one) => one.kind === "rebase").slice(0, MOST_REBASES)) {
      const branch = await this.#look(root, rebase);
      if (branch !== undefined) branches.push(branch);
    }
    keepNewest(this.#known, MOST_KEPT);
    return (commits) => {
      const own = branches.filter(({ before }) => commits.some((commit) => before.has(commit)));
      return own.length === 0 ? undefined : new Set(own.flatMap(({ after }) => [...after]));
    };
  }

  /** Undefined where what the log tells of has been collected since. */
  async #look(
    root: string,
    { before, onto, after }: Extract<LoggedRewrite, { readonly kind: "rebase" }>,
  ): Promise<RebasedBranch | undefined> {
    const key = `${before} ${onto} ${after}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    try {
      const [old, made] = await Promise.all([this.#commits(root, before, onto), this.#commits(root, after, onto)]);
      const branch = { before: old, after: made };
      this.#known.set(key, branch);
      return branch;
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      return undefined;
    }
  }

  async #commits(root: string, tip: string, onto: string): Promise<ReadonlySet<string>> {
    const range = [`--max-count=${MOST_COMMITS}`, tip, `^${onto}`, "--"];
    return new Set((await this.#git.run(["rev-list", ...range], { cwd: root })).split("\n"));
  }
}
