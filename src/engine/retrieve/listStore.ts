import type { Condition } from "../../contract/filter.ts";
import { intersectRows, type RowSet } from "../../contract/rowSet.ts";
import type { Projection } from "../seams.ts";
import type { Deadline } from "./deadline.ts";
import type { PagePosition } from "./cursor.ts";
import type { Ranked } from "./rankStore.ts";

const GROWTH = 4;
/**
 * Rows that are checked one by one before the rest of the filter is found as a set: what the plan takes as independent of the order may not be,
 * as a range of timestamps is not.
 */
const MOST_CHECKS = 512;

export interface ListRequest {
  readonly store: number;
  readonly projection: Projection;
  readonly rows: RowSet;
  /** Checked row by row; absent when `rows` says it all. */
  readonly check?: Condition;
  readonly wanted: number;
  /** The last row of the page before. */
  readonly after?: PagePosition["last"];
  readonly deadline: Deadline;
  /** Told of every batch: rows read, rows kept. */
  readonly onBatch: (read: number, kept: number) => void;
}

/** Rows newest first, by (timestamp, row), their keys being timestamps. */
export function* listStore(request: ListRequest): Generator<Ranked> {
  const { store, projection, deadline } = request;
  let { rows, check } = request;
  let checked = 0;
  let after = keysetOf(request);
  for (let size = request.wanted; ; size = Math.min(size * GROWTH, 4096)) {
    deadline.check();
    if (check !== undefined && checked >= MOST_CHECKS) {
      rows = intersectRows(rows, projection.rowsWhere(check));
      check = undefined;
    }
    const batch = projection.newest(rows, size, after);
    const passed =
      check === undefined
        ? undefined
        : new Set(
            projection.keepWhere(
              check,
              batch.map(({ row }) => row),
            ),
          );
    checked += batch.length;
    request.onBatch(batch.length, passed?.size ?? batch.length);
    for (const { row, timestamp } of batch) {
      if (passed?.has(row) === false) continue;
      const memory = projection.memory(row);
      if (memory !== undefined) yield { store, row, key: timestamp, memory, score: 0 };
    }
    if (batch.length < size) return;
    after = batch.at(-1);
  }
}

/**
 * Where this store's listing goes on. At the timestamp of the last row the stores before that row's are finished, and those after it have
 * not begun: the same order as `mergeRanked` gives.
 */
function keysetOf({ store, projection, after }: ListRequest): { timestamp: number; row: number } | undefined {
  if (after === undefined) return undefined;
  if (store === after.store) return { timestamp: after.key, row: after.row };
  return { timestamp: after.key, row: store < after.store ? 0 : projection.rowLimit };
}
