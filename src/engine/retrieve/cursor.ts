import { hash } from "node:crypto";
import { HeirloomError } from "../../contract/errors.ts";
import type { Json } from "../../contract/json.ts";

const VERSION = 2;
const CHECK_LENGTH = 8;

/** Where the next page goes on. Stores are named by their place in the request's list of stores. */
export interface PagePosition {
  /** Per store, one past the largest row when the first page was made: later rows belong to no page. */
  readonly rowBounds: readonly number[];
  /** Milliseconds since the epoch of the first page, from which every page counts ages. */
  readonly now: number;
  /** Rows that were passed, shown or collapsed. */
  readonly passed: number;
  /** The row that was passed last. `key` is its score, or its timestamp in a listing. */
  readonly last: { readonly key: number; readonly store: number; readonly row: number };
  /**
   * What a reranker told of the best rows for the first page, `share` in thousandths of one: later pages are ranked by the same, and ask nobody.
   * Absent where nothing was read.
   */
  readonly read?: readonly { readonly store: number; readonly row: number; readonly share: number }[];
}

/** Whatever makes two requests the same question: a cursor of one is refused by every other. */
export function questionOf(parts: Readonly<Record<string, unknown>>): string {
  return digest(canonical(parts as Json), 16);
}

/** Opaque text: base64url of a check sum and the position. */
export function encodeCursor(position: PagePosition, question: string): string {
  const { rowBounds, now, passed, last, read } = position;
  const told = read?.flatMap(({ store, row, share }) => [store, row, Math.round(1000 * share)]);
  const body = JSON.stringify([VERSION, question, rowBounds, now, passed, last.key, last.store, last.row, told]);
  return Buffer.from(digest(body, CHECK_LENGTH) + body).toString("base64url");
}

/** INVALID_INPUT for a cursor that is damaged, of another version, of another question, or of another set of stores. */
export function decodeCursor(cursor: string, question: string, stores: number): PagePosition {
  const text = Buffer.from(cursor, "base64url").toString();
  const body = text.slice(CHECK_LENGTH);
  if (digest(body, CHECK_LENGTH) !== text.slice(0, CHECK_LENGTH)) throw refused("is damaged");
  const [version, asked, rowBounds, now, passed, key, store, row, told] = JSON.parse(body) as unknown[];
  if (version !== VERSION) throw refused("was made by another version");
  if (asked !== question) throw refused("belongs to another query, filter, scope or workspace");
  if (!isNumbers(rowBounds) || rowBounds.length !== stores) throw refused("belongs to another set of stores");
  const rest = [now, passed, key, store, row];
  if (!isNumbers(rest) || ![...rowBounds, passed, store, row].every((count) => Number.isSafeInteger(count)))
    throw refused("is damaged");
  if (told !== null && (!isNumbers(told) || told.length % READ !== 0)) throw refused("is damaged");
  return {
    rowBounds,
    now: rest[0] ?? 0,
    passed: rest[1] ?? 0,
    last: { key: rest[2] ?? 0, store: rest[3] ?? 0, row: rest[4] ?? 0 },
    ...(told === null ? {} : { read: readRows(told) }),
  };
}

/** Numbers that one row is written as. */
const READ = 3;

const readRows = (told: readonly number[]): NonNullable<PagePosition["read"]> =>
  Array.from({ length: told.length / READ }, (_, at) => {
    const [store = 0, row = 0, share = 0] = told.slice(READ * at, READ * (at + 1));
    return { store, row, share: share / 1000 };
  });

const refused = (why: string) =>
  new HeirloomError("INVALID_INPUT", `This cursor ${why}. Ask for the first page again, without a cursor.`, {
    fields: { cursor: why },
  });

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => typeof item === "number");

const digest = (text: string, length: number): string => hash("sha256", text, "base64url").slice(0, length);

/** JSON with the keys of every object in order, so that the same question has one text. */
function canonical(value: Json | undefined): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item as Json)).join(",")}]`;
  const entries = Object.entries(value as Record<string, Json | undefined>).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}
