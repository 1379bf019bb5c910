import { FACETS, type Facet } from "../../contract/explore.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import type { WordField } from "./words.ts";

/** Where `memory` has what a facet is about: by such words it is coded. */
export const FACET_WORDS = {
  kind: "kind",
  scope: "scope",
  freshness: "freshness",
  branch: "gitBranch",
  agent: "agent",
  commit: "gitCommit",
  pinned: "pinned",
} as const satisfies Record<Facet, WordField>;
const ROWS_AT_ONCE = 2000;

/** By row, the code of its word for every facet, 0 where it has none: a list is narrowed and counted without a step into SQL. 28 bytes a row. */
export class FacetColumns {
  readonly #columns: Record<Facet, Uint32Array>;

  constructor(rows = 1024) {
    this.#columns = Object.fromEntries(FACETS.map((facet) => [facet, new Uint32Array(rows)])) as Record<
      Facet,
      Uint32Array
    >;
  }

  of(facet: Facet): Uint32Array {
    return this.#columns[facet];
  }

  set(row: number, codes: Readonly<Record<Facet, number>>): void {
    for (const facet of FACETS) {
      let column = this.#columns[facet];
      if (row >= column.length) {
        const grown = new Uint32Array(Math.max(row + 1, Math.ceil(column.length * 1.5)));
        grown.set(column);
        column = this.#columns[facet] = grown;
      }
      column[row] = codes[facet];
    }
  }

  save(database: SqlDatabase, rows: number): void {
    for (const facet of FACETS) {
      const used = this.#columns[facet].slice(0, rows);
      const bytes = new Uint8Array(used.buffer, 0, used.byteLength);
      database.run("INSERT OR REPLACE INTO columns VALUES (?, ?)", `facet.${facet}`, bytes);
    }
  }

  /** Reads what `save` wrote; where an older program wrote the image, what the tables say. */
  static load(database: SqlDatabase, rows: number): FacetColumns {
    const loaded = new FacetColumns(rows);
    for (const facet of FACETS) {
      const bytes = database.first("SELECT bytes FROM columns WHERE name = ?", `facet.${facet}`)?.[0];
      if (bytes instanceof Uint8Array && bytes.byteLength === rows * 4)
        loaded.#columns[facet] = new Uint32Array(bytes.slice().buffer);
      else loaded.#read(database, facet, rows);
    }
    return loaded;
  }

  #read(database: SqlDatabase, facet: Facet, rows: number): void {
    const column = this.#columns[facet];
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const codes = database.all(
        `SELECT row, ${FACET_WORDS[facet]} FROM memory WHERE row >= ? AND row < ?`,
        from,
        from + ROWS_AT_ONCE,
      );
      for (const [row, code] of codes) column[Number(row)] = Number(code ?? 0);
    }
  }
}
