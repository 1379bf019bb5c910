import type { LatencySample } from "../../contract/explore.ts";
import type { Clock } from "../ports.ts";
import { Histogram, type LatencySummary } from "./histogram.ts";
import { LatencyMinutes } from "./latencyMinutes.ts";

export interface Metrics {
  /** Adds to a counter, which begins at 0. */
  count(name: string, by?: number): void;
  /** Takes one duration in milliseconds. */
  observe(name: string, ms: number): void;
  snapshot(): {
    readonly counters: Readonly<Record<string, number>>;
    readonly latencies: Readonly<Record<string, LatencySummary>>;
  };
  /** By name, the minutes of the last hour that had any. */
  minutes(): Readonly<Record<string, readonly LatencySample[]>>;
}

/** Counters and latencies of one process, in memory of a fixed size for each name; `now` in milliseconds since the epoch. Names come from the code, never from a request. */
export function createMetrics(now: () => number = Date.now): Metrics {
  const counters = new Map<string, number>();
  const histograms = new Map<string, Histogram>();
  const minutes = new Map<string, LatencyMinutes>();
  return {
    count: (name, by = 1) => void counters.set(name, (counters.get(name) ?? 0) + by),
    observe: (name, ms) => {
      const histogram = histograms.get(name) ?? new Histogram();
      histograms.set(name, histogram);
      histogram.add(ms);
      const recent = minutes.get(name) ?? new LatencyMinutes();
      minutes.set(name, recent);
      recent.add(now(), ms);
    },
    minutes: () => Object.fromEntries([...minutes].map(([name, recent]) => [name, recent.samples(now())])),
    snapshot: () => ({
      counters: Object.fromEntries(counters),
      latencies: Object.fromEntries([...histograms].map(([name, histogram]) => [name, histogram.summary()])),
    }),
  };
}

/** Runs `work` and takes how long it took, whether it succeeds or fails. */
export async function timed<T>(
  { metrics, clock }: { readonly metrics: Pick<Metrics, "observe">; readonly clock: Pick<Clock, "monotonic"> },
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = clock.monotonic();
  try {
    return await work();
  } finally {
    metrics.observe(name, clock.monotonic() - started);
  }
}
