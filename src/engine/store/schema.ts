import { HeirloomError } from "../../contract/errors.ts";
import type { Memory } from "../../contract/memory.ts";
import { comparableText } from "./comparable.ts";
import { metadataEntries } from "./metadataEntries.ts";
import { addRewriteTables } from "./rewrites.ts";
import { addSharedTable } from "./sharedVerdicts.ts";
import type { SqlDatabase } from "./sqlEngine.ts";
import { addUnlearned } from "./unlearned.ts";
import { WORD_FIELDS, type WordField } from "./words.ts";

/** One step from the schema before it. Steps that were released are never edited: a change is a further step. */
interface Migration {
  readonly to: number;
  migrate(database: SqlDatabase): void;
}

/**
 * `memory` is narrow, so that a scan touches few pages; the whole memory is the JSON text in `body`, but for its signature. Text that repeats (kind, branch,
 * tag, …) is a code into `word`, per field: a pattern is then tried once on a word instead of once on a row.
 */
const MIGRATIONS: readonly Migration[] = [
  {
    to: 1,
    migrate: (database) =>
      database.script(`
        CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE word (code INTEGER PRIMARY KEY, field INTEGER NOT NULL, text TEXT NOT NULL, uses INTEGER NOT NULL DEFAULT 0,
          UNIQUE (field, text));
        CREATE TABLE memory (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, living INTEGER NOT NULL, visibility INTEGER NOT NULL,
          timestamp INTEGER NOT NULL, kind INTEGER NOT NULL, scope INTEGER NOT NULL, eventType INTEGER NOT NULL, sessionId INTEGER,
          workspaceId INTEGER NOT NULL, gitBranch INTEGER, gitCommit INTEGER, freshness INTEGER NOT NULL, signature TEXT NOT NULL);
        CREATE INDEX memory_timestamp ON memory (timestamp);
        CREATE INDEX memory_kind ON memory (kind);
        CREATE INDEX memory_event_type ON memory (eventType);
        CREATE INDEX memory_session ON memory (sessionId) WHERE sessionId IS NOT NULL;
        CREATE INDEX memory_branch ON memory (gitBranch) WHERE gitBranch IS NOT NULL;
        CREATE INDEX memory_commit ON memory (gitCommit) WHERE gitCommit IS NOT NULL;
        CREATE TABLE body (row INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE tag (word INTEGER, row INTEGER, PRIMARY KEY (word, row)) WITHOUT ROWID;
        CREATE TABLE entry (path INTEGER, type INTEGER, value, row INTEGER, PRIMARY KEY (path, type, value, row)) WITHOUT ROWID;
        CREATE TABLE observed (commitId TEXT PRIMARY KEY, seq INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE idempotency (key TEXT PRIMARY KEY, row INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX idempotency_row ON idempotency (row);
        CREATE TABLE forgotten (row INTEGER PRIMARY KEY, token TEXT NOT NULL, at INTEGER NOT NULL, seq INTEGER NOT NULL);
        CREATE INDEX forgotten_token ON forgotten (token);
        CREATE TABLE columns (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES ('lastSeq', 0);
      `),
  },
  { to: 2, migrate: addPositions },
  { to: 3, migrate: addFacets },
  {
    // What a merge did to the memory that it kept; what became of memories that were shown, and the searches that showed them.
    to: 4,
    migrate: (database) =>
      database.script(`
        ALTER TABLE forgotten ADD COLUMN merged TEXT;
        CREATE TABLE rating (row INTEGER PRIMARY KEY, positive REAL NOT NULL, negative REAL NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE example (seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
      `),
  },
  { to: 5, migrate: addUnlearned },
  { to: 6, migrate: addRewriteTables },
  { to: 7, migrate: addSharedTable },
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Makes the tables of a new database, or brings those of an image up to date. UNSUPPORTED_VERSION, STORE_CORRUPT. */
export function migrate(database: SqlDatabase, from: "new" | "image"): void {
  upTo(database, from === "new" ? 0 : versionOf(database), SCHEMA_VERSION);
}

/** Runs the steps after `version` up to `target`, all or none. */
export function upTo(database: SqlDatabase, version: number, target: number): void {
  if (version === target) return;
  database.script("BEGIN");
  try {
    for (const step of MIGRATIONS) if (step.to > version && step.to <= target) step.migrate(database);
    database.run("INSERT OR REPLACE INTO meta VALUES ('schemaVersion', ?)", target);
    database.script("COMMIT");
  } catch (thrown) {
    database.script("ROLLBACK");
    throw thrown;
  }
}

function versionOf(database: SqlDatabase): number {
  const version = database.first("SELECT value FROM meta WHERE name = 'schemaVersion'")?.[0];
  if (typeof version !== "number" || version < 1)
    throw new HeirloomError("STORE_CORRUPT", "The image of the store names no version; rebuild it from the journal.");
  if (version > SCHEMA_VERSION)
    throw new HeirloomError(
      "UNSUPPORTED_VERSION",
      `The image of the store has version ${version}, this program knows up to ${SCHEMA_VERSION}; update Heirloom or rebuild the store.`,
      { version, supported: SCHEMA_VERSION },
    );
  return version;
}

/** Places of metadata objects that have lat and lon, for $near and $within. */
function addPositions(database: SqlDatabase): void {
  database.script(
    "CREATE TABLE position (path INTEGER, lat REAL, lon REAL, row INTEGER, PRIMARY KEY (path, lat, lon, row)) WITHOUT ROWID",
  );
  const field = WORD_FIELDS.indexOf("path");
  const rows = database.all("SELECT row FROM body");
  for (const [row] of rows) {
    if (typeof row !== "number") continue;
    const json = database.first("SELECT json FROM body WHERE row = ?", row)?.[0];
    if (typeof json !== "string") continue;
    const { positions } = metadataEntries((JSON.parse(json) as Memory).metadata);
    for (const { path, lat, lon } of positions) {
      database.run("INSERT OR IGNORE INTO word (field, text) VALUES (?, ?)", field, path);
      // Every other path is in use already, by the entry of its object.
      if (path === "[]") database.run("UPDATE word SET uses = uses + 1 WHERE field = ? AND text = ?", field, path);
      database.run(
        "INSERT OR IGNORE INTO position SELECT code, ?, ?, ? FROM word WHERE field = ? AND text = ?",
        lat,
        lon,
        row,
        field,
        path,
      );
    }
  }
}

/** Who captured a memory, whether it is pinned, and the files that it speaks of: what the explorer narrows and finds by. */
function addFacets(database: SqlDatabase): void {
  database.script(`
    ALTER TABLE memory ADD COLUMN agent INTEGER;
    ALTER TABLE memory ADD COLUMN pinned INTEGER;
    CREATE INDEX memory_agent ON memory (agent) WHERE agent IS NOT NULL;
    CREATE TABLE anchor (word INTEGER, row INTEGER, PRIMARY KEY (word, row)) WITHOUT ROWID;
  `);
  const codeOf = (field: WordField, text: string): unknown => {
    const [number, word] = [WORD_FIELDS.indexOf(field), comparableText(text)];
    database.run("INSERT OR IGNORE INTO word (field, text) VALUES (?, ?)", number, word);
    database.run("UPDATE word SET uses = uses + 1 WHERE field = ? AND text = ?", number, word);
    return database.first("SELECT code FROM word WHERE field = ? AND text = ?", number, word)?.[0];
  };
  for (const [row] of database.all("SELECT row FROM body")) {
    if (typeof row !== "number") continue;
    const json = database.first("SELECT json FROM body WHERE row = ?", row)?.[0];
    if (typeof json !== "string") continue;
    const { provenance, pinned, anchors } = JSON.parse(json) as Memory;
    const agent = provenance.agent === undefined ? null : Number(codeOf("agent", provenance.agent));
    const pin = Number(codeOf("pinned", String(pinned === true)));
    database.run("UPDATE memory SET agent = ?, pinned = ? WHERE row = ?", agent, pin, row);
    for (const path of new Set(anchors.map((anchor) => anchor.path)))
      database.run("INSERT INTO anchor VALUES (?, ?)", Number(codeOf("anchorPath", path)), row);
  }
}
