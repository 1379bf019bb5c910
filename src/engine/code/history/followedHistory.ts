import type { GitRunner, Logger } from "../../ports.ts";
import type { TextIndex } from "../../seams.ts";
import { CodeHistory, type HistoryCommit } from "./codeHistory.ts";
import { readHistory } from "./readHistory.ts";

export interface FollowedHistoryParts {
  /** Absolute path of the work tree. */
  readonly root: string;
  readonly git: GitRunner;
  /** Commit of HEAD; undefined without a repository or before its first commit. */
  readonly head: () => Promise<string | undefined>;
  readonly createTextIndex: () => TextIndex;
  readonly logger: Logger;
}

/** What the newest commits say, read anew where HEAD is another. */
export class FollowedHistory {
  readonly #parts: FollowedHistoryParts;
  #head: string | undefined;
  #commits: CodeHistory;

  constructor(parts: FollowedHistoryParts) {
    this.#parts = parts;
    this.#commits = new CodeHistory([], parts.createTextIndex());
  }

  get commits(): CodeHistory {
    return this.#commits;
  }

  get saved(): { readonly head: string | undefined; readonly commits: readonly HistoryCommit[] } {
    return { head: this.#head, commits: this.#commits.commits };
  }

  restore(head: string | undefined, commits: readonly HistoryCommit[]): void {
    this.#head = head;
    this.#commits = new CodeHistory(commits, this.#parts.createTextIndex());
  }

  /** Gives whether it was read anew. */
  async bringUp(): Promise<boolean> {
    const { git, root, head, logger } = this.#parts;
    const now = await head();
    if (now === this.#head) return false;
    try {
      this.restore(now, now === undefined ? [] : await readHistory(git, root));
    } catch (error) {
      // Files are found without what commits say of them.
      logger.log("warn", "the history of the code could not be read", { error });
      this.restore(now, []);
    }
    return true;
  }
}
