import type { Logger } from "./ports.ts";

export interface UpkeepParts {
  readonly logger: Logger;
  /** The last event of the store, and the last one that its cache holds. */
  readonly progress: () => { readonly lastSeq: number; readonly cachedSeq: number };
  readonly sizes: () => Promise<{ readonly journalBytes: number; readonly snapshotBytes: number }>;
  /** Milliseconds until the oldest text that is held for undo has to leave the disk, 0 when it should have; undefined when there is none. */
  readonly forgottenDue: () => number | undefined;
  readonly compact: () => Promise<void>;
  readonly saveCache: () => Promise<void>;
}

/** Events that a cache may lag behind before it is written again: about 50 ms of replay. */
export const CACHE_LAG = 1_000;
/** A journal that is this much larger than its snapshot, and at least this large, is compacted. */
const COMPACT_RATIO = 2;
const COMPACT_BYTES = 16_777_216;
/** The same in the middle of writing, when compaction is in the way. */
const COMPACT_BUSY_BYTES = 16 * COMPACT_BYTES;
/** A store that nothing was written to for so long, in milliseconds, is quiet. */
const QUIET_MS = 2_000;
/** Forgotten text leaves the disk within a minute after its time, so that what was forgotten together leaves together. */
const SOONEST_MS = 60_000;
/** Timers run on another clock than the store: at least so often it is looked at anew. */
const LATEST_MS = 3_600_000;

/**
 * Compaction and cache-writing in the background, one at a time, once enough has come together and the store is quiet: they would only be in
 * the way of an import, and have to be done again after it. While it never is quiet, each time that the store has doubled.
 */
export class StoreUpkeep {
  readonly #parts: UpkeepParts;
  #running: Promise<void> | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #forgotten: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Call it when the store begins to be written, and after every write. */
  consider(): void {
    if (this.#closed) return;
    this.#awaitForgotten();
    if (this.#running !== undefined) return;
    const { lastSeq, cachedSeq } = this.#parts.progress();
    const lag = lastSeq - cachedSeq;
    if (lag < Math.max(5 * CACHE_LAG, lastSeq / 4)) return;
    if (lag >= Math.max(20 * CACHE_LAG, lastSeq / 2)) this.#keepUp(COMPACT_BUSY_BYTES);
    else if (this.#quiet === undefined) this.#quiet = setTimeout(() => this.#whenQuiet(lastSeq), QUIET_MS).unref();
  }

  /** Begins nothing more, and resolves when what runs is done. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#forgotten);
    await this.#running;
  }

  /** `before` is the last event when the time began: when there are more by now, the store is not quiet yet. */
  #whenQuiet(before: number): void {
    this.#quiet = undefined;
    if (this.#closed || this.#running !== undefined) return;
    const { lastSeq } = this.#parts.progress();
    if (lastSeq === before) this.#keepUp(COMPACT_BYTES);
    else this.#quiet = setTimeout(() => this.#whenQuiet(lastSeq), QUIET_MS).unref();
  }

  #awaitForgotten(): void {
    const due = this.#forgotten === undefined ? this.#parts.forgottenDue() : undefined;
    if (due === undefined) return;
    const wait = Math.min(Math.max(due, SOONEST_MS), LATEST_MS);
    this.#forgotten = setTimeout(() => this.#whenForgottenIsDue(), wait).unref();
  }

  #whenForgottenIsDue(): void {
    this.#forgotten = undefined;
    if (this.#closed) return;
    if (this.#running === undefined && this.#parts.forgottenDue() === 0) this.#keepUp(COMPACT_BYTES);
    this.#awaitForgotten();
  }

  #keepUp(compactBytes: number): void {
    this.#running = (async () => {
      const { journalBytes, snapshotBytes } = await this.#parts.sizes();
      if (this.#parts.forgottenDue() === 0 || journalBytes > Math.max(compactBytes, COMPACT_RATIO * snapshotBytes))
        await this.#parts.compact();
      else await this.#parts.saveCache();
    })()
      .catch((error: unknown) =>
        this.#parts.logger.log("warn", "upkeep of the store failed; it is tried again later", { error }),
      )
      .finally(() => (this.#running = undefined));
  }
}
