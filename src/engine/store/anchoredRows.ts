import { addRow, emptyRowSet, hasRow, type RowSet } from "../../contract/rowSet.ts";

/** Which rows have anchors, so that a query that names code reads only those. */
export class AnchoredRows {
  #rows: RowSet;

  constructor(rows: RowSet) {
    this.#rows = rows;
  }

  has(row: number): boolean {
    return hasRow(this.#rows, row);
  }

  set(row: number, anchored: boolean): void {
    if (row >> 5 >= this.#rows.length) {
      const grown = emptyRowSet(Math.ceil(row * 1.5) + 1);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    if (anchored) addRow(this.#rows, row);
    else this.#rows[row >> 5] = (this.#rows[row >> 5] ?? 0) & ~(1 << (row & 31));
  }
}
