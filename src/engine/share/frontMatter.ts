/** Fields at the head of a file: a text, a number, or a list whose items are texts or plain objects. */
export type FrontMatter = Readonly<Record<string, FrontValue | readonly FrontValue[]>>;
export type FrontValue = string | number | Readonly<Record<string, string | number>>;

export interface SplitFile {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const FENCE = "---";
const MOST_LINES = 1_000;
/** What YAML and our reader both take for this very text. */
const PLAIN = /^[A-Za-z][\w/-]*(?:[ .:@+]?[\w/-]+)*$/u;
/** Plain words that YAML takes for something else. */
const OTHER_TO_YAML = /^(?:true|false|null|yes|no|on|off|y|n)$/iu;

/**
 * The subset of YAML that shared memories are written in: keys in order, a list item a line, everything else as JSON has it, so that a changed
 * field changes its own line and no other.
 */
export function writeFrontMatter(fields: FrontMatter, body: string): string {
  const lines = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) =>
      Array.isArray(value)
        ? [`${key}:`, ...(value as readonly FrontValue[]).map((item) => `  - ${written(item)}`)]
        : [`${key}: ${written(value as FrontValue)}`],
    );
  return `${FENCE}\n${lines.join("\n")}\n${FENCE}\n\n${body}\n`;
}

function written(value: FrontValue): string {
  if (typeof value === "string" && PLAIN.test(value) && !OTHER_TO_YAML.test(value) && !value.includes(": "))
    return value;
  if (typeof value !== "object") return json(value);
  return `{ ${Object.entries(value)
    .map(([key, one]) => `${json(key)}: ${json(one)}`)
    .join(", ")} }`;
}

/** With the line ends that only some readers take for such spelled out. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029]/gu,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The fields and the text below them; what is wrong, for a person, where it is no such file. `text` has LF line ends. */
export function readFrontMatter(text: string): SplitFile | string {
  const lines = text.split("\n");
  if (lines[0]?.trimEnd() !== FENCE) return "does not begin with front matter (a line ---)";
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let list: unknown[] | undefined;
  for (const [at, line] of lines.entries()) {
    if (at === 0) continue;
    if (at > MOST_LINES) break;
    const where = `line ${at + 1}`;
    if (line.trimEnd() === FENCE) return { fields, body: bodyOf(lines.slice(at + 1)) };
    const item = /^ {2}- (.*)$/u.exec(line)?.[1];
    if (item !== undefined) {
      const value = list === undefined ? undefined : readValue(item);
      if (list === undefined || value === undefined) return `${where}: a list item that is not understood`;
      list.push(value);
      continue;
    }
    const [, key, rest = ""] = /^([A-Za-z]+):(?: +(.*))?$/u.exec(line) ?? [];
    if (key === undefined) return `${where}: neither "key: value" nor "  - item"`;
    if (Object.hasOwn(fields, key)) return `${where}: ${key} is there twice`;
    list = rest.trim() === "" ? [] : undefined;
    const value = list ?? readValue(rest);
    if (value === undefined) return `${where}: the value of ${key} is not understood; put it in double quotes`;
    fields[key] = value;
  }
  return "its front matter does not end (a line ---)";
}

function readValue(given: string): unknown {
  const text = given.trim();
  if (/^["[{]|^-?\d+$/u.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  }
  if (text.startsWith("'")) return /^'(?:[^']|'')*'$/u.test(text) ? text.slice(1, -1).replaceAll("''", "'") : undefined;
  return /^[&*!|>%@`?#,\]}-]/u.test(text) || /: |\s#/u.test(text) || text === "" ? undefined : text;
}

/** A blank line stands before it, a line end after it. */
function bodyOf(lines: readonly string[]): string {
  const from = lines[0]?.trim() === "" ? 1 : 0;
  const to = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  return lines.slice(from, to).join("\n");
}
