import { keepNewest } from "../../../contract/keepNewest.ts";
import type { GitRunner, Logger } from "../../ports.ts";
import type { HistoryCommit } from "./codeHistory.ts";
import { type FileLines, type LineHistory, lineHistory } from "./lineHistory.ts";

const MOST_KEPT = 500;
const NOTHING: LineHistory = { commits: [], uncommitted: false };

/** The history of lines, asked of git once for the same lines of the same content below the same HEAD. */
export class RememberedLines {
  readonly #git: GitRunner;
  readonly #root: string;
  readonly #logger: Logger;
  /** What was asked last is last. */
  readonly #known = new Map<string, Promise<LineHistory>>();

  constructor(git: GitRunner, root: string, logger: Logger) {
    this.#git = git;
    this.#root = root;
    this.#logger = logger;
  }

  /** `commits`: those that changed the file, newest first. Nothing is told where git fails. */
  of(head: string | undefined, lines: FileLines, commits: readonly HistoryCommit[]): Promise<LineHistory> {
    const key = `${head} ${lines.blob} ${lines.startLine}-${lines.endLine} ${lines.path}`;
    const asked =
      this.#known.get(key) ??
      lineHistory(this.#git, this.#root, lines, commits).catch((error: unknown) => {
        this.#logger.log("warn", "the history of lines could not be read", { error });
        this.#known.delete(key);
        return NOTHING;
      });
    this.#known.delete(key);
    this.#known.set(key, asked);
    keepNewest(this.#known, MOST_KEPT);
    return asked;
  }
}
