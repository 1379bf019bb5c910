import type { RowSet } from "../../contract/rowSet.ts";
import type { RowTable } from "./rowTable.ts";

export interface DatedRow {
  readonly row: number;
  readonly timestamp: number;
}

/** The `limit` newest of `rows` by (timestamp, row), strictly after `after`, newest first: one pass with a heap of the best so far. */
export function newestRows(
  table: RowTable,
  rows: RowSet,
  limit: number,
  after: DatedRow | undefined,
): readonly DatedRow[] {
  /** The oldest of the best on top. */
  const heap: DatedRow[] = [];
  if (limit < 1) return heap;
  for (let word = rows.length - 1; word >= 0; word--) {
    let bits = rows[word] ?? 0;
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits);
      bits &= ~(1 << bit);
      const row = word * 32 + bit;
      if (!table.isLiving(row)) continue;
      const timestamp = table.timestamp(row);
      if (after !== undefined && !isOlder(timestamp, row, after)) continue;
      const oldest = heap[0];
      if (heap.length < limit || oldest === undefined) pushUp(heap, { row, timestamp });
      else if (!isOlder(timestamp, row, oldest)) replaceTop(heap, { row, timestamp });
    }
  }
  return heap.sort((a, b) => b.timestamp - a.timestamp || b.row - a.row);
}

const isOlder = (timestamp: number, row: number, than: DatedRow): boolean =>
  timestamp < than.timestamp || (timestamp === than.timestamp && row < than.row);

function pushUp(heap: DatedRow[], added: DatedRow): void {
  let at = heap.push(added) - 1;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !isOlder(added.timestamp, added.row, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = added;
}

function replaceTop(heap: DatedRow[], added: DatedRow): void {
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    let child = heap[childAt];
    const right = heap[childAt + 1];
    if (child !== undefined && right !== undefined && isOlder(right.timestamp, right.row, child)) {
      child = right;
      childAt++;
    }
    if (child === undefined || !isOlder(child.timestamp, child.row, added)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = added;
}
