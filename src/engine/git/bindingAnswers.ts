import { join } from "node:path";
import type { GitPlace, PendingMemory } from "../seams.ts";
import type { Binding } from "./bindings.ts";
import { Stamp } from "./stamp.ts";

type Repository = NonNullable<GitPlace["repository"]>;
type Answer = ReadonlyMap<string, Binding>;

/** Every store of a worktree asks about its own pending memories: two are open at most, and each may change while the other does not. */
const MOST_ANSWERS = 8;

/** What was answered about the pending memories of one worktree, as long as its HEAD did not move: then no log is read and no git run. */
export class BindingAnswers {
  #log: Stamp | undefined;
  #head: string | undefined;
  #branch: string | undefined;
  readonly #answers = new Map<string, Answer>();

  async answer(
    { gitDir, head, branch }: Repository,
    pending: readonly PendingMemory[],
    find: () => Promise<Answer>,
  ): Promise<Answer> {
    // Before it is read, so that a move in between shows. Each move is appended, so that the size alone tells of it.
    const log = Stamp.of(join(gitDir, "logs", "HEAD"));
    if (head !== this.#head || branch !== this.#branch || !isSame(log, this.#log)) this.#answers.clear();
    [this.#log, this.#head, this.#branch] = [log, head, branch];
    const asked = JSON.stringify(pending.map((one) => [one.id, one.at, one.commit, one.branch, one.worktree]));
    const known = this.#answers.get(asked);
    if (known !== undefined) return known;
    const found = await find();
    if (this.#log !== log) return found;
    if (this.#answers.size >= MOST_ANSWERS) this.#answers.clear();
    this.#answers.set(asked, found);
    return found;
  }
}

function isSame(now: Stamp | undefined, before: Stamp | undefined): boolean {
  return now === undefined || before === undefined ? now === before : now.isUnchanged(before);
}
