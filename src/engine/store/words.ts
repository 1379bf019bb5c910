import { comparableText } from "./comparable.ts";
import type { SqlDatabase } from "./sqlEngine.ts";

/** What text is coded by. The place in the list is the number in the table: append only. */
export const WORD_FIELDS = [
  "kind",
  "scope",
  "eventType",
  "sessionId",
  "workspaceId",
  "gitBranch",
  "gitCommit",
  "freshness",
  "tags",
  "path",
  "visibility",
  "agent",
  "pinned",
  "anchorPath",
] as const;
export type WordField = (typeof WORD_FIELDS)[number];

interface Word {
  readonly text: string;
  readonly field: WordField;
  /** Rows that use it. */
  uses: number;
}

/** The dictionary of repeated text, with the number of rows that use each word: the tables' codes and the planner's statistics at once. */
export class Words {
  readonly #database: SqlDatabase;
  readonly #codes = new Map<WordField, Map<string, number>>();
  readonly #words = new Map<number, Word>();
  #next = 1;

  /** Reads the words of the database. */
  constructor(database: SqlDatabase) {
    this.#database = database;
    for (const field of WORD_FIELDS) this.#codes.set(field, new Map());
    for (const [code, field, text, uses] of database.all("SELECT code, field, text, uses FROM word")) {
      const name = WORD_FIELDS[Number(field)];
      if (name !== undefined) this.#keep(Number(code), { text: String(text), field: name, uses: Number(uses) });
    }
  }

  /** The code of a text, made now if it is new. */
  code(field: WordField, text: string): number {
    const known = this.find(field, text);
    if (known !== undefined) return known;
    const code = this.#next;
    const word = { text: comparableText(text), field, uses: 0 };
    this.#database.run(
      "INSERT INTO word (code, field, text) VALUES (?, ?, ?)",
      code,
      WORD_FIELDS.indexOf(field),
      word.text,
    );
    this.#keep(code, word);
    return code;
  }

  find(field: WordField, text: string): number | undefined {
    const codes = this.#codes.get(field);
    return codes?.get(text) ?? codes?.get(comparableText(text));
  }

  text(code: number): string | undefined {
    return this.#words.get(code)?.text;
  }

  field(code: number): WordField | undefined {
    return this.#words.get(code)?.field;
  }

  /** A row begins (1) or ceases (-1) to use a word. */
  use(code: number, by: 1 | -1): void {
    const word = this.#words.get(code);
    if (word !== undefined) word.uses += by;
  }

  uses(code: number | undefined): number {
    return code === undefined ? 0 : (this.#words.get(code)?.uses ?? 0);
  }

  /** Number of different words of a field. */
  distinct(field: WordField): number {
    return this.#codes.get(field)?.size ?? 0;
  }

  /** The words of a field with their codes. */
  of(field: WordField): Iterable<readonly [text: string, code: number]> {
    return this.#codes.get(field) ?? [];
  }

  /** One past the largest code. */
  get limit(): number {
    return this.#next;
  }

  /** Writes the number of uses into the table, and drops the words that nothing uses. */
  save(): void {
    for (const [code, word] of this.#words) {
      if (word.uses > 0) {
        this.#database.run("UPDATE word SET uses = ?1 WHERE code = ?2 AND uses <> ?1", word.uses, code);
        continue;
      }
      this.#database.run("DELETE FROM word WHERE code = ?", code);
      this.#words.delete(code);
      this.#codes.get(word.field)?.delete(word.text);
    }
  }

  #keep(code: number, word: Word): void {
    this.#words.set(code, word);
    this.#codes.get(word.field)?.set(word.text, code);
    this.#next = Math.max(this.#next, code + 1);
  }
}
