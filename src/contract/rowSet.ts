/** A set of rows (the store's small dense integers) as bits: row r is bit r & 31 of word r >> 5. Rows past the end are absent. */
export type RowSet = Uint32Array;

export const emptyRowSet = (rows: number): RowSet => new Uint32Array((rows + 31) >> 5);

export const hasRow = (set: RowSet, row: number): boolean => (((set[row >> 5] ?? 0) >>> (row & 31)) & 1) === 1;

/** The caller sizes the set: a row past its end is ignored, as typed arrays do. */
export const addRow = (set: RowSet, row: number): void => {
  const word = row >> 5;
  set[word] = (set[word] ?? 0) | (1 << (row & 31));
};

export function intersectRows(a: RowSet, b: RowSet): RowSet {
  const both = new Uint32Array(Math.min(a.length, b.length));
  for (let word = 0; word < both.length; word++) both[word] = (a[word] ?? 0) & (b[word] ?? 0);
  return both;
}

export function countRows(set: RowSet): number {
  let count = 0;
  for (let bits of set) {
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}
