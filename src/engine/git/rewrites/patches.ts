import { keepNewest } from "../../../contract/keepNewest.ts";
import { GitFailure, type GitRunner } from "../../ports.ts";
import { hashAddedLines } from "./addedLines.ts";
import { comparableCommits } from "./comparableCommits.ts";
import { readPatchIds } from "./patchIds.ts";

/** What a commit changes, in a form that survives being made again elsewhere. */
export interface Patch {
  /** `git patch-id --stable` */
  readonly id: string;
  readonly addedLines: Uint32Array;
}

/** A difference of more characters than this has no patch-id: it would take longer than it is worth. */
export const MAXIMUM_PATCH_CHARACTERS = 16_000_000;
/** Commits whose differences are asked for at once. */
const BATCH = 100;
/** Commits whose patches are kept; the oldest go first. */
const MOST_KEPT = 20_000;

/** Everything that shapes a difference is given, so that no configuration changes a patch-id. Binary files count by their object ids. */
export const DIFFERENCE_OPTIONS = [
  "-r",
  "-p",
  "-U3",
  "--full-index",
  "--no-renames",
  "--no-color",
  "--no-indent-heuristic",
  "--diff-algorithm=myers",
  "--submodule=short",
  "--ignore-submodules=none",
  "--src-prefix=a/",
  "--dst-prefix=b/",
];

/** The patches of the commits of one repository, each read once. */
export class Patches {
  readonly #git: GitRunner;
  readonly #known = new Map<string, Patch | undefined>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  /**
   * By commit. A merge has none, nor has a commit that changes nothing or too much, or whose files a partial clone does not have: those are asked for
   * again the next time. All commits have to exist. Throws `GitFailure`.
   */
  async read(root: string, commits: readonly string[]): Promise<ReadonlyMap<string, Patch>> {
    const unknown = commits.filter((commit) => !this.#known.has(commit));
    for (let at = 0; at < unknown.length; at += BATCH) await this.#look(root, unknown.slice(at, at + BATCH));
    const found = new Map<string, Patch>();
    for (const commit of commits) {
      const patch = this.#known.get(commit);
      if (patch !== undefined) found.set(commit, patch);
    }
    keepNewest(this.#known, MOST_KEPT);
    return found;
  }

  async #look(root: string, commits: readonly string[]): Promise<void> {
    const enough = MAXIMUM_PATCH_CHARACTERS;
    let listed: string;
    try {
      listed = await this.#git.run(["diff-tree", "--stdin", "--root", ...DIFFERENCE_OPTIONS], {
        cwd: root,
        stdin: `${commits.join("\n")}\n`,
        bytes: true,
        enough,
      });
    } catch (error) {
      if (!(error instanceof GitFailure) || error.exitCode === undefined) throw error;
      const comparable = await comparableCommits(this.#git, root, commits);
      if (comparable.length === commits.length) throw error;
      if (comparable.length > 0) await this.#look(root, comparable);
      return;
    }
    if (listed.length >= enough && commits.length > 1) {
      const half = commits.length >> 1;
      await this.#look(root, commits.slice(0, half));
      await this.#look(root, commits.slice(half));
      return;
    }
    const differences = listed.length >= enough ? new Map<string, string>() : byCommit(listed);
    const ids = differences.size === 0 ? new Map<string, string>() : await readPatchIds(this.#git, root, listed);
    for (const commit of commits) {
      const id = ids.get(commit);
      this.#known.set(
        commit,
        id === undefined ? undefined : { id, addedLines: hashAddedLines(differences.get(commit) ?? "") },
      );
    }
  }
}

/** No line of a difference is an object id alone: each begins with a sign or a word. */
function byCommit(listed: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const parts = listed.split(/^([0-9a-f]{40}|[0-9a-f]{64})$/mu);
  for (let at = 1; at < parts.length; at += 2) found.set(parts[at] ?? "", parts[at + 1] ?? "");
  return found;
}
