import type { RowSet } from "../../contract/rowSet.ts";
import { HeirloomError } from "../../contract/errors.ts";
import { CodeColumns } from "./codeColumns.ts";
import { RowsByTime } from "./rowsByTime.ts";
import { SessionRows } from "./sessionRows.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/**
 * What is asked of every row on every request, kept beside the tables: the code of its visibility (0: not living), its timestamp, the
 * time at which it expires, and what it is grouped by. 52 bytes a row.
 */
export class RowTable {
  /** Filled for every row that was set, living or not. */
  codes = new CodeColumns();
  readonly #byTime = new RowsByTime();
  readonly #bySession = new SessionRows();
  #visibility = new Uint32Array(1024);
  #timestamp = new Float64Array(1024);
  #expires = new Float64Array(1024);
  /** One past the largest row. */
  #limit = 1;
  #living = 0;

  get limit(): number {
    return this.#limit;
  }

  get living(): number {
    return this.#living;
  }

  set(row: number, visibility: number, timestamp: number, expires: number): void {
    if (row >= this.#visibility.length) this.#grow(row + 1);
    if (!this.isLiving(row)) this.#living++;
    this.#visibility[row] = visibility;
    if (this.#timestamp[row] !== timestamp) {
      this.#byTime.moved(row);
      this.#bySession.moved(row);
    }
    this.#timestamp[row] = timestamp;
    this.#expires[row] = expires;
    this.#limit = Math.max(this.#limit, row + 1);
  }

  hide(row: number): void {
    if (!this.isLiving(row)) return;
    this.#visibility[row] = 0;
    this.#living--;
  }

  isLiving(row: number): boolean {
    return this.visibility(row) !== 0;
  }

  visibility(row: number): number {
    return this.#visibility[row] ?? 0;
  }

  timestamp(row: number): number {
    return this.#timestamp[row] ?? 0;
  }

  expires(row: number): number {
    return this.#expires[row] ?? Infinity;
  }

  /**
   * The living rows whose visibility code is marked in `shown` and that do not expire at or before `now`. `from` <= t < `until` are the
   * times at which the answer is the same.
   */
  select(shown: Uint8Array, now: number): { readonly rows: RowSet; readonly from: number; readonly until: number } {
    const rows = new Uint32Array((this.#limit + 31) >> 5);
    const visibility = this.#visibility;
    const expires = this.#expires;
    let from = -Infinity;
    let until = Infinity;
    for (let row = 1; row < this.#limit; row++) {
      if (shown[visibility[row] ?? 0] !== 1) continue;
      const end = expires[row] ?? Infinity;
      if (end <= now) {
        if (end > from) from = end;
        continue;
      }
      if (end < until) until = end;
      const word = row >> 5;
      rows[word] = (rows[word] ?? 0) | (1 << (row & 31));
    }
    return { rows, from, until };
  }

  /** All rows, those that do not live any more too, by (timestamp, row), oldest first. Not to be changed. */
  byTime(): Uint32Array {
    return this.#byTime.upTo(this.#limit, this.#timestamp);
  }

  /** Up to `reach` rows of `within` on each side of a row in its session or document, by (timestamp, row), the nearest first. */
  beside(row: number, reach: number, within: RowSet): { readonly before: number[]; readonly after: number[] } {
    this.#bySession.upTo(this.#limit, this.codes.of("whole"), this.#timestamp);
    return this.#bySession.beside(row, reach, within);
  }

  /** By row, up to the limit. Views: not to be changed, and not to be kept beyond the next change. */
  get timestamps(): Float64Array {
    return this.#timestamp.subarray(0, this.#limit);
  }

  /** Timestamps of about `count` living rows, evenly spread over the rows, ascending. */
  sampleTimestamps(count: number): Float64Array {
    const step = Math.max(1, Math.floor(this.#limit / count));
    const sample = new Float64Array(Math.ceil(this.#limit / step));
    let taken = 0;
    for (let row = 1; row < this.#limit; row += step) if (this.isLiving(row)) sample[taken++] = this.timestamp(row);
    return sample.subarray(0, taken).sort();
  }

  /** Writes the columns into the database, so that an image of it opens without reading every row. */
  save(database: SqlDatabase): void {
    const columns = { visibility: this.#visibility, timestamp: this.#timestamp, expires: this.#expires };
    for (const [name, column] of Object.entries(columns)) {
      const used = column.subarray(0, this.#limit);
      const bytes = new Uint8Array(used.buffer, used.byteOffset, used.byteLength);
      database.run("INSERT OR REPLACE INTO columns VALUES (?, ?)", name, bytes);
    }
    this.codes.save(database, this.#limit);
  }

  /** Reads what `save` wrote. STORE_CORRUPT when it does not fit the tables. */
  static load(database: SqlDatabase): RowTable {
    const table = new RowTable();
    const bytesOf = (name: string): ArrayBuffer => {
      const value = database.first("SELECT bytes FROM columns WHERE name = ?", name)?.[0];
      return value instanceof Uint8Array ? value.slice().buffer : new ArrayBuffer(0);
    };
    const [visibility, timestamp, expires] = [bytesOf("visibility"), bytesOf("timestamp"), bytesOf("expires")];
    const rows = visibility.byteLength / 4;
    if (!Number.isInteger(rows) || timestamp.byteLength !== rows * 8 || expires.byteLength !== rows * 8)
      throw corrupt();
    if (rows === 0) return table;
    table.#visibility = new Uint32Array(visibility);
    table.#timestamp = new Float64Array(timestamp);
    table.#expires = new Float64Array(expires);
    table.#limit = rows;
    for (const code of table.#visibility) if (code !== 0) table.#living++;
    table.codes = CodeColumns.load(database, rows);
    const living = database.first("SELECT count(*) FROM memory WHERE living = 1")?.[0];
    if (living !== table.#living) throw corrupt();
    return table;
  }

  #grow(rows: number): void {
    const size = Math.max(rows, Math.ceil(this.#visibility.length * 1.5));
    const grown = {
      visibility: new Uint32Array(size),
      timestamp: new Float64Array(size),
      expires: new Float64Array(size),
    };
    grown.visibility.set(this.#visibility);
    grown.timestamp.set(this.#timestamp);
    grown.expires.set(this.#expires);
    this.#visibility = grown.visibility;
    this.#timestamp = grown.timestamp;
    this.#expires = grown.expires;
  }
}

const corrupt = (): HeirloomError =>
  new HeirloomError("STORE_CORRUPT", "The image of the store contradicts itself; rebuild it from the journal.");
