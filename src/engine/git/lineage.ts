import type { GitRunner } from "../ports.ts";
import type {
  CommitGraph,
  CommitGraphQuery,
  FoundRewrite,
  GitLineage,
  GitPlace,
  LostCommit,
  PatchPair,
} from "../seams.ts";
import { AuthorReader } from "./authorReader.ts";
import { BindingAnswers } from "./bindingAnswers.ts";
import { findBindings } from "./bindings.ts";
import { readCommitGraph } from "./commitGraph.ts";
import { CommitFactsReader } from "./commitFacts.ts";
import { LogMarks } from "./logMarks.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { PatchPairs } from "./patchPairs.ts";
import { PlaceReader } from "./placeReader.ts";
import { readCommitOf, readHeadAt, readSubjects } from "./namedCommits.ts";
import { ReleasesReader } from "./releases.ts";
import { readState } from "./repositoryState.ts";
import { readBetween, withBranchTips } from "./rewrites/branchTips.ts";
import { CombinedPatches } from "./rewrites/combinedPatches.ts";
import { findRewrites, type RewriteReaders } from "./rewrites/findRewrites.ts";
import { Patches } from "./rewrites/patches.ts";
import { Rebases } from "./rewrites/rebases.ts";
import { VisibleSets } from "./visibleSets.ts";
import { WorkTree } from "./workTree.ts";

export interface GitLineageOptions {
  /** Whether work trees may be watched, so that asking again whether nothing changed costs no run of git; true by default. */
  readonly watch?: boolean;
}

/**
 * Ties memories to the history of the code: where HEAD is, what it inherits, and which commit a pending memory belongs to. Replace refs and
 * grafts do not count: they are one clone's view of a history and do not travel with it. Every method may throw UNTRUSTED_WORKSPACE when git
 * refuses the repository for its owner, and INTERNAL when git cannot be run or fails.
 */
export function createGitLineage(git: GitRunner, options: GitLineageOptions = {}): GitLineage {
  return new RepositoryLineage(git, options.watch ?? true);
}

/** What is kept of one worktree. */
interface Worktree {
  readonly tree: WorkTree;
  readonly marks: LogMarks;
  readonly answers: BindingAnswers;
}

class RepositoryLineage implements GitLineage {
  readonly #git: GitRunner;
  readonly #watch: boolean;
  readonly #places: PlaceReader;
  readonly #authors: AuthorReader;
  /** By common directory. */
  readonly #sets = new Map<string, VisibleSets>();
  readonly #facts = new Map<string, CommitFactsReader>();
  readonly #releases = new Map<string, ReleasesReader>();
  readonly #rewrites = new Map<string, RewriteReaders>();
  readonly #pairs = new Map<string, PatchPairs>();
  /** By git directory. */
  readonly #worktrees = new Map<string, Worktree>();

  constructor(git: GitRunner, watch: boolean) {
    this.#git = git;
    this.#watch = watch;
    this.#places = new PlaceReader(git);
    this.#authors = new AuthorReader(git);
  }

  async place(workspace: string): Promise<GitPlace> {
    return await this.#places.read(workspace);
  }

  async dirty({ repository }: GitPlace): Promise<boolean> {
    if (repository === undefined) return false;
    const { tree, marks } = this.#worktree(repository);
    marks.note(Date.now());
    return await tree.dirty(repository);
  }

  async releases({ repository }: GitPlace): ReturnType<GitLineage["releases"]> {
    if (repository === undefined) return [];
    return await kept(this.#releases, repository.commonDir, () => new ReleasesReader(this.#git)).read(repository);
  }

  async visibleCommits({ repository }: GitPlace, commits: readonly string[]): Promise<ReadonlySet<string>> {
    if (repository === undefined || commits.length === 0) return NOTHING;
    const { commonDir } = repository;
    return await kept(this.#sets, commonDir, () => new VisibleSets(this.#git, commonDir)).visible(repository, commits);
  }

  async bindings(
    { repository }: GitPlace,
    pending: Parameters<GitLineage["bindings"]>[1],
  ): ReturnType<GitLineage["bindings"]> {
    if (repository === undefined || pending.length === 0) return new Map();
    const { marks, answers } = this.#worktree(repository);
    return await answers.answer(repository, pending, () =>
      findBindings(this.#git, repository, pending, (at) => marks.lengthAt(at)),
    );
  }

  async facts({ repository }: GitPlace, commit: string): ReturnType<GitLineage["facts"]> {
    if (repository === undefined) return undefined;
    return await kept(this.#facts, repository.commonDir, () => new CommitFactsReader(this.#git)).read(
      repository,
      commit,
    );
  }

  async between(
    { repository }: GitPlace,
    base: string,
    tip: string,
    commits: ReadonlySet<string>,
  ): Promise<readonly string[]> {
    if (repository === undefined || commits.size === 0) return [];
    return await readBetween(this.#git, repository, base, tip, commits);
  }

  async rewrites({ repository }: GitPlace, lost: readonly LostCommit[]): Promise<readonly FoundRewrite[]> {
    if (repository === undefined || lost.length === 0) return [];
    const { commonDir } = repository;
    const facts = kept(this.#facts, commonDir, () => new CommitFactsReader(this.#git));
    const readers = kept(this.#rewrites, commonDir, () => ({
      patches: new Patches(this.#git),
      combined: new CombinedPatches(this.#git),
      rebases: new Rebases(this.#git),
    }));
    try {
      const carried = await withBranchTips(this.#git, facts, repository, lost);
      return await findRewrites(this.#git, readers, repository, carried);
    } catch (error) {
      throw explainGitFailure(error, repository.root);
    }
  }

  async commitOf({ repository }: GitPlace, name: string): ReturnType<GitLineage["commitOf"]> {
    return repository === undefined ? undefined : await readCommitOf(this.#git, repository, name);
  }

  async headAt({ repository }: GitPlace, at: number): Promise<string | undefined> {
    return repository === undefined ? undefined : await readHeadAt(this.#git, repository, at);
  }

  async subjects({ repository }: GitPlace, commits: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return repository === undefined ? new Map() : await readSubjects(this.#git, repository.root, commits);
  }

  async patchPairs({ repository }: GitPlace, commits: readonly string[]): Promise<ReadonlyMap<string, PatchPair>> {
    if (repository === undefined || commits.length === 0) return new Map();
    return await kept(this.#pairs, repository.commonDir, () => new PatchPairs(this.#git)).read(repository, commits);
  }

  async state(workspace: string): ReturnType<GitLineage["state"]> {
    const place = await this.place(workspace);
    return await readState(this.#git, place, await this.dirty(place));
  }

  async graph({ repository }: GitPlace, query: CommitGraphQuery): Promise<CommitGraph> {
    if (repository === undefined) return { commits: [], more: false };
    return await readCommitGraph(this.#git, repository, query);
  }

  async author(place: GitPlace): Promise<string | undefined> {
    return await this.#authors.read(place);
  }

  close(): void {
    for (const { tree } of this.#worktrees.values()) tree.close();
    this.#worktrees.clear();
  }

  #worktree({ gitDir }: { readonly gitDir: string }): Worktree {
    return kept(this.#worktrees, gitDir, () => ({
      tree: new WorkTree(this.#git, this.#watch),
      marks: new LogMarks(gitDir),
      answers: new BindingAnswers(),
    }));
  }
}

function kept<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** One object, so that callers can cache by it. */
const NOTHING: ReadonlySet<string> = new Set();
