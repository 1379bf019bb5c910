import { FACETS, type Facet } from "../../contract/explore.ts";
import { pathText } from "./metadataEntries.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import { WORD_FIELDS, type WordField } from "./words.ts";

/** What rows are grouped by: the explorer's facets, and the whole that they are a part of, which is their session or else their document. */
export type RowColumn = Facet | "whole";

/** Where `memory` has what a column is about: by such words it is coded. */
export const COLUMN_WORDS = {
  kind: "kind",
  scope: "scope",
  freshness: "freshness",
  branch: "gitBranch",
  agent: "agent",
  commit: "gitCommit",
  pinned: "pinned",
  whole: "sessionId",
} as const satisfies Record<RowColumn, WordField>;
const COLUMNS: readonly RowColumn[] = [...FACETS, "whole"];
const ROWS_AT_ONCE = 2000;

/** By row, the code of its word for every column, 0 where it has none: a list is narrowed and counted without a step into SQL. 32 bytes a row. */
export class CodeColumns {
  readonly #columns: Record<RowColumn, Uint32Array>;

  constructor(rows = 1024) {
    this.#columns = Object.fromEntries(COLUMNS.map((column) => [column, new Uint32Array(rows)])) as Record<
      RowColumn,
      Uint32Array
    >;
  }

  of(column: RowColumn): Uint32Array {
    return this.#columns[column];
  }

  set(row: number, codes: Readonly<Record<RowColumn, number>>): void {
    for (const name of COLUMNS) {
      let column = this.#columns[name];
      if (row >= column.length) {
        const grown = new Uint32Array(Math.max(row + 1, Math.ceil(column.length * 1.5)));
        grown.set(column);
        column = this.#columns[name] = grown;
      }
      column[row] = codes[name];
    }
  }

  save(database: SqlDatabase, rows: number): void {
    for (const name of COLUMNS) {
      const used = this.#columns[name].slice(0, rows);
      const bytes = new Uint8Array(used.buffer, 0, used.byteLength);
      database.run("INSERT OR REPLACE INTO columns VALUES (?, ?)", `facet.${name}`, bytes);
    }
  }

  /** Reads what `save` wrote; where an older program wrote the image, what the tables say. */
  static load(database: SqlDatabase, rows: number): CodeColumns {
    const loaded = new CodeColumns(rows);
    for (const name of COLUMNS) {
      const bytes = database.first("SELECT bytes FROM columns WHERE name = ?", `facet.${name}`)?.[0];
      if (bytes instanceof Uint8Array && bytes.byteLength === rows * 4)
        loaded.#columns[name] = new Uint32Array(bytes.slice().buffer);
      else loaded.#read(database, name, rows);
    }
    return loaded;
  }

  #read(database: SqlDatabase, name: RowColumn, rows: number): void {
    const column = this.#columns[name];
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const codes = database.all(
        `SELECT row, ${COLUMN_WORDS[name]} FROM memory WHERE row >= ? AND row < ?`,
        from,
        from + ROWS_AT_ONCE,
      );
      for (const [row, code] of codes) column[Number(row)] = Number(code ?? 0);
    }
    if (name !== "whole") return;
    for (const [row, code] of database.all(DOCUMENT_PARTS, ...DOCUMENT_WORDS)) column[Number(row)] = Number(code);
  }
}

/** Rows of no session that are parts of a document which they are anchored to, with the code of its path. */
const DOCUMENT_PARTS = `SELECT memory.row, place.code FROM word AS kind JOIN memory ON memory.eventType = kind.code
  JOIN entry ON entry.row = memory.row JOIN word AS path ON path.code = entry.path JOIN word AS place ON place.text = entry.value
  WHERE kind.field = ? AND kind.text = 'document' AND path.field = ? AND path.text = ? AND place.field = ? AND memory.sessionId IS NULL`;
const DOCUMENT_WORDS = [
  WORD_FIELDS.indexOf("eventType"),
  WORD_FIELDS.indexOf("path"),
  pathText(["document", "path"]),
  WORD_FIELDS.indexOf("anchorPath"),
] as const;
