import { keepNewest } from "../../../contract/keepNewest.ts";
import { GitFailure, type GitRunner } from "../../ports.ts";
import { readPatchIds } from "./patchIds.ts";
import { DIFFERENCE_OPTIONS, MAXIMUM_PATCH_CHARACTERS } from "./patches.ts";

/** Files in which commits are compared. */
const MOST_FILES = 500;
/** Of their names, which are arguments: Windows takes 32,767 of a command. */
const MOST_CHARACTERS = 24_000;
/** Answers that are kept; the oldest go first. */
const MOST_KEPT = 2_000;

/** What commits of one repository change together, each read once. */
export class CombinedPatches {
  readonly #git: GitRunner;
  readonly #known = new Map<string, string | undefined>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  /**
   * `git patch-id --stable` of the difference of two commits in those files that `changers` change; undefined where that is nothing or too much, or
   * is not here. Throws `GitFailure`.
   */
  async read(root: string, base: string, to: string, changers: readonly string[]): Promise<string | undefined> {
    const key = [base, to, ...changers].join(" ");
    if (this.#known.has(key)) return this.#known.get(key);
    let id: string | undefined;
    try {
      id = await this.#look(root, base, to, changers);
    } catch (error) {
      if (error instanceof GitFailure && error.exitCode !== undefined) return undefined;
      throw error;
    }
    this.#known.set(key, id);
    keepNewest(this.#known, MOST_KEPT);
    return id;
  }

  async #look(root: string, base: string, to: string, changers: readonly string[]): Promise<string | undefined> {
    const names = ["--stdin", "--root", "-r", "-z", "--name-only", "--no-commit-id", "--no-renames"];
    const listed = await this.#git.run(["diff-tree", ...names], { cwd: root, stdin: `${changers.join("\n")}\n` });
    const files = [...new Set(listed.split("\0"))].filter((file) => file !== "");
    const characters = files.reduce((sum, file) => sum + file.length + 1, 0);
    if (files.length === 0 || files.length > MOST_FILES || characters > MOST_CHARACTERS) return undefined;
    const enough = MAXIMUM_PATCH_CHARACTERS;
    const difference = await this.#git.run(
      ["--literal-pathspecs", "diff-tree", ...DIFFERENCE_OPTIONS, base, to, "--", ...files],
      { cwd: root, bytes: true, enough },
    );
    if (difference === "" || difference.length >= enough) return undefined;
    // A difference of two trees names no commit: git tells of it under one of zeros.
    const [id] = (await readPatchIds(this.#git, root, difference)).values();
    return id;
  }
}
