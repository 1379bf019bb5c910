import type { CommitFacts } from "../../contract/events.ts";
import { keepNewest } from "../../contract/keepNewest.ts";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { hashAddedLines, sketch } from "./rewrites/addedLines.ts";
import { DIFFERENCE_OPTIONS, MAXIMUM_PATCH_CHARACTERS, type Patch } from "./rewrites/patches.ts";

type Repository = NonNullable<GitPlace["repository"]>;
type Facts = Omit<CommitFacts, "branch">;

/** Facts that are remembered; the oldest go first. */
const MAXIMUM_REMEMBERED = 2_000;
/**
 * What is known of commits of one repository beside their ids. A merge has no patch-id, nor has a commit that changes nothing, one whose
 * parent is beyond the boundary of a shallow clone, or one whose difference is huge.
 */
export class CommitFactsReader {
  readonly #git: GitRunner;
  readonly #known = new Map<string, Promise<Facts | undefined>>();

  constructor(git: GitRunner) {
    this.#git = git;
  }

  /** Undefined when there is no such commit here. The branch is told for HEAD only. */
  async read(repository: Repository, commit: string): Promise<CommitFacts | undefined> {
    if (!isObjectId(commit)) return undefined;
    const known = this.#known.get(commit);
    const facts = known ?? this.#look(repository.root, commit);
    if (known === undefined) this.#remember(commit, facts);
    let found: Facts | undefined;
    try {
      found = await facts;
    } catch (error) {
      this.#known.delete(commit);
      throw explainGitFailure(error, repository.root);
    }
    if (found === undefined) this.#known.delete(commit);
    if (found === undefined || repository.head !== commit || repository.branch === undefined) return found;
    return { ...found, branch: repository.branch };
  }

  #remember(commit: string, facts: Promise<Facts | undefined>): void {
    this.#known.set(commit, facts);
    keepNewest(this.#known, MAXIMUM_REMEMBERED);
  }

  async #look(root: string, commit: string): Promise<Facts | undefined> {
    const header = await this.#header(root, commit);
    if (header === undefined) return undefined;
    const { parents, authored } = header;
    const [parent] = parents;
    const [patch, base] = await Promise.all([
      parents.length > 1 ? undefined : this.#patch(root, parent === undefined ? ["--root", commit] : [parent, commit]),
      this.#base(root, commit),
    ]);
    const branchPatchId =
      base === undefined || base === commit
        ? undefined
        : base === parent && parents.length === 1
          ? patch?.id
          : (await this.#patch(root, [base, commit]))?.id;
    return {
      commit,
      parents,
      ...(authored === undefined ? {} : { authored }),
      ...(patch === undefined ? {} : { patchId: patch.id, lines: sketch(patch.addedLines) }),
      ...(base === undefined ? {} : { base }),
      ...(branchPatchId === undefined ? {} : { branchPatchId }),
    };
  }

  /** Read from the object itself: a shallow clone would hide the parents of the commits at its boundary. */
  async #header(
    root: string,
    commit: string,
  ): Promise<{ readonly parents: readonly string[]; readonly authored: string | undefined } | undefined> {
    const object = await withoutFailure(this.#git.run(["cat-file", "commit", commit], { cwd: root }));
    if (object === undefined) return undefined;
    const [header = ""] = object.split("\n\n", 1);
    return {
      parents: [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = ""]) => parent),
      authored: /^author (.*> \d+) [+-]\d+$/m.exec(header)?.[1],
    };
  }

  async #patch(root: string, revisions: readonly string[]): Promise<Patch | undefined> {
    const enough = MAXIMUM_PATCH_CHARACTERS;
    const difference = await withoutFailure(
      this.#git.run(["diff-tree", ...DIFFERENCE_OPTIONS, ...revisions, "--"], { cwd: root, bytes: true, enough }),
    );
    if (difference === undefined || difference === "" || difference.length >= enough) return undefined;
    const line = await this.#git.run(["patch-id", "--stable"], { cwd: root, stdin: difference, bytes: true });
    const id = /^[0-9a-f]+/.exec(line)?.[0];
    return id === undefined ? undefined : { id, addedLines: hashAddedLines(difference) };
  }

  /** The nearest commit that the default branch shares, here or as its remote has it. */
  async #base(root: string, commit: string): Promise<string | undefined> {
    const tips = await this.#defaultTips(root);
    if (tips.length === 0) return undefined;
    const base = await withoutFailure(this.#git.run(["merge-base", commit, ...tips], { cwd: root }));
    return base?.trimEnd();
  }

  /** Where the default branch is: what the remote calls it (origin/HEAD), else main, master, or what init.defaultBranch says. */
  async #defaultTips(root: string): Promise<readonly string[]> {
    const format = "--format=%(objectname) %(refname) %(symref)";
    const configured = (
      await withoutFailure(this.#git.run(["config", "--get", "init.defaultBranch"], { cwd: root }))
    )?.trimEnd();
    const named = ["main", "master", ...(configured === undefined || configured === "" ? [] : [configured])];
    const patterns = ["refs/remotes/origin", ...named.map((branch) => `refs/heads/${branch}`)];
    const listed = await this.#git.run(["for-each-ref", format, ...patterns], { cwd: root });
    const tips = new Map<string, string>();
    let remoteDefault: string | undefined;
    for (const line of listed.split("\n")) {
      const [tip = "", ref = "", target = ""] = line.split(" ");
      tips.set(ref, tip);
      if (ref === "refs/remotes/origin/HEAD" && target.startsWith("refs/remotes/origin/")) {
        remoteDefault = target.slice("refs/remotes/origin/".length);
      }
    }
    for (const branch of remoteDefault === undefined ? named : [remoteDefault, ...named]) {
      const found = [tips.get(`refs/heads/${branch}`), tips.get(`refs/remotes/origin/${branch}`)];
      const known = found.filter((tip) => tip !== undefined);
      if (known.length > 0) return known;
    }
    return [];
  }
}

/** Undefined where git says no: the object, the common ancestor or the setting is not there. */
async function withoutFailure(run: Promise<string>): Promise<string | undefined> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode !== undefined) return undefined;
    throw error;
  }
}
