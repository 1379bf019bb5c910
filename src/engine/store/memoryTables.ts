import type { Memory } from "../../contract/memory.ts";
import { comparableText } from "./comparable.ts";
import { metadataEntries } from "./metadataEntries.ts";
import type { SqlDatabase, SqlValue } from "./sqlEngine.ts";
import { visibilityText } from "./visibility.ts";
import type { Words } from "./words.ts";

/** Nothing can compare an anchored memory with the code yet. */
export const freshnessOf = (memory: Memory): "unanchored" | "unchecked" =>
  memory.anchors.length === 0 ? "unanchored" : "unchecked";

/** Writes memories into the tables and out of them, so that every index table always agrees with the body. */
export class MemoryTables {
  readonly #database: SqlDatabase;
  readonly #words: Words;

  constructor(database: SqlDatabase, words: Words) {
    this.#database = database;
    this.#words = words;
  }

  read(row: number): Memory | undefined {
    const found = this.#database.first(READ, row);
    if (typeof found?.[0] !== "string" || typeof found[1] !== "string") return undefined;
    return Object.assign(JSON.parse(found[0]) as Omit<Memory, "signature">, { signature: found[1] });
  }

  /** False, and nothing is changed, when the id or the row is taken. */
  insert(row: number, memory: Memory): boolean {
    const codes = this.#codes(memory);
    const inserted = this.#database.run(
      INSERT,
      row,
      comparableText(memory.id),
      1,
      memory.timestamp,
      ...codes,
      memory.signature,
    );
    if (inserted === 0) return false;
    for (const code of codes) if (code !== null) this.#words.use(code, 1);
    this.#database.run("INSERT INTO body VALUES (?, CAST(? AS TEXT))", row, bodyBytes(memory));
    this.#insertTags(row, memory);
    this.#insertPaths(row, memory);
    this.#insertMetadata(row, memory);
    this.#rate(row, memory);
    return true;
  }

  /** Puts `after` in the place of `before`, the memory that the row holds. */
  replace(row: number, before: Memory, after: Memory): void {
    const old = this.#codes(before);
    const codes = this.#codes(after);
    for (const code of codes) if (code !== null) this.#words.use(code, 1);
    for (const code of old) if (code !== null) this.#words.use(code, -1);
    if (codes.some((code, at) => code !== old[at])) this.#database.run(UPDATE, row, ...codes);
    this.#database.run("UPDATE body SET json = CAST(? AS TEXT) WHERE row = ?", bodyBytes(after), row);
    if (before.signature !== after.signature)
      this.#database.run("UPDATE memory SET signature = ? WHERE row = ?", after.signature, row);
    if (before.tags !== after.tags) {
      this.#deleteTags(row, before);
      this.#insertTags(row, after);
    }
    if (before.anchors !== after.anchors) {
      this.#deletePaths(row, before);
      this.#insertPaths(row, after);
    }
    if (before.metadata !== after.metadata) {
      this.#deleteMetadata(row, before);
      this.#insertMetadata(row, after);
    }
    if (before.use !== after.use) this.#rate(row, after);
  }

  setLiving(row: number, living: boolean): void {
    this.#database.run("UPDATE memory SET living = ? WHERE row = ?", living ? 1 : 0, row);
  }

  erase(row: number, memory: Memory): void {
    for (const code of this.#codes(memory)) if (code !== null) this.#words.use(code, -1);
    this.#deleteTags(row, memory);
    this.#deletePaths(row, memory);
    this.#deleteMetadata(row, memory);
    for (const table of ["body", "memory", "idempotency", "forgotten", "rating"])
      this.#database.run(`DELETE FROM ${table} WHERE row = ?`, row);
  }

  #rate(row: number, { use }: Memory): void {
    if (use === undefined) return;
    this.#database.run("INSERT OR REPLACE INTO rating VALUES (?, ?, ?, ?)", row, use.positive, use.negative, use.at);
  }

  /** Codes of the columns after `timestamp`, in their order. */
  #codes(memory: Memory): readonly (number | null)[] {
    const words = this.#words;
    const { branch, commit, agent } = memory.provenance;
    return [
      words.code("visibility", visibilityText(memory)),
      words.code("kind", memory.kind),
      words.code("scope", memory.scope),
      words.code("eventType", memory.eventType),
      memory.sessionId === undefined ? null : words.code("sessionId", memory.sessionId),
      words.code("workspaceId", memory.workspaceId),
      branch === undefined ? null : words.code("gitBranch", branch),
      commit === undefined ? null : words.code("gitCommit", commit),
      words.code("freshness", freshnessOf(memory)),
      agent === undefined ? null : words.code("agent", agent),
      words.code("pinned", String(memory.pinned === true)),
    ];
  }

  #insertTags(row: number, memory: Memory): void {
    for (const code of this.#tagCodes(memory)) {
      this.#words.use(code, 1);
      this.#database.run("INSERT INTO tag VALUES (?, ?)", code, row);
    }
  }

  #deleteTags(row: number, memory: Memory): void {
    for (const code of this.#tagCodes(memory)) {
      this.#words.use(code, -1);
      this.#database.run("DELETE FROM tag WHERE word = ? AND row = ?", code, row);
    }
  }

  #tagCodes(memory: Memory): ReadonlySet<number> {
    return new Set(memory.tags.map((tag) => this.#words.code("tags", tag)));
  }

  #insertPaths(row: number, memory: Memory): void {
    for (const code of this.#pathCodes(memory)) {
      this.#words.use(code, 1);
      this.#database.run("INSERT INTO anchor VALUES (?, ?)", code, row);
    }
  }

  #deletePaths(row: number, memory: Memory): void {
    for (const code of this.#pathCodes(memory)) {
      this.#words.use(code, -1);
      this.#database.run("DELETE FROM anchor WHERE word = ? AND row = ?", code, row);
    }
  }

  #pathCodes(memory: Memory): ReadonlySet<number> {
    return new Set(memory.anchors.map(({ path }) => this.#words.code("anchorPath", path)));
  }

  #insertMetadata(row: number, memory: Memory): void {
    this.#eachEntry(memory, 1, (sql, ...values) => this.#database.run(`INSERT OR IGNORE INTO ${sql}`, ...values, row), {
      entry: "entry VALUES (?, ?, ?, ?)",
      position: "position VALUES (?, ?, ?, ?)",
    });
  }

  #deleteMetadata(row: number, memory: Memory): void {
    this.#eachEntry(memory, -1, (sql, ...values) => this.#database.run(`DELETE FROM ${sql}`, ...values, row), {
      entry: "entry WHERE path = ? AND type = ? AND value = ? AND row = ?",
      position: "position WHERE path = ? AND lat = ? AND lon = ? AND row = ?",
    });
  }

  #eachEntry(
    memory: Memory,
    use: 1 | -1,
    write: (sql: string, ...values: readonly SqlValue[]) => void,
    sql: { readonly entry: string; readonly position: string },
  ): void {
    const { entries, positions } = metadataEntries(memory.metadata);
    const paths = new Set<number>();
    for (const { path, type, value } of entries) {
      const code = this.#words.code("path", path);
      paths.add(code);
      write(sql.entry, code, type, value);
    }
    for (const { path, lat, lon } of positions) {
      const code = this.#words.code("path", path);
      paths.add(code);
      write(sql.position, code, lat, lon);
    }
    for (const code of paths) this.#words.use(code, use);
  }
}

/**
 * All but the signature, which only the duplicate index reads, and then of all rows. UTF-8 made here: sql.js would encode a text letter by
 * letter.
 */
const bodyBytes = (memory: Memory): Uint8Array => encoder.encode(JSON.stringify({ ...memory, signature: undefined }));

const encoder = new TextEncoder();

/** A join of the two takes SQLite four times as long as a look into each. */
const READ = "SELECT json, (SELECT signature FROM memory WHERE memory.row = body.row) FROM body WHERE row = ?";
const INSERT =
  "INSERT OR IGNORE INTO memory (row, id, living, timestamp, visibility, kind, scope, eventType, sessionId, workspaceId, gitBranch, gitCommit, " +
  "freshness, agent, pinned, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
const UPDATE =
  "UPDATE memory SET visibility = ?2, kind = ?3, scope = ?4, eventType = ?5, sessionId = ?6, workspaceId = ?7, gitBranch = ?8, " +
  "gitCommit = ?9, freshness = ?10, agent = ?11, pinned = ?12 WHERE row = ?1";
