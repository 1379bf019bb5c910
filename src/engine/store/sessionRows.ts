import { hasRow, type RowSet } from "../../contract/rowSet.ts";

/** The rows of each session in the order of their timestamps: what was said right before and after a memory. */
export class SessionRows {
  readonly #rows = new Map<number, number[]>();
  #sessions: Uint32Array = new Uint32Array(0);
  #timestamps: Float64Array = new Float64Array(0);
  /** Rows from here on are not in the order yet. */
  #known = 1;

  /** A row has another timestamp: one that was read as forgotten has none until it is brought back. */
  moved(row: number): void {
    if (row >= this.#known) return;
    this.#rows.clear();
    this.#known = 1;
  }

  /** Takes in rows up to `limit`, exclusive. By row: the code of its session, 0 for none; milliseconds since the epoch. */
  upTo(limit: number, sessions: Uint32Array, timestamps: Float64Array): void {
    this.#sessions = sessions;
    this.#timestamps = timestamps;
    for (; this.#known < limit; this.#known++) {
      const row = this.#known;
      const session = sessions[row] ?? 0;
      if (session === 0) continue;
      const rows = this.#rows.get(session);
      if (rows === undefined) this.#rows.set(session, [row]);
      else rows.splice(this.#placeOf(row, rows), 0, row);
    }
  }

  beside(row: number, reach: number, within: RowSet): { readonly before: number[]; readonly after: number[] } {
    const rows = this.#rows.get(this.#sessions[row] ?? 0);
    const before: number[] = [];
    const after: number[] = [];
    if (rows === undefined) return { before, after };
    const place = this.#placeOf(row, rows);
    const take = (into: number[], from: number, step: 1 | -1): void => {
      for (let at = from; at >= 0 && at < rows.length && into.length < reach; at += step) {
        const other = rows[at] ?? 0;
        if (hasRow(within, other)) into.push(other);
      }
    };
    take(before, place - 1, -1);
    take(after, place + 1, 1);
    return { before, after };
  }

  /** Where a row stands, or would, in rows that ascend by (timestamp, row). Rows mostly come in the order of their times. */
  #placeOf(row: number, rows: readonly number[]): number {
    const time = this.#timestamps[row] ?? 0;
    const comesBefore = (other: number): boolean => {
      const otherTime = this.#timestamps[other] ?? 0;
      return otherTime < time || (otherTime === time && other < row);
    };
    const last = rows.at(-1);
    if (last !== undefined && comesBefore(last)) return rows.length;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comesBefore(rows[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
