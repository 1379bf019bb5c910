import { join } from "node:path";
import { statSync } from "node:fs";

interface Mark {
  readonly from: number;
  readonly size: number;
  readonly ino: number;
}

const MAXIMUM_MARKS = 1_000;

/**
 * How long a worktree's log of HEAD was at the times that this process looked. It tells which of two stays on one commit a memory was
 * captured in, when the clock or the dates in the log cannot.
 */
export class LogMarks {
  readonly #log: string;
  #marks: Mark[] = [];

  constructor(gitDir: string) {
    this.#log = join(gitDir, "logs", "HEAD");
  }

  /** Notes the length of the log at `now`, in milliseconds since the epoch. */
  note(now: number): void {
    const stats = statSync(this.#log, { throwIfNoEntry: false });
    const last = this.#marks.at(-1);
    const [size, ino] = [stats?.size ?? 0, stats?.ino ?? 0];
    if (last?.size === size && last.ino === ino) return;
    // A log that was cut, or a clock that was set back, makes the earlier positions worthless.
    if (last !== undefined && (size < last.size || (last.ino !== 0 && ino !== last.ino) || now < last.from))
      this.#marks = [];
    this.#marks.push({ from: now, size, ino });
    if (this.#marks.length > MAXIMUM_MARKS) this.#marks.shift();
  }

  /** Bytes that the log had at `at`; undefined when this process had not looked by then. */
  lengthAt(at: number): number | undefined {
    return this.#marks.findLast((mark) => mark.from <= at)?.size;
  }
}
