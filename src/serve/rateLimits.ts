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
   * Counts a capture, or `count` at once, of `session` in `workspace`. RATE_LIMIT_EXCEEDED with `details.retryAfterSeconds` when either has had
   * its share; refused captures count for neither. INVALID_INPUT for more at once than a share.
   */
  admitCapture(session: string, workspace: string, count?: number): Promise<void>;
}

/** Per session a window that slides over a minute, per workspace a fixed hour; none when the settings switch them off. */
export function createRateLimits(settings: Settings["rateLimit"], clock: Clock): RateLimits {
  if (!settings.enabled) return { admitCapture: () => Promise.resolve() };
  const sessions = new SlidingWindows(settings.capturesPerSessionPerMinute, MINUTE_MS, MAX_SESSIONS);
  const workspaces = new FixedWindow(settings.capturesPerWorkspacePerHour, HOUR_MS);
  return {
    async admitCapture(session, workspace, count = 1) {
      const most = Math.min(settings.capturesPerSessionPerMinute, settings.capturesPerWorkspacePerHour);
      if (count > most)
        throw new HeirloomError(
          "INVALID_INPUT",
          `At most ${most} captures are let through at once here: send fewer items in a call.`,
        );
      const now = clock.monotonic();
      const sessionWait = sessions.waitMs(session, now, count);
      if (sessionWait > 0)
        throw exceeded(`session, ${settings.capturesPerSessionPerMinute} captures a minute`, sessionWait);
      // Taken before the turn of the event loop below, so that captures that arrive together are all counted.
      sessions.take(session, now, count);
      const workspaceWait = await workspaces.take(workspace, now, count);
      if (workspaceWait === 0) return;
      sessions.giveBack(session, now, count);
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

  /** How long until `count` more fit, which are no more than the limit; 0 when they do now. */
  waitMs(key: string, now: number, count: number): number {
    const times = this.#times.get(key);
    if (times === undefined) return 0;
    while (times[0] !== undefined && times[0] <= now - this.#windowMs) times.shift();
    const inTheWay = times[times.length + count - this.#limit - 1];
    return inTheWay === undefined ? 0 : inTheWay + this.#windowMs - now;
  }

  take(key: string, now: number, count: number): void {
    const times = this.#times.get(key) ?? [];
    for (let taken = 0; taken < count; taken++) times.push(now);
    // Set anew, so that the map's order is that of the last event.
    this.#times.delete(key);
    this.#times.set(key, times);
    if (this.#times.size <= this.#maxKeys) return;
    const silent = this.#times.keys().next();
    if (!silent.done) this.#times.delete(silent.value);
  }

  giveBack(key: string, at: number, count: number): void {
    const times = this.#times.get(key);
    const index = times?.indexOf(at) ?? -1;
    if (index >= 0) times?.splice(index, count);
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

  /** Counts `count`, and gives 0, or how long until the next window when this one has no room for them. */
  async take(key: string, now: number, count: number): Promise<number> {
    const window = Math.floor(now / this.#windowMs);
    if (window !== this.#window) {
      // A fresh one forgets the keys of the window before, which bounds its memory.
      this.#window = window;
      this.#limiter = this.#freshLimiter();
    }
    try {
      await this.#limiter.consume(key, count);
      return 0;
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      // The library counts what it refuses too.
      if (count > 1) await this.#limiter.reward(key, count);
      return (window + 1) * this.#windowMs - now;
    }
  }

  #freshLimiter(): RateLimiterMemory {
    // Duration 0: its counts never expire by the wall clock.
    return new RateLimiterMemory({ points: this.#limit, duration: 0 });
  }
}
