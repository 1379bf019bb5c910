import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BrokenCircuitError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleAll,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";

/** So many failures one after the other open the circuit of a hook. */
export const FAILURES_TO_OPEN = 3;
/** How long an open circuit keeps its hook silent before one call tries again. */
export const HALF_OPEN_AFTER_MS = 30_000;

/** Where the circuits of the hooks of a store are kept: one that cannot be asked keeps no other one's hooks silent. */
export const circuitFolder = (dataFolder: string, store: string): string => join(dataFolder, "hooks", store);

/** The hooks whose circuit is open now, and until when no call is tried, in milliseconds since the epoch. */
export function openCircuits(
  folder: string,
  hooks: readonly string[],
): readonly { readonly hook: string; readonly until: number }[] {
  return hooks.flatMap((hook) => {
    const openedAt = readState(join(folder, `${hook}.json`))?.ownState.openedAt;
    return openedAt === undefined ? [] : [{ hook, until: openedAt + HALF_OPEN_AFTER_MS }];
  });
}

/**
 * Does `work` unless it failed too often lately, and for no longer than `deadlineMs`. Each hook has a circuit of its own, kept in a small file
 * of `folder`, since every call is a process of its own. Throws what `work` threw, or an error that says why it was not done or not waited for.
 */
export async function guarded<T>(
  folder: string,
  hook: string,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const path = join(folder, `${hook}.json`);
  const before = readState(path);
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    ...(before === undefined ? {} : { initialState: before }),
  });
  try {
    return await wrap(breaker, timeout(deadlineMs, TimeoutStrategy.Aggressive)).execute(({ signal }) => work(signal));
  } catch (error) {
    if (error instanceof BrokenCircuitError)
      throw new Error(`${hook} failed ${FAILURES_TO_OPEN} times: it is tried again later`, { cause: error });
    if (error instanceof TaskCancelledError)
      throw new Error(`${hook} took longer than ${deadlineMs} ms`, { cause: error });
    throw error;
  } finally {
    const after = breaker.toJSON();
    if (JSON.stringify(after) !== JSON.stringify(before ?? CLOSED)) writeState(path, after);
  }
}

const CLOSED = { ownState: { value: 0 }, breakerState: 0 };

interface State {
  readonly ownState: { readonly value: number; readonly openedAt?: number };
  readonly breakerState: number;
}

/** What `toJSON` wrote; anything else in the file is no state, and the circuit is closed. */
function readState(path: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(path, "utf8")) as State & {
      readonly ownState: { readonly openedAt?: unknown; readonly attemptNo?: unknown };
    };
    const { value, openedAt, attemptNo } = state.ownState;
    const open = value === 1 && typeof openedAt === "number" && typeof attemptNo === "number" && attemptNo < 1e6;
    // A time to come is of a clock that was put back.
    if (open && openedAt > Date.now()) return undefined;
    return typeof state.breakerState === "number" && (value === 0 || open) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Where it cannot be written the circuit stays closed: nothing depends on it but time. */
function writeState(path: string, state: unknown): void {
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 });
    renameSync(temporary, path);
  } catch {
    // said above
  }
}
