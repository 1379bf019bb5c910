/** Milliseconds without another event after which what came is told, and after which it is told in any case. */
export interface BatchTimes {
  readonly quietMs: number;
  readonly longestMs: number;
}

/** More changed paths than this are a checkout or a build: walking anew costs less than looking at each. */
const MAXIMUM_PATHS = 500;

/** Gathers paths that change in a burst, and tells them at once: as undefined when they are too many to name. */
export class ChangeBatch {
  readonly #tell: (paths: readonly string[] | undefined) => void;
  readonly #times: BatchTimes;
  readonly #paths = new Set<string>();
  #isAnything = false;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (paths: readonly string[] | undefined) => void, times: BatchTimes) {
    this.#tell = tell;
    this.#times = times;
  }

  /** Undefined: anything may have changed. */
  add(path: string | undefined): void {
    if (path === undefined) this.#isAnything = true;
    else if (!this.#isAnything) this.#paths.add(path);
    if (this.#paths.size > MAXIMUM_PATHS) this.#isAnything = true;
    if (this.#isAnything) this.#paths.clear();
    const now = performance.now();
    this.#since ??= now;
    clearTimeout(this.#timer);
    const left = this.#since + this.#times.longestMs - now;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, Math.min(this.#times.quietMs, left)));
    this.#timer.unref();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#paths.clear();
  }

  #flush(): void {
    const paths = this.#isAnything ? undefined : [...this.#paths];
    this.#paths.clear();
    this.#isAnything = false;
    this.#since = undefined;
    this.#tell(paths);
  }
}
