import { HeirloomError } from "../../contract/errors.ts";
import type { Clock } from "../ports.ts";

const NARROWER = "Ask with fewer words or a narrower filter, or raise queryTimeoutMs.";

/** When a query has to give up. A search runs in one go, so it looks at this between its steps. */
export class Deadline {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #end: number;
  readonly #signal: AbortSignal | undefined;
  readonly #advice: string;

  /** `advice` tells who waited too long what to ask instead. */
  constructor(clock: Clock, limitMs: number, signal?: AbortSignal, advice = NARROWER) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#end = clock.monotonic() + limitMs;
    this.#signal = signal;
    this.#advice = advice;
  }

  /** Milliseconds that never go back. */
  now(): number {
    return this.#clock.monotonic();
  }

  /** Milliseconds until so much of the whole time is over, at least 0. */
  leftMs(share: number): number {
    return Math.max(0, this.#end - (1 - share) * this.#limitMs - this.#clock.monotonic());
  }

  /** Throws QUERY_TIMEOUT once the time is over or the caller has gone. */
  check(): void {
    if (this.#signal?.aborted === true)
      throw new HeirloomError("QUERY_TIMEOUT", "The search was cancelled by its caller.");
    if (this.#clock.monotonic() <= this.#end) return;
    throw new HeirloomError("QUERY_TIMEOUT", `The search took longer than ${this.#limitMs} ms. ${this.#advice}`, {
      timeoutMs: this.#limitMs,
    });
  }
}
