import { keepNewest } from "../../contract/keepNewest.ts";
import type { GitRunner } from "../ports.ts";
import type { GitPlace, PatchPair } from "../seams.ts";
import { existingCommits } from "./existingCommits.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { readPatchIds } from "./rewrites/patchIds.ts";
import { DIFFERENCE_OPTIONS, MAXIMUM_PATCH_CHARACTERS } from "./rewrites/patches.ts";

/** Commits whose differences are asked for at once. */
const BATCH = 100;
/** Commits whose pairs are kept; the oldest go first. */
const MOST_KEPT = 5_000;

/** A commit that changes more files is no attempt at one thing, and takes long to compare. */
const MOST_FILES = 50;

/** What commits of one repository change and what would take that back, each read once. Only such are read as change the same files as another. */
export class PatchPairs {
  readonly #git: GitRunner;
  readonly #known = new Map<string, PatchPair | undefined>();
  /** By commit, the files that it changes as one text; "" where they are none or many. */
  readonly #files = new Map<string, string>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  async read(
    { root }: NonNullable<GitPlace["repository"]>,
    commits: readonly string[],
  ): Promise<ReadonlyMap<string, PatchPair>> {
    try {
      const unknown = commits.filter((commit) => !this.#files.has(commit) && isObjectId(commit));
      const here = unknown.length === 0 ? [] : [...(await existingCommits(this.#git, root, unknown))];
      if (here.length > 0) await this.#list(root, here);
      const wanted = this.#alike(commits).filter((commit) => !this.#known.has(commit));
      for (let at = 0; at < wanted.length; at += BATCH) await this.#look(root, wanted.slice(at, at + BATCH));
    } catch (error) {
      throw explainGitFailure(error, root);
    }
    const found = new Map<string, PatchPair>();
    for (const commit of commits) {
      const pair = this.#known.get(commit);
      if (pair !== undefined) found.set(commit, pair);
    }
    keepNewest(this.#known, MOST_KEPT);
    keepNewest(this.#files, MOST_KEPT);
    return found;
  }

  /** Trees are compared for this, which costs next to nothing beside the texts of files. */
  async #list(root: string, commits: readonly string[]): Promise<void> {
    const listed = await this.#git.run(["diff-tree", "--stdin", "--root", "-r", "--name-only", "--no-renames"], {
      cwd: root,
      stdin: `${commits.join("\n")}\n`,
    });
    for (const commit of commits) this.#files.set(commit, "");
    const parts = listed.split(/^([0-9a-f]{40}|[0-9a-f]{64})$/mu);
    for (let at = 1; at < parts.length; at += 2) {
      const files = (parts[at + 1] ?? "").trim();
      this.#files.set(parts[at] ?? "", files.split("\n").length > MOST_FILES ? "" : files);
    }
  }

  /** Those that change just the files that another one changes. */
  #alike(commits: readonly string[]): readonly string[] {
    const count = new Map<string, number>();
    const filesOf = (commit: string): string => this.#files.get(commit) ?? "";
    for (const commit of commits) count.set(filesOf(commit), (count.get(filesOf(commit)) ?? 0) + 1);
    return commits.filter((commit) => filesOf(commit) !== "" && (count.get(filesOf(commit)) ?? 0) > 1);
  }

  async #look(root: string, commits: readonly string[]): Promise<void> {
    const forward = await this.#ids(root, commits, []);
    const reverse = forward && (await this.#ids(root, commits, REVERSED));
    if (reverse === undefined && commits.length > 1) {
      const half = commits.length >> 1;
      await this.#look(root, commits.slice(0, half));
      await this.#look(root, commits.slice(half));
      return;
    }
    for (const commit of commits) {
      const [id, other] = [forward?.get(commit), reverse?.get(commit)];
      this.#known.set(commit, id === undefined || other === undefined ? undefined : { id, reverse: other });
    }
  }

  /** Undefined when there is too much of it. */
  async #ids(
    root: string,
    commits: readonly string[],
    more: readonly string[],
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const enough = MAXIMUM_PATCH_CHARACTERS;
    const differences = await this.#git.run(["diff-tree", "--stdin", "--root", ...DIFFERENCE_OPTIONS, ...more], {
      cwd: root,
      stdin: `${commits.join("\n")}\n`,
      bytes: true,
      enough,
    });
    if (differences.length >= enough) return undefined;
    return readPatchIds(this.#git, root, differences);
  }
}

/** git names the sides by what they were before it turned them; the names are part of the patch. */
const REVERSED = ["-R", "--src-prefix=b/", "--dst-prefix=a/"];
