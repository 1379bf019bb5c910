import type { Condition } from "../../contract/filter.ts";
import type { RowSet } from "../../contract/rowSet.ts";
import type { Projection, TextHit, TextIndex } from "../seams.ts";
import type { Deadline } from "./deadline.ts";

/** Hits that are fetched beside those wanted, because recency may bring one of them up. */
const SLACK = 24;
const GROWTH = 4;

export interface Candidate extends TextHit {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

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
  readonly #kept: Candidate[] = [];
  #limit: number;
  #examined = 0;
  #asked = 0;
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

  at(index: number): Candidate | undefined {
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
    const { text, projection, query, rows, rowBound, check, deadline } = this.#query;
    deadline.check();
    const started = deadline.now();
    const limit = Math.min(this.#limit, projection.rowLimit);
    const found = text.search(query, { limit, rows, ...(rowBound === undefined ? {} : { rowBound }) });
    this.#asked = limit;
    const searched = deadline.now();
    this.searchMs += searched - started;
    this.ceiling = found.ceiling;
    this.visited += found.visited;
    this.workingBytes = Math.max(this.workingBytes, found.workingBytes);
    const fresh = found.hits.slice(this.#examined);
    this.#examined = found.hits.length;
    this.#exhausted = found.hits.length < limit || limit === projection.rowLimit;
    this.#limit = limit * GROWTH;
    if (check === undefined) {
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

  /** A memory costs far more to read than its timestamp, and few of them get onto the page. */
  #keep(hits: readonly TextHit[]): void {
    for (const { row, part, score } of hits) {
      const timestamp = this.#query.projection.timestamp(row);
      if (timestamp !== undefined) this.#kept.push({ row, part, score, timestamp });
    }
  }
}
