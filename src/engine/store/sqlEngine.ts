import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import initSqlJs, { type Database, type Statement } from "sql.js";
import { HeirloomError } from "../../contract/errors.ts";

export type SqlValue = string | number | Uint8Array | null;

/** SQLite, ready to open databases in memory. */
export interface SqlEngine {
  /** A new database, or a copy of an image. STORE_CORRUPT when the image is no SQLite file. */
  open(image?: Uint8Array): SqlDatabase;
}

/** The subset of a database in memory that the store uses. Prepared statements are kept by their text. */
export interface SqlDatabase {
  /** Any number of statements without parameters; results are dropped. */
  script(sql: string): void;
  /** Runs one statement; gives the number of rows that it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number;
  /** The first row of the result. */
  first(sql: string, ...values: readonly SqlValue[]): readonly SqlValue[] | undefined;
  all(sql: string, ...values: readonly SqlValue[]): readonly (readonly SqlValue[])[];
  /** Adds a function to SQL; its arity is that of `body`. */
  define(name: string, body: (...values: never[]) => number): void;
  /** A copy of the database file. */
  export(): Uint8Array;
  close(): void;
}

/**
 * Loads SQLite. `wasmPath` is the file `sql-wasm.wasm`; by default the one beside the running bundle, else the one in node_modules.
 * INTERNAL when there is none.
 */
export async function loadSql(wasmPath?: string): Promise<SqlEngine> {
  const library = await initSqlJs({ wasmBinary: await wasmBytes(wasmPath) });
  return {
    open(image) {
      const database = new library.Database(image);
      try {
        return new SqlJsDatabase(database);
      } catch (thrown) {
        database.close();
        throw new HeirloomError(
          "STORE_CORRUPT",
          "The image of the store is no database; rebuild it from the journal.",
          undefined,
          {
            cause: thrown,
          },
        );
      }
    },
  };
}

async function wasmBytes(wasmPath: string | undefined): Promise<ArrayBuffer> {
  const candidates = wasmPath === undefined ? defaultPaths() : [wasmPath];
  let cause: unknown;
  for (const path of candidates) {
    try {
      const bytes = await readFile(path);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    } catch (thrown) {
      cause = thrown;
    }
  }
  throw new HeirloomError(
    "INTERNAL",
    "sql-wasm.wasm is missing beside the program; install Heirloom again.",
    undefined,
    {
      cause,
    },
  );
}

function* defaultPaths(): Generator<string | URL> {
  yield new URL("./sql-wasm.wasm", import.meta.url);
  yield createRequire(import.meta.url).resolve("sql.js/dist/sql-wasm.wasm");
}

/** Filters are statements of their own: without a bound, their texts would pile up. */
const STATEMENT_LIMIT = 160;

class SqlJsDatabase implements SqlDatabase {
  readonly #database: Database;
  /** In order of last use. */
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
    // One connection and no file behind it: no lock to give up, no disk to wait for. The cache only has to hold the upper levels of the
    // trees, as a page that it lacks is one copy away; deleted cells are overwritten with zeros.
    database.exec(
      "PRAGMA secure_delete = ON; PRAGMA cache_size = -4096; PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF;" +
        "PRAGMA journal_mode = MEMORY; PRAGMA schema_version",
    );
  }

  script(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    this.#statement(sql).run(values as SqlValue[]);
    return this.#database.getRowsModified();
  }

  first(sql: string, ...values: readonly SqlValue[]): readonly SqlValue[] | undefined {
    const statement = this.#statement(sql);
    try {
      statement.bind(values as SqlValue[]);
      return statement.step() ? statement.get() : undefined;
    } finally {
      statement.reset();
    }
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly (readonly SqlValue[])[] {
    const statement = this.#statement(sql);
    const rows: SqlValue[][] = [];
    try {
      statement.bind(values as SqlValue[]);
      while (statement.step()) rows.push(statement.get());
      return rows;
    } finally {
      statement.reset();
    }
  }

  define(name: string, body: (...values: never[]) => number): void {
    this.#database.create_function(name, body);
  }

  export(): Uint8Array {
    return this.#database.export();
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    if (this.#statements.size > STATEMENT_LIMIT) {
      const [oldest] = this.#statements;
      if (oldest !== undefined) {
        oldest[1].free();
        this.#statements.delete(oldest[0]);
      }
    }
    return made;
  }
}
