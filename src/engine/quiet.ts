import { setImmediate, setTimeout } from "node:timers/promises";

/** An answer is given within so many milliseconds of its question, nearly always. */
const QUIET_MS = 50;

/** Tells when nobody waits for an answer: what nobody waits for is done then, and takes no time of an answer. */
export class Quiet {
  #askedAt = -Infinity;
  readonly #ended = new AbortController();

  /** Something is asked now. */
  asked(): void {
    this.#askedAt = performance.now();
  }

  /** Resolves when it is quiet, after `longestMs` all the same, and never before whoever asks meanwhile was heard. */
  async come(longestMs: number): Promise<void> {
    await setImmediate();
    const until = performance.now() + longestMs;
    for (let left = this.#leftTo(until); left > 0; left = this.#leftTo(until))
      await setTimeout(left, undefined, { signal: this.#ended.signal }).catch(() => undefined);
  }

  /** From now on nothing waits any more. */
  end(): void {
    this.#ended.abort();
  }

  #leftTo(until: number): number {
    return this.#ended.signal.aborted ? 0 : Math.min(this.#askedAt + QUIET_MS, until) - performance.now();
  }
}
