import { isDeepStrictEqual } from "node:util";
import { parse, stringify, TomlError } from "smol-toml";
import {
  BYTE_ORDER_MARK,
  brokenConfig,
  type ConfigText,
  type Entry,
  type EntryFormat,
  lineEndOf,
} from "./configText.ts";

type Table = Record<string, unknown>;

/**
 * TOML, edited as text so that comments and order survive: an entry is a table under a header of its own. One that is written otherwise, as an
 * inline table or with dotted keys, is understood but not rewritten.
 */
export const tomlConfig: EntryFormat = {
  get(source, path) {
    let value: unknown = parsed(source);
    for (const [depth, key] of path.entries()) {
      if (!isTable(value)) throw brokenConfig(source.file, `has no table under "${path.slice(0, depth).join(".")}"`);
      value = value[key];
      if (value === undefined) return undefined;
    }
    return value;
  },

  set(source, path, entry) {
    const { mark, body } = split(source.text);
    const lineEnd = lineEndOf(body);
    const section = sectionText(path, entry).replaceAll("\n", lineEnd);
    if (tomlConfig.get(source, path) === undefined) {
      const gap = body.trim() === "" ? "" : `${body.endsWith("\n") ? "" : lineEnd}${lineEnd}`;
      return checked(source, `${mark}${body.trim() === "" ? "" : body}${gap}${section}`, path, entry);
    }
    const [first, ...rest] = sectionsOf(body, path);
    if (first === undefined) throw writtenOtherwise(source.file, path);
    let after = body;
    for (const { from, to } of rest.toReversed()) after = after.slice(0, from) + after.slice(to);
    after = after.slice(0, first.from) + section + after.slice(first.to);
    return checked(source, mark + after, path, entry);
  },

  remove(source, path) {
    if (tomlConfig.get(source, path) === undefined) return source.text;
    const { mark, body } = split(source.text);
    const sections = sectionsOf(body, path);
    if (sections.length === 0) throw writtenOtherwise(source.file, path);
    let after = body;
    for (const { from, to } of sections.toReversed()) {
      // With the section goes the empty line that set it off.
      const head = after.slice(0, from).replace(/(\r?\n)\r?\n$/u, "$1");
      after = head + after.slice(to);
    }
    return checked(source, mark + after, path, undefined);
  },
};

function parsed({ file, text }: ConfigText): Table {
  try {
    return parse(split(text).body, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /u, "") ?? "";
    throw brokenConfig(file, `is no TOML (${reason} at line ${error.line}, column ${error.column})`);
  }
}

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

function split(text: string): { readonly mark: string; readonly body: string } {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  return { mark, body: text.slice(mark.length) };
}

/** A header of its own for the entry, and for each table inside it. */
const sectionText = (path: readonly string[], entry: Entry): string =>
  `${stringify(path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), entry)).trimEnd()}
`;

const writtenOtherwise = (file: string, path: readonly string[]): Error =>
  brokenConfig(file, `holds ${path.join(".")} in another form than a table with a header of its own`);

interface Section {
  readonly from: number;
  readonly to: number;
}

/** From each header of the entry, or of a table inside it, to the last line that says something before the next header. */
function sectionsOf(body: string, path: readonly string[]): readonly Section[] {
  const headers = headersOf(body);
  return headers.flatMap(({ from, keys }, index) => {
    if (path.some((key, depth) => keys[depth] !== key)) return [];
    const lines = body.slice(from, headers[index + 1]?.from ?? body.length).split(/(?<=\n)/u);
    while (/^\s*(?:#.*)?$/u.test(lines.at(-1)?.trimEnd() ?? "-")) lines.pop();
    return [{ from, to: from + lines.join("").length }];
  });
}

/** Every line that is a table header: outside of strings and of arrays. */
function headersOf(body: string): readonly { readonly from: number; readonly keys: readonly string[] }[] {
  const found: { readonly from: number; readonly keys: readonly string[] }[] = [];
  let depth = 0;
  let isLineStart = true;
  for (let at = 0; at < body.length; at++) {
    const character = body[at] ?? "";
    if (character === "\n") {
      isLineStart = true;
      continue;
    }
    if (/\s/u.test(character)) continue;
    if (isLineStart && depth === 0 && character === "[") {
      const line = /^[^\r\n]*/u.exec(body.slice(at))?.[0] ?? "";
      found.push({ from: body.lastIndexOf("\n", at) + 1, keys: keysOf(line) });
      at += line.length - 1;
      continue;
    }
    isLineStart = false;
    if (character === "#") at += (/^[^\n]*/u.exec(body.slice(at))?.[0].length ?? 1) - 1;
    else if (character === '"' || character === "'") at = endOfString(body, at, character) - 1;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
  }
  return found;
}

/** The header alone is a document of its own, whose only nested key is its path. */
function keysOf(header: string): readonly string[] {
  const keys: string[] = [];
  let table: unknown = parse(header);
  while (isTable(table) || Array.isArray(table)) {
    const next: unknown = Array.isArray(table) ? table[0] : table;
    const [key] = isTable(next) ? Object.keys(next) : [];
    if (key === undefined || !isTable(next)) break;
    keys.push(key);
    table = next[key];
  }
  return keys;
}

function endOfString(body: string, from: number, quote: string): number {
  const long = quote.repeat(3);
  const closing = body.startsWith(long, from) ? long : quote;
  for (let at = from + closing.length; at < body.length; at++) {
    if (quote === '"' && body[at] === "\\") at++;
    else if (body.startsWith(closing, at)) {
      // A long string may end in up to two more quotes that belong to it.
      let end = at + closing.length;
      while (closing.length === 3 && body[end] === quote) end++;
      return end;
    }
  }
  return body.length;
}

/** An edit of text is only trusted once it reads as what was wanted, and everything else as before. */
function checked(source: ConfigText, after: string, path: readonly string[], wanted: Entry | undefined): string {
  const expected = parsed(source);
  let holder: Table = expected;
  for (const key of path.slice(0, -1)) holder = (holder[key] ??= {}) as Table;
  const name = path.at(-1) ?? "";
  if (wanted === undefined) Reflect.deleteProperty(holder, name);
  else holder[name] = wanted;
  let fresh: Table;
  try {
    fresh = parsed({ file: source.file, text: after });
  } catch {
    throw writtenOtherwise(source.file, path.slice(0, -1));
  }
  if (!isDeepStrictEqual(plain(fresh, path[0]), plain(expected, path[0]))) {
    throw brokenConfig(source.file, "is written in a way that cannot be edited safely");
  }
  return after;
}

/** smol-toml's tables have no prototype, which deep equality minds; and a table with nothing in it may be there or not. */
function plain(table: Table, holder: string | undefined): Table {
  const text = JSON.stringify(table, (_key, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));
  const copy = JSON.parse(text) as Table;
  const held = holder === undefined ? undefined : copy[holder];
  if (holder !== undefined && isTable(held) && Object.keys(held).length === 0) Reflect.deleteProperty(copy, holder);
  return copy;
}
