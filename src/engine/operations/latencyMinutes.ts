import type { LatencySample } from "../../contract/explore.ts";
import { Histogram } from "./histogram.ts";

const MINUTE = 60_000;
const KEPT_MINUTES = 60;

/** The latencies of one operation in each minute of the last hour that had any. At most 60 histograms. */
export class LatencyMinutes {
  /** By minute since the epoch, oldest first. */
  readonly #minutes = new Map<number, Histogram>();

  /** `now` in milliseconds since the epoch, `ms` the duration. */
  add(now: number, ms: number): void {
    const minute = Math.floor(now / MINUTE);
    let histogram = this.#minutes.get(minute);
    if (histogram === undefined) {
      histogram = new Histogram();
      this.#minutes.set(minute, histogram);
      this.#drop(minute);
    }
    histogram.add(ms);
  }

  samples(now: number): readonly LatencySample[] {
    this.#drop(Math.floor(now / MINUTE));
    return [...this.#minutes]
      .sort(([a], [b]) => a - b)
      .map(([minute, histogram]) => {
        const { count, p50, p95, max } = histogram.summary();
        return { at: minute * MINUTE, count, p50, p95, max };
      });
  }

  /** The clock may have jumped: minutes that are far ahead go too. */
  #drop(minute: number): void {
    for (const known of this.#minutes.keys())
      if (known <= minute - KEPT_MINUTES || known > minute) this.#minutes.delete(known);
  }
}
