import { RateLimiterMemory } from "rate-limiter-flexible";
import { HeirloomError } from "../contract/errors.ts";
import type { Settings } from "../contract/settings.ts";
import type { Clock } from "../engine/ports.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Sessions whose captures are remembered at once. The longest silent is dropped for a new one: it has the least to be limited. */
const MAX_SESSIONS = 10_000;

/** Limits on captures. Reads are not limited. */
export interface RateLimits {
  /**
   * Counts one capture of `session` in `workspace`. RATE_LIMIT_EXCEEDED with `details.retryAfterSeconds` when either has had its share;
   * a refused capture counts for neither.
   */
  admitCapture(session: string, workspace: string): Promise<void>;
}

/** Per session a window that slides over a minute, per workspace a fixed hour; none when the settings switch them off. */
export function createRateLimits(settings: Settings["rateLimit"], clock: Clock): RateLimits {
  if (!settings.enabled) return { admitCapture: () => Promise.resolve() };
  const sessions = new SlidingWindows(settings.capturesPerSessionPerMinute, MINUTE_MS, MAX_SESSIONS);
  const workspaces = new FixedWindow(settings.capturesPerWorkspacePerHour, HOUR_MS);
  return {
    async admitCapture(session, workspace) {
      const now = clock.monotonic();
      const sessionWait = sessions.waitMs(session, now);
      if (sessionWait > 0)
        throw exceeded(`session, ${settings.capturesPerSessionPerMinute} captures a minute`, sessionWait);
      // Taken before the turn of the event loop below, so that captures that arrive together are all counted.
      sessions.take(session, now);
      const workspaceWait = await workspaces.take(workspace, now);
      if (workspaceWait === 0) return;
      sessions.giveBack(session, now);
      throw exceeded(`workspace, ${settings.capturesPerWorkspacePerHour} captures an hour`, workspaceWait);
    },
  };
}

function exceeded(limit: string, waitMs: number): HeirloomError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new HeirloomError(
    "RATE_LIMIT_EXCEEDED",
    `The limit of this ${limit}, is reached. Try again in ${retryAfterSeconds} s, or put several points into one memory.`,
    { retryAfterSeconds },
  );
}

/** For each key the times of its last events, at most `limit` of them, newest last. Times are milliseconds that never go back. */
class SlidingWindows {
  readonly #times = new Map<string, number[]>();
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #maxKeys: number;

  constructor(limit: number, windowMs: number, maxKeys: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  /** How long until one more fits; 0 when it does now. */
  waitMs(key: string, now: number): number {
    const times = this.#times.get(key);
    if (times === undefined) return 0;
    while (times[0] !== undefined && times[0] <= now - this.#windowMs) times.shift();
    const oldest = times[0];
    return times.length < this.#limit || oldest === undefined ? 0 : oldest + this.#windowMs - now;
  }

  take(key: string, now: number): void {
    const times = this.#times.get(key) ?? [];
    times.push(now);
    // Set anew, so that the map's order is that of the last event.
    this.#times.delete(key);
    this.#times.set(key, times);
    if (this.#times.size <= this.#maxKeys) return;
    const silent = this.#times.keys().next();
    if (!silent.done) this.#times.delete(silent.value);
  }

  giveBack(key: string, at: number): void {
    const times = this.#times.get(key);
    const index = times?.lastIndexOf(at) ?? -1;
    if (index >= 0) times?.splice(index, 1);
  }
}

/** Windows that start at whole multiples of their length. The library counts; our clock says which window it is. */
class FixedWindow {
  #limiter: RateLimiterMemory;
  #window = -1;
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#limiter = this.#freshLimiter();
  }

  /** Counts one, and gives 0, or how long until the next window when this one is full. */
  async take(key: string, now: number): Promise<number> {
    const window = Math.floor(now / this.#windowMs);
    if (window !== this.#window) {
      // A fresh one forgets the keys of the window before, which bounds its memory.
      this.#window = window;
      this.#limiter = this.#freshLimiter();
    }
    try {
      await this.#limiter.consume(key);
      return 0;
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      return (window + 1) * this.#windowMs - now;
    }
  }

  #freshLimiter(): RateLimiterMemory {
    // Duration 0: its counts never expire by the wall clock.
    return new RateLimiterMemory({ points: this.#limit, duration: 0 });
  }
}
