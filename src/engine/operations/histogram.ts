export interface LatencySummary {
  readonly count: number;
  /** Milliseconds. */
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Durations in buckets: memory of a fixed size, whatever their number. */
export class Histogram {
  readonly #buckets = new Uint32Array(BUCKETS.length + 1);
  #count = 0;
  #sum = 0;
  #max = 0;

  add(ms: number): void {
    if (!(ms >= 0)) return;
    const bucket = BUCKETS.findIndex((bound) => ms <= bound);
    const index = bucket === -1 ? BUCKETS.length : bucket;
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#count++;
    this.#sum += ms;
    this.#max = Math.max(this.#max, ms);
  }

  summary(): LatencySummary {
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count;
    return { count: this.#count, mean, p50: this.#percentile(0.5), p95: this.#percentile(0.95), max: this.#max };
  }

  /** Where in its bucket the rank falls, as if the bucket's durations were spread evenly. */
  #percentile(share: number): number {
    const rank = share * this.#count;
    let below = 0;
    for (const [index, size] of this.#buckets.entries()) {
      if (size > 0 && below + size >= rank) {
        const from = BUCKETS[index - 1] ?? 0;
        const to = Math.min(BUCKETS[index] ?? this.#max, this.#max);
        return from + ((to - from) * (rank - below)) / size;
      }
      below += size;
    }
    return 0;
  }
}

/** Upper bounds of the buckets in milliseconds, about 1.6 apart: a percentile is off by a quarter at most. The last bucket is open. */
const BUCKETS = [
  ...[0.05, 0.08, 0.125, 0.2, 0.315, 0.5, 0.8, 1.25, 2, 3.15, 5, 8, 12.5, 20, 31.5, 50, 80, 125, 200, 315, 500, 800],
  ...[1250, 2000, 3150, 5000, 8000, 12_500, 20_000, 31_500, 60_000],
];
