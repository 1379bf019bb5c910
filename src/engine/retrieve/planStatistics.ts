/** How far the planner's estimates are from what was found, over the queries of one process. */
export class PlanStatistics {
  #count = 0;
  #mean = 0;

  /** Rows estimated and rows found of one step. */
  record(estimated: number, actual: number): void {
    this.#count++;
    const error = Math.abs(Math.log((Math.max(0, estimated) + 1) / (actual + 1)));
    this.#mean += (error - this.#mean) / this.#count;
  }

  /** Mean of |ln((estimated + 1) / (actual + 1))|: 0 is exact, 0.7 is a factor of two. 0 before the first record. */
  get meanError(): number {
    return this.#mean;
  }

  get count(): number {
    return this.#count;
  }
}
