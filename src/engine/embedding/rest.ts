/** After a failure a model is let alone for so long, in milliseconds, twice as long after each further one. */
const REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** What fails at once fails again at once: who asks within a while after a failure is told the same, and nothing is tried. */
export class Rest {
  readonly #now: () => number;
  #failure: { readonly error: unknown; readonly until: number; readonly restMs: number } | undefined;

  /** `now`: milliseconds that never go back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The last failure, until something succeeds. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  /** The failure that is still rested from. */
  get resting(): { readonly error: unknown } | undefined {
    return this.#failure !== undefined && this.#now() < this.#failure.until ? this.#failure : undefined;
  }

  failed(error: unknown): void {
    const before = this.#failure?.restMs;
    const restMs = before === undefined ? REST_MS : Math.min(LONGEST_REST_MS, 2 * before);
    this.#failure = { error, until: this.#now() + restMs, restMs };
  }

  succeeded(): void {
    this.#failure = undefined;
  }
}
