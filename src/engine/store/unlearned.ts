import type { Memory } from "../../contract/memory.ts";
import { comparableText } from "./comparable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/**
 * What was learned and then forgotten, so that the next learning leaves it out: `commit:ID` of a commit, `section:HASH SECTION SIGNATURE` of a
 * section of a document, by the marks of its text alone. A key outlives the memory's row; while that can be brought back it goes with it.
 */
export class Unlearned {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** `seq` is that of the event by which the memory of the row was forgotten. */
  forgot(row: number, memory: Memory, seq: number): void {
    const keys = this.#database.all("SELECT key FROM idempotency WHERE row = ?", row).map(([key]) => String(key));
    for (const key of [...sectionKeys(memory), ...keys.filter((one) => one.startsWith("commit:"))])
      this.#database.run(ADD, comparableText(key), row, seq);
  }

  /** It cannot be brought back any more: the later event says so. */
  givenUp(row: number, seq: number): void {
    this.#database.run("UPDATE unlearned SET seq = ? WHERE row = ?", seq, row);
  }

  restored(row: number): void {
    this.#database.run("DELETE FROM unlearned WHERE row = ?", row);
  }

  /** Somebody wanted it after all. */
  captured(memory: Memory, idempotencyKey: string | undefined): void {
    if (idempotencyKey?.startsWith("commit:") === true)
      this.#database.run("DELETE FROM unlearned WHERE key = ?", comparableText(idempotencyKey));
    const hash = markOf(memory)?.hash;
    if (hash === undefined) return;
    const prefix = comparableText(`section:${hash}`);
    this.#database.run("DELETE FROM unlearned WHERE key >= ? AND key < ?", `${prefix} `, `${prefix}!`);
  }

  /** As a snapshot tells of memories that are gone. */
  add(keys: readonly string[], seq: number): void {
    for (const key of keys) this.#database.run(ADD, comparableText(key), 0, seq);
  }
}

const ADD = "INSERT OR REPLACE INTO unlearned VALUES (?, ?, ?)";

function sectionKeys(memory: Memory): readonly string[] {
  const mark = markOf(memory);
  return mark === undefined ? [] : [`section:${mark.hash} ${mark.section} ${memory.signature}`];
}

function markOf({ eventType, metadata }: Memory): { readonly hash: string; readonly section: string } | undefined {
  const mark = eventType === "document" ? metadata["document"] : undefined;
  if (typeof mark !== "object" || mark === null || Array.isArray(mark)) return undefined;
  const { hash, section } = mark as Readonly<Record<string, unknown>>;
  return typeof hash === "string" && typeof section === "string" ? { hash, section } : undefined;
}

/** What the forgotten memories of an image from before this table were learned from. */
export function addUnlearned(database: SqlDatabase): void {
  database.script(
    "CREATE TABLE unlearned (key TEXT PRIMARY KEY, row INTEGER NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID; " +
      "CREATE INDEX unlearned_row ON unlearned (row)",
  );
  const unlearned = new Unlearned(database);
  const rows = database.all(
    "SELECT row, forgotten.seq, json, signature FROM forgotten JOIN body USING (row) JOIN memory USING (row)",
  );
  for (const [row, seq, json, signature] of rows)
    unlearned.forgot(
      Number(row),
      { ...(JSON.parse(String(json)) as Memory), signature: String(signature) },
      Number(seq),
    );
}
