import type { Condition } from "../../contract/filter.ts";
import { intersectRows, type RowSet } from "../../contract/rowSet.ts";
import type { Projection, TextHit, TextIndex } from "../seams.ts";
import type { Deadline } from "./deadline.ts";

/** Hits that are fetched beside those wanted, because recency may bring one of them up. */
const SLACK = 24;
const GROWTH = 4;
/** Hits that are checked one by one before the rest of the filter is found as a set: the plan expected to need fewer. */
const MOST_CHECKS = 512;

export interface CandidateQuery {
  readonly text: TextIndex;
  readonly projection: Projection;
  readonly query: string;
  /** Rows that may be found. */
  readonly rows: RowSet;
  /** For a later page: rows from here on do not exist. */
  readonly rowBound?: number;
  /** Checked candidate by candidate; absent when `rows` says it all. */
  readonly check?: Condition;
  /** Share of the candidates that `check` is believed to keep. */
  readonly selectivity: number;
  readonly wanted: number;
  readonly deadline: Deadline;
}

/** The rows that a query finds, best BM25 first, fetched as far as they are asked for. However far that is, the order is the same. */
export class Candidates {
  readonly #query: CandidateQuery;
  readonly #kept: TextHit[] = [];
  #limit: number;
  #examined = 0;
  #asked = 0;
  /** The rows of the filter, once so many were checked that finding them all is cheaper. */
  #filtered: RowSet | undefined;
  #exhausted = false;
  ceiling = 0;
  /** Postings visited and bytes used by the searches so far. */
  visited = 0;
  workingBytes = 0;
  searchMs = 0;
  checkMs = 0;

  constructor(query: CandidateQuery) {
    this.#query = query;
    this.#limit = Math.ceil((query.wanted + SLACK) / Math.max(query.selectivity, 1e-3));
    this.#grow();
  }

  at(index: number): TextHit | undefined {
    while (index >= this.#kept.length && !this.#exhausted) this.#grow();
    return this.#kept[index];
  }

  /** Hits that were looked at, those that a check refused included. */
  get examined(): number {
    return this.#examined;
  }

  /** How many hits the last search was allowed to give: fewer mean that there are no more. */
  get asked(): number {
    return this.#asked;
  }

  get kept(): number {
    return this.#kept.length;
  }

  #grow(): void {
    const { text, projection, query, rowBound, check, deadline } = this.#query;
    deadline.check();
    if (check !== undefined && this.#filtered === undefined && this.#examined >= MOST_CHECKS) this.#switchToSet(check);
    const rows = this.#filtered ?? this.#query.rows;
    const started = deadline.now();
    const limit = Math.min(this.#limit, projection.rowLimit);
    const found = text.search(query, { limit, rows, ...(rowBound === undefined ? {} : { rowBound }) });
    this.#asked = limit;
    const searched = deadline.now();
    this.searchMs += searched - started;
    this.ceiling = found.ceiling;
    this.visited += found.visited;
    this.workingBytes = Math.max(this.workingBytes, found.workingBytes);
    const known = this.#filtered === undefined ? this.#examined : this.#kept.length;
    const fresh = found.hits.slice(known);
    this.#examined += fresh.length;
    this.#exhausted = found.hits.length < limit || limit === projection.rowLimit;
    this.#limit = limit * GROWTH;
    if (check === undefined || this.#filtered !== undefined) {
      this.#keep(fresh);
      return;
    }
    deadline.check();
    const passed = new Set(
      projection.keepWhere(
        check,
        fresh.map((hit) => hit.row),
      ),
    );
    this.#keep(fresh.filter((hit) => passed.has(hit.row)));
    this.checkMs += deadline.now() - searched;
  }

  #switchToSet(check: Condition): void {
    const { projection, rows, wanted, deadline } = this.#query;
    const started = deadline.now();
    this.#filtered = intersectRows(rows, projection.rowsWhere(check));
    // What is kept are the first hits among these rows.
    this.#limit = this.#kept.length + wanted + SLACK;
    this.checkMs += deadline.now() - started;
  }

  /** Those whose memories live. */
  #keep(hits: readonly TextHit[]): void {
    for (const hit of hits) if (this.#query.projection.timestamp(hit.row) !== undefined) this.#kept.push(hit);
  }
}
