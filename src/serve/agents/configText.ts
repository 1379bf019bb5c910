import { HeirloomError } from "../../contract/errors.ts";

/** The text of one configuration file, with the path that errors name. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** How entries are read from and written into one kind of file. `path`: the keys that lead to the entry, the last being its name. */
export interface EntryFormat {
  /** What stands at the path; undefined: nothing. INVALID_INPUT where the file is broken or a key on the way holds something else. */
  get(source: ConfigText, path: readonly string[]): unknown;
  /** The text with the entry added, or replaced. Everything else stays as it is written, comments and order too. INVALID_INPUT */
  set(source: ConfigText, path: readonly string[], entry: Entry): string;
  /** The text without the entry, and without those of its parents that are empty then, where `keep` does not hold them. INVALID_INPUT */
  remove(source: ConfigText, path: readonly string[], keep: (parent: readonly string[]) => boolean): string;
}

export type EntryValue = string | boolean | readonly string[] | Readonly<Record<string, string>>;
export type Entry = Readonly<Record<string, EntryValue>>;

export const BYTE_ORDER_MARK = "\ufeff";

export const lineEndOf = (text: string): "\n" | "\r\n" => (/\r?\n/u.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n");

export function brokenConfig(file: string, problem: string): HeirloomError {
  return new HeirloomError("INVALID_INPUT", `${file} ${problem}. Mend it and try again; nothing was written.`, {
    file,
  });
}

/** One-based line and column of an offset, as editors count them. */
export function placeInText(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `line ${line}, column ${offset - before.lastIndexOf("\n")}`;
}
