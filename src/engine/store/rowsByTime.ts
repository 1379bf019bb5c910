/** All rows in the order of their timestamps. The timestamp of a memory never changes, so only rows that came since have to be put in. */
export class RowsByTime {
  #order = new Uint32Array(0);
  /** Rows from here on are not in the order yet. */
  #known = 1;

  /** A row has another timestamp: one that was read as forgotten has none until it is brought back. */
  moved(row: number): void {
    if (row >= this.#known) return;
    this.#order = new Uint32Array(0);
    this.#known = 1;
  }

  /** Rows 1 to `limit`, exclusive, by (timestamp, row), oldest first. */
  upTo(limit: number, timestamps: Float64Array): Uint32Array {
    if (limit <= this.#known) return this.#order;
    const time = (row: number): number => timestamps[row] ?? 0;
    const fresh = Uint32Array.from({ length: limit - this.#known }, (_, index) => this.#known + index);
    // Rows mostly come in the order of their times; sorting costs a comparison a step.
    if (fresh.some((row, index) => index > 0 && time(row) < time(row - 1)))
      fresh.sort((a, b) => time(a) - time(b) || a - b);
    this.#order = merged(this.#order, fresh, time);
    this.#known = limit;
    return this.#order;
  }
}

function merged(old: Uint32Array, fresh: Uint32Array, time: (row: number) => number): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(old.length + fresh.length);
  let left = old.length - 1;
  let right = fresh.length - 1;
  for (let at = all.length - 1; at >= 0; at--) {
    const [a, b] = [old[left] ?? 0, fresh[right] ?? 0];
    // Of equal times the later row is the newer one, and every fresh row is later than every old one.
    const takeOld = right < 0 || (left >= 0 && time(a) > time(b));
    all[at] = takeOld ? a : b;
    if (takeOld) left--;
    else right--;
  }
  return all;
}
