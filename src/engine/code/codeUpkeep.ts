import type { Clock, Logger } from "../ports.ts";

export interface CodeUpkeepParts {
  /** Gives whether it was saved; not so where something changed meanwhile, or there is no room. */
  readonly save: () => Promise<boolean>;
  /** How many files are indexed. */
  readonly files: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The index is saved once so many files, or this share of all, differ from what was saved: fewer are read again in a moment. */
const FEWEST_CHANGES = 32;
const CHANGED_SHARE = 0.01;
/** It is saved when nothing has changed for so long, in milliseconds. */
const QUIET_MS = 3_000;
/** Of the time at most one twentieth is spent on saving, and so many milliseconds are between two times. */
const TIMES_THE_LAST = 20;
const RATE_MS = 60_000;

/** Saves the index in the background, when enough has come together and the tree is quiet. */
export class CodeUpkeep {
  readonly #parts: CodeUpkeepParts;
  /** What differs from what was saved last. */
  #changes = 0;
  #hasSaved = false;
  /** When it may be saved again, on the clock that never goes back. */
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: CodeUpkeepParts) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** So many files, or what costs as much, became others. */
  changed(files: number): void {
    this.#changes += files;
    if (files === 0 || this.#isClosed || !this.#isWorthIt()) return;
    clearTimeout(this.#timer);
    const wait = Math.max(QUIET_MS, this.#hasSaved ? this.#notBefore - this.#parts.clock.monotonic() : 0);
    this.#timer = setTimeout(() => void this.#run(), wait).unref();
  }

  /** What is indexed is what was saved before. */
  opened(): void {
    this.#changes = 0;
    this.#hasSaved = true;
  }

  /** Removes what was saved, after what is being written. */
  async forget(remove: () => Promise<void>): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await remove();
    this.#changes = 0;
    this.#hasSaved = false;
  }

  /** Begins nothing more, and resolves when what runs is done. */
  async close({ saveFirst }: { readonly saveFirst: boolean }): Promise<void> {
    clearTimeout(this.#timer);
    if (saveFirst && this.#isWorthIt()) await this.#run();
    this.#isClosed = true;
    await this.#running;
  }

  #isWorthIt(): boolean {
    return this.#changes >= Math.max(FEWEST_CHANGES, CHANGED_SHARE * this.#parts.files());
  }

  #run(): Promise<void> {
    this.#running ??= this.#saveNow().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #saveNow(): Promise<void> {
    const { save, clock, logger } = this.#parts;
    const started = clock.monotonic();
    const before = this.#changes;
    try {
      if (await save()) {
        this.#changes -= before;
        this.#hasSaved = true;
      }
    } catch (error) {
      logger.log("warn", "the index of the code could not be saved; it is tried again when more has changed", {
        error,
      });
    }
    const ended = clock.monotonic();
    this.#notBefore = ended + Math.max(RATE_MS, TIMES_THE_LAST * (ended - started));
  }
}
