import { HeirloomError } from "../../contract/errors.ts";

/** Names whose values are never written: what people and agents say, and what opens a door. Compared without case, dashes and underscores. */
const HIDDEN_KEY =
  /token$|^(?:tokens?|authorization|cookie|setcookie|password|passwd|secrets?|apikey|privatekey|credentials?|content|query|text|title|markdown|body|metadata|filters|value)$/u;
const SECRET_VALUES = [
  /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/giu,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/gu,
  /\b(?:gh[pousr]_|github_pat_|sk-|xox[abprs]-)[\w-]{10,}/gu,
  // The userinfo of a URL.
  /(?<=:\/\/)[^\s/@]+(?=@)/gu,
];
const MAX_DEPTH = 5;
const MAX_ITEMS = 50;
const MAX_TEXT = 1000;

/** Fields as they may be written: hidden keys replaced by their size, values that look like credentials masked, long ones cut. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return redactObject(fields, 0, new Set());
}

function redactObject(value: object, depth: number, above: Set<object>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, inner]: [string, unknown]) => [
        key,
        isHidden(key) ? hidden(inner) : redactValue(inner, depth + 1, above),
      ]),
  );
}

const isHidden = (key: string): boolean => HIDDEN_KEY.test(key.toLowerCase().replace(/[-_]/gu, ""));

const hidden = (value: unknown): unknown => {
  // Counts are no secrets: `tokens: 120` is a size.
  if (typeof value === "number" || typeof value === "boolean" || value === undefined || value === null) return value;
  return typeof value === "string" ? `[redacted, ${value.length} characters]` : "[redacted]";
};

function redactValue(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function")
    return String(value).slice(0, 80);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (depth > MAX_DEPTH) return "[too deep]";
  above.add(value);
  try {
    if (value instanceof Error) return errorFields(value, depth, above);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redactValue(item, depth + 1, above));
    return redactObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

/** A message of our own is made for people to read; that of a library may quote what it was given, so its text is cut short. */
function errorFields(error: Error, depth: number, above: Set<object>): Record<string, unknown> {
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    name: error.name,
    message: maskText(error.message),
    ...(code === undefined ? {} : { code: redactValue(code, depth + 1, above) }),
    ...(error instanceof HeirloomError || error.stack === undefined ? {} : { stack: frames(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, above) }),
  };
}

/** Where it was thrown, without the message that a stack repeats. */
const frames = (stack: string): string =>
  stack
    .split("\n")
    .filter((line) => /^\s+at /u.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
    .join("; ");

function maskText(text: string): string {
  const masked = SECRET_VALUES.reduce(
    (left, pattern) => left.replace(pattern, "[redacted]"),
    text.slice(0, 4 * MAX_TEXT),
  );
  return masked.length > MAX_TEXT ? `${masked.slice(0, MAX_TEXT)}…` : masked;
}
