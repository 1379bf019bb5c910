import { join } from "node:path";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { GitPlace } from "../seams.ts";
import { explainGitFailure } from "./gitErrors.ts";
import { isObjectId } from "./objectId.ts";
import { ObjectPresence } from "./objectPresence.ts";
import { Stamp } from "./stamp.ts";

type Repository = NonNullable<GitPlace["repository"]>;

/** What one HEAD inherits, as far as it has been asked. */
interface View {
  readonly head: string;
  /** Commits that exist and whose visibility is known. */
  readonly asked: Set<string>;
  readonly visible: Set<string>;
  /** The last answer: the same list gets the same set, so that callers can cache by it. */
  answer?: {
    readonly commits: readonly string[];
    readonly count: number;
    readonly presence: number;
    readonly set: ReadonlySet<string>;
  };
}

/** HEADs whose views are kept, for switching to and fro. */
const MAXIMUM_VIEWS = 8;
/** A HEAD that moved further than about this many commits is asked anew rather than by the difference. */
const MAXIMUM_DIFFERENCE_CHARACTERS = 8_000_000;

/**
 * Which commits the HEADs of one repository (all its worktrees) inherit. A commit that does not exist here, or is beyond the boundary of a
 * shallow clone, is not inherited. Ids that are not full object ids of commits are never visible.
 */
export class VisibleSets {
  readonly #git: GitRunner;
  readonly #presence: ObjectPresence;
  readonly #shallowFile: string;
  #shallow: Stamp | undefined;
  /** Most recently used last. */
  #views: View[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(git: GitRunner, commonDir: string) {
    this.#git = git;
    this.#presence = new ObjectPresence(commonDir);
    this.#shallowFile = join(commonDir, "shallow");
    this.#shallow = Stamp.of(this.#shallowFile);
  }

  /** Calls wait for one another, so that those which overlap do not ask the same twice. */
  async visible(repository: Repository, commits: readonly string[]): Promise<ReadonlySet<string>> {
    const answer = this.#turn.then(() => this.#answer(repository, commits));
    this.#turn = answer.catch(() => undefined);
    return await answer;
  }

  async #answer(repository: Repository, commits: readonly string[]): Promise<ReadonlySet<string>> {
    const { head, root } = repository;
    if (head === undefined) return NOTHING;
    this.#forgetWhenBoundaryMoved();
    const presence = this.#presence.version();
    const view = await this.#viewOf(head, root);
    const { answer } = view;
    if (answer?.commits === commits && answer.count === commits.length && answer.presence === presence)
      return answer.set;

    const unknown = new Set(
      commits.filter((commit) => !view.asked.has(commit) && isObjectId(commit) && !this.#presence.isMissing(commit)),
    );
    if (unknown.delete(head)) markVisible(view, head);
    if (unknown.size > 0) await this.#ask(view, [...unknown], root);
    const set = new Set(commits.filter((commit) => view.visible.has(commit)));
    view.answer = { commits, count: commits.length, presence, set };
    return set;
  }

  /** A clone that is deepened, or made shallow, has another history below the same HEAD. */
  #forgetWhenBoundaryMoved(): void {
    const now = Stamp.of(this.#shallowFile);
    const same =
      now === undefined || this.#shallow === undefined ? now === this.#shallow : now.isUnchanged(this.#shallow);
    if (same) return;
    this.#shallow = now;
    this.#views = [];
  }

  async #viewOf(head: string, root: string): Promise<View> {
    const known = this.#views.find((view) => view.head === head);
    const view = known ??
      (await this.#derive(head, root)) ?? { head, asked: new Set<string>(), visible: new Set<string>() };
    this.#views = [...this.#views.filter((other) => other !== view), view].slice(-MAXIMUM_VIEWS);
    return view;
  }

  /**
   * The view of a HEAD that moved, from that of the one used last: what both do not share is lost or gained. Undefined when there is none
   * to start from, or git cannot tell.
   */
  async #derive(head: string, root: string): Promise<View | undefined> {
    const before = this.#views.at(-1);
    if (before === undefined || before.asked.size === 0) return undefined;
    const enough = MAXIMUM_DIFFERENCE_CHARACTERS;
    let difference: string;
    try {
      difference = await this.#git.run(["rev-list", "--left-right", `${before.head}...${head}`, "--"], {
        cwd: root,
        enough,
      });
    } catch (error) {
      if (error instanceof GitFailure) return undefined;
      throw error;
    }
    if (difference.length >= enough) return undefined;
    const view: View = { head, asked: new Set(before.asked), visible: new Set(before.visible) };
    for (const line of difference.split("\n")) {
      const commit = line.slice(1);
      if (!view.asked.has(commit)) continue;
      if (line.startsWith("<")) view.visible.delete(commit);
      else view.visible.add(commit);
    }
    return view;
  }

  /** Whether they exist and which of them HEAD does not inherit are asked at once; only where one is missing git has to be asked again. */
  async #ask(view: View, commits: readonly string[], root: string): Promise<void> {
    try {
      const [absent, hidden] = await Promise.all([
        this.#presence.check(this.#git, commits, root),
        this.#hidden(view.head, commits, root).catch(asUnknown),
      ]);
      if (hidden !== undefined) {
        this.#keep(view, commits, hidden);
        return;
      }
      // One is missing; where all were said to exist, git has collected one since.
      const gone = absent.size > 0 ? absent : await this.#presence.recheck(this.#git, commits, root);
      const existing = commits.filter((commit) => !gone.has(commit));
      this.#keep(view, existing, await this.#hidden(view.head, existing, root));
    } catch (error) {
      throw explainGitFailure(error, root);
    }
  }

  #keep(view: View, commits: readonly string[], hidden: ReadonlySet<string>): void {
    for (const commit of commits) {
      view.asked.add(commit);
      if (!hidden.has(commit)) view.visible.add(commit);
    }
  }

  async #hidden(head: string, commits: readonly string[], root: string): Promise<ReadonlySet<string>> {
    if (commits.length === 0) return new Set();
    const listed = await this.#git.run(["rev-list", "--stdin"], {
      cwd: root,
      stdin: `${commits.join("\n")}\n^${head}\n`,
    });
    return new Set(listed.split("\n"));
  }
}

function markVisible(view: View, commit: string): void {
  view.asked.add(commit);
  view.visible.add(commit);
}

function asUnknown(error: unknown): undefined {
  if (!(error instanceof GitFailure)) throw error;
}

/** One object, so that callers can cache by it. */
const NOTHING: ReadonlySet<string> = new Set();
