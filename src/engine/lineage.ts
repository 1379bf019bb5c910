import type { CommitFacts } from "../contract/events.ts";
import { keepNewest } from "../contract/keepNewest.ts";
import type { Provenance } from "../contract/memory.ts";
import { Inheritance } from "./inheritance.ts";
import type { Clock, Logger } from "./ports.ts";
import type { GitLineage, GitPlace, LineageView } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";

export interface LineageParts {
  readonly git: GitLineage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A long-lived process notes the facts of every commit that HEAD comes by; a short-lived one only of those it captures on. */
  readonly observeMoves: boolean;
}

/** Absolute path of the work tree; of the folder itself where there is no repository. */
export const rootOf = (place: GitPlace): string => place.repository?.root ?? place.workspace;

/** How many views are kept: one a worktree and session that asked lately. */
const MOST_VIEWS = 64;
/** Memory commits of a branch that are noted with its tip, newest first. */
const MOST_CARRIED = 500;

/** HEAD is at another commit than `before`, where this process saw it last. What it does goes on in the background. */
export type MoveListener = (access: StoreAccess, place: GitPlace, before: string) => Promise<void>;

/** Where requests stand in the history of the code, and what is inherited there. */
export class Lineage {
  readonly #parts: LineageParts;
  readonly #inheritance: Inheritance;
  readonly #views = new Map<string, LineageView>();
  readonly #seen = new Map<string, string>();
  readonly #noting = new Set<Promise<void>>();
  readonly #following = new Set<Promise<void>>();
  #moved: MoveListener | undefined;

  constructor(parts: LineageParts) {
    this.#parts = parts;
    this.#inheritance = new Inheritance({ ...parts, noted: () => Promise.all(this.#noting) });
  }

  /** Tells of moves of HEAD, where moves are observed. */
  onMove(listener: MoveListener): void {
    this.#moved = listener;
  }

  place(workspace: string): Promise<GitPlace> {
    return this.#parts.git.place(workspace);
  }

  /** The tags of the repository; none where they cannot be read: a question is answered without them. */
  async releases(place: GitPlace): ReturnType<GitLineage["releases"]> {
    try {
      return await this.#parts.git.releases(place);
    } catch (error) {
      this.#parts.logger.log("warn", "the tags of the repository could not be read", { error });
      return [];
    }
  }

  /** The provenance of something that is captured here and now. */
  async origin(place: GitPlace, who: { readonly agent?: string; readonly sessionId?: string }): Promise<Provenance> {
    const { git, clock } = this.#parts;
    const { repository } = place;
    const common = {
      ...(who.agent === undefined ? {} : { agent: who.agent }),
      ...(who.sessionId === undefined ? {} : { sessionId: who.sessionId }),
    };
    if (repository === undefined) return { at: clock.now(), ...common, dirty: false, pending: false };
    const [dirty, author] = await Promise.all([git.dirty(place), git.author(place)]);
    return {
      // After the look at the work tree, which notes how long the log of HEAD is: it has to be found at this time.
      at: clock.now(),
      ...common,
      ...(author === undefined ? {} : { author }),
      ...(repository.branch === undefined ? {} : { branch: repository.branch }),
      ...(repository.head === undefined ? {} : { commit: repository.head }),
      dirty,
      pending: dirty || repository.head === undefined,
      worktree: repository.gitDir,
    };
  }

  /** What `place` inherits from a store, after pending memories found their commits. The same object as long as nothing moved. */
  async view(access: StoreAccess, place: GitPlace, sessionId: string | undefined): Promise<LineageView> {
    const { repository } = place;
    await access.store.sync();
    if (repository !== undefined) await this.#bind(access, place, repository);
    const visibleCommits = await this.#inheritance.visible(access, place);
    const key = [access.store.folder, repository?.gitDir, repository?.head, repository?.branch, sessionId].join("\n");
    const known = this.#views.get(key);
    if (known?.visibleCommits === visibleCommits) return known;
    const view: LineageView = {
      ...(repository?.head === undefined ? {} : { head: repository.head }),
      ...(repository?.branch === undefined ? {} : { branch: repository.branch }),
      ...(repository === undefined ? {} : { worktree: repository.gitDir }),
      ...(sessionId === undefined ? {} : { sessionId }),
      visibleCommits,
    };
    this.#views.delete(key);
    this.#views.set(key, view);
    keepNewest(this.#views, MOST_VIEWS);
    if (
      this.#parts.observeMoves &&
      repository?.head !== undefined &&
      this.#seen.get(repository.gitDir) !== repository.head
    ) {
      const before = this.#seen.get(repository.gitDir);
      this.#seen.set(repository.gitDir, repository.head);
      this.observe(access, place, repository.head);
      const moved = before === undefined ? undefined : this.#moved?.(access, place, before);
      // Apart, as it may ask what is inherited, which waits for what is noted.
      if (moved !== undefined)
        this.#inBackground(this.#following, moved, "what a move of HEAD brought could not be looked at");
    }
    return view;
  }

  /** What another commit than HEAD inherits from a store; without one, nothing that belongs to a commit. */
  async viewAt(
    access: StoreAccess,
    place: GitPlace,
    commit: string | undefined,
    sessionId: string | undefined,
  ): Promise<LineageView> {
    const visibleCommits = commit === undefined ? new Set<string>() : await this.#inheritance.at(access, place, commit);
    return {
      visibleCommits,
      ...(commit === undefined ? {} : { head: commit }),
      ...(sessionId === undefined ? {} : { sessionId }),
    };
  }

  /**
   * Notes the patch-ids of a commit, and which memory commits its branch holds, in the background: a rewrite is recognised by them when the
   * objects are gone.
   */
  observe(access: StoreAccess, place: GitPlace, commit: string): void {
    const { git } = this.#parts;
    const { projection } = access.store;
    const work = async (): Promise<void> => {
      const facts = projection.commitFacts(commit) ?? (await git.facts(place, commit));
      if (facts === undefined) return;
      const carries = await this.#carried(place, facts, new Set(projection.memoryCommits()));
      await access.note([{ type: "observed", facts: { ...facts, ...(carries.length === 0 ? {} : { carries }) } }]);
    };
    this.#inBackground(this.#noting, work(), "the patch-ids of a commit could not be noted");
  }

  #inBackground(tasks: Set<Promise<void>>, work: Promise<void>, failure: string): void {
    const task = work
      .catch((error: unknown) => this.#parts.logger.log("warn", failure, { error }))
      .finally(() => tasks.delete(task));
    tasks.add(task);
  }

  async #carried(
    place: GitPlace,
    { base, commit, branchPatchId }: CommitFacts,
    commits: ReadonlySet<string>,
  ): Promise<readonly string[]> {
    if (base === undefined || branchPatchId === undefined) return [];
    const carried = await this.#parts.git.between(place, base, commit, commits);
    return carried.filter((one) => one !== commit).slice(0, MOST_CARRIED);
  }

  /** Resolves when what runs in the background has ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#noting, ...this.#following, this.#inheritance.settled()]);
  }

  /** Pending memories of this worktree may belong to a commit by now, although HEAD is where it was: it may have been there and back. */
  async #bind(access: StoreAccess, place: GitPlace, repository: NonNullable<GitPlace["repository"]>): Promise<void> {
    const { gitDir: worktree } = repository;
    const waiting = access.store.projection.pending().filter((one) => one.worktree === worktree);
    if (waiting.length === 0) return;
    try {
      const bindings = await this.#parts.git.bindings(place, waiting);
      const notes = [...bindings].map(([id, { commit, branch }]) => ({
        type: "bound" as const,
        ids: [id],
        worktree,
        commit,
        ...(branch === undefined ? {} : { branch }),
      }));
      if (notes.length === 0) return;
      await access.note(notes);
      await access.store.sync();
    } catch (error) {
      this.#parts.logger.log("warn", "pending memories could not be bound to their commits; it is tried again", {
        error,
      });
    }
  }
}
