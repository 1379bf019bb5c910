/** Milliseconds that a walk may hold the thread before it gives way, so that a query that comes in meanwhile is answered. */
const TURN_MS = 8;

/** Gives way to the event loop when it is time. */
export class Pace {
  #since = performance.now();

  isDue(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  async giveWay(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
  }
}
