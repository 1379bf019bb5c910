import type { BrowseQuery, BrowseResult } from "../../contract/explore.ts";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../../contract/rowSet.ts";
import type { RowColumns, TextMatches } from "../seams.ts";
import type { Deadline } from "./deadline.ts";
import { emptyTotals, FacetCounter, mostCounted } from "./facetCounts.ts";
import { withFreshness } from "./freshColumns.ts";
import { FacetTests, NONE, SEVERAL } from "./facetTests.ts";
import { namedAnchor, namedCode } from "./namedAnchors.ts";
import { combineScore, shareOf } from "./score.ts";
import type { SearchStore } from "./storePlan.ts";

export interface BrowseRequest extends Omit<BrowseQuery, "limit"> {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly deadline: Deadline;
}

/** A whole result in its order, in parallel arrays. Rows keep their numbers for ever, so it stays right while memories come and go. */
export interface BrowsedRows {
  /** Place of the row's store in the list of stores. */
  readonly stores: Uint8Array;
  readonly rows: Uint32Array;
  /** Where a text was asked for: 0..1, and the passage that matched. */
  readonly scores?: Float32Array;
  readonly parts?: Uint16Array;
}

/** Best-scored rows that are looked at for an anchor that the query names: reading a memory costs more than scoring a thousand. */
const MOST_NAMED = 256;

/** Everything that a person's question finds, in the order that was asked for, and how it is distributed. QUERY_TIMEOUT. */
export function browseStores(
  stores: readonly SearchStore[],
  request: BrowseRequest,
): { readonly found: BrowsedRows; readonly facets: BrowseResult["facets"] } {
  const totals = emptyTotals();
  const taken: Taken[] = [];
  for (const [index, store] of stores.entries()) {
    request.deadline.check();
    taken.push(takeRows(store, index, request, totals));
  }
  request.deadline.check();
  const scored = request.text.trim() !== "";
  if (scored && request.order === "best") return { found: byScore(taken), facets: mostCounted(totals) };
  const ordered = taken.map((one) => inTime(one, request.order === "oldest", !scored));
  const found = mergeByTime(taken, ordered, request.order === "oldest", scored);
  return { found, facets: mostCounted(totals) };
}

/** What one store gives: its rows as a set, and their scores and passages by row. */
interface Taken {
  readonly store: number;
  readonly columns: RowColumns;
  readonly rows: RowSet;
  readonly count: number;
  readonly scores: Float32Array;
  readonly parts: Uint16Array;
}

function takeRows(
  store: SearchStore,
  index: number,
  request: BrowseRequest,
  totals: ReturnType<typeof emptyTotals>,
): Taken {
  const { projection } = store;
  const base = baseRows(store, request);
  const text = request.text.trim();
  const matches = text === "" ? undefined : store.text.matches(request.text.trimStart(), base);
  const columns = withFreshness(projection.columns(), store.freshness);
  const tests = new FacetTests(columns, request.facets);
  const counter = new FacetCounter(columns);
  const rows = emptyRowSet(projection.rowLimit);
  let count = 0;
  const take = (row: number): void => {
    const refusing = tests.refusing(row);
    if (refusing === SEVERAL) return;
    counter.count(row, refusing);
    if (refusing !== NONE) return;
    addRow(rows, row);
    count++;
  };
  if (matches === undefined) eachRow(base, take);
  else for (const row of matches.rows) take(row);
  counter.addTo(totals);
  return { store: index, columns, rows, count, ...scoresOf(store, matches, text, request.now) };
}

function baseRows({ projection, view }: SearchStore, { visibility, now }: BrowseRequest): RowSet {
  if (visibility === "visible") return projection.visibleRows(view, now);
  const living = projection.livingRows(now);
  if (visibility === "all") return living;
  const visible = projection.visibleRows(view, now);
  return living.map((word, at) => word & ~(visible[at] ?? 0));
}

function scoresOf(
  { projection }: SearchStore,
  matches: TextMatches | undefined,
  text: string,
  now: number,
): { readonly scores: Float32Array; readonly parts: Uint16Array } {
  if (matches === undefined) return { scores: new Float32Array(0), parts: new Uint16Array(0) };
  const scores = new Float32Array(projection.rowLimit);
  const parts = new Uint16Array(projection.rowLimit);
  const { timestamps } = projection.columns();
  const score = (at: number, row: number, named: boolean): number =>
    combineScore(shareOf(matches.scores[at] ?? 0, matches.ceiling), {
      isNamed: named,
      ageMs: now - (timestamps[row] ?? 0),
    });
  for (let at = 0; at < matches.rows.length; at++) {
    const row = matches.rows[at] ?? 0;
    scores[row] = score(at, row, false);
    parts[row] = matches.parts[at] ?? 0;
  }
  const named = namedCode(text);
  if (named === undefined) return { scores, parts };
  const best = [...matches.rows.keys()]
    .filter((at) => projection.isAnchored(matches.rows[at] ?? 0))
    .sort((a, b) => (matches.scores[b] ?? 0) - (matches.scores[a] ?? 0))
    .slice(0, MOST_NAMED);
  for (const at of best) {
    const row = matches.rows[at] ?? 0;
    const anchors = projection.memory(row)?.anchors ?? [];
    if (namedAnchor(named, anchors) !== undefined) scores[row] = score(at, row, true);
  }
  return { scores, parts };
}

/** Best first, of equals the newest row. */
function byScore(taken: readonly Taken[]): BrowsedRows {
  const count = taken.reduce((sum, one) => sum + one.count, 0);
  const stores = new Uint8Array(count);
  const rows = new Uint32Array(count);
  // Score and place in one number, as sorting numbers without a comparison is several times faster.
  const keys = new Float64Array(count);
  let filled = 0;
  for (const one of [...taken].reverse()) {
    const { scores } = one;
    eachRow(one.rows, (row) => {
      stores[filled] = one.store;
      rows[filled] = row;
      keys[filled] = Math.round((scores[row] ?? 0) * SCORE_STEPS) * PLACES + filled;
      filled++;
    });
  }
  keys.sort();
  const ordered = { stores: new Uint8Array(count), rows: new Uint32Array(count) };
  for (let at = 0; at < count; at++) {
    const key = keys[count - 1 - at] ?? 0;
    const place = key - Math.floor(key / PLACES) * PLACES;
    ordered.stores[at] = stores[place] ?? 0;
    ordered.rows[at] = rows[place] ?? 0;
  }
  return withScores(taken, ordered);
}

const SCORE_STEPS = 2 ** 26;
const PLACES = 2 ** 26;

interface TimeOrder {
  /** Pinned ones first. */
  readonly rows: Uint32Array;
  readonly pinned: number;
}

function inTime({ columns, rows, count }: Taken, oldest: boolean, pinnedFirst: boolean): TimeOrder {
  const order = columns.byTime;
  const pins = columns.facet("pinned");
  const pinnedCode = pinnedFirst ? columns.codeOf("pinned", "true") : undefined;
  const ordered = new Uint32Array(count);
  const pinned: number[] = [];
  let filled = 0;
  for (let step = 0; step < order.length; step++) {
    const row = order[oldest ? step : order.length - 1 - step] ?? 0;
    if (!hasRow(rows, row)) continue;
    if (pinnedCode !== undefined && pins[row] === pinnedCode) pinned.push(row);
    else ordered[filled++] = row;
  }
  ordered.copyWithin(pinned.length, 0, filled);
  ordered.set(pinned, 0);
  return { rows: ordered, pinned: pinned.length };
}

function mergeByTime(
  taken: readonly Taken[],
  ordered: readonly TimeOrder[],
  oldest: boolean,
  scored: boolean,
): BrowsedRows {
  const count = taken.reduce((sum, one) => sum + one.count, 0);
  const stores = new Uint8Array(count);
  const rows = new Uint32Array(count);
  const next = ordered.map(() => 0);
  let filled = 0;
  const merge = (endOf: (order: TimeOrder) => number): void => {
    for (;;) {
      let best = -1;
      let bestTime = 0;
      for (const [at, order] of ordered.entries()) {
        const place = next[at] ?? 0;
        if (place >= endOf(order)) continue;
        const time = taken[at]?.columns.timestamps[order.rows[place] ?? 0] ?? 0;
        if (best !== -1 && (oldest ? time >= bestTime : time <= bestTime)) continue;
        best = at;
        bestTime = time;
      }
      if (best === -1) return;
      stores[filled] = best;
      rows[filled++] = ordered[best]?.rows[next[best] ?? 0] ?? 0;
      next[best] = (next[best] ?? 0) + 1;
    }
  };
  merge(({ pinned }) => pinned);
  merge((order) => order.rows.length);
  return scored ? withScores(taken, { stores, rows }) : { stores, rows };
}

function withScores(
  taken: readonly Taken[],
  { stores, rows }: { readonly stores: Uint8Array; readonly rows: Uint32Array },
): BrowsedRows {
  const scores = new Float32Array(rows.length);
  const parts = new Uint16Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const from = taken[stores[at] ?? 0];
    const row = rows[at] ?? 0;
    scores[at] = from?.scores[row] ?? 0;
    parts[at] = from?.parts[row] ?? 0;
  }
  return { stores, rows, scores, parts };
}

function eachRow(set: RowSet, visit: (row: number) => void): void {
  for (let word = 0; word < set.length; word++) {
    let bits = set[word] ?? 0;
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      visit(word * 32 + bit);
    }
  }
}
