import type { Json, JsonObject } from "../../contract/json.ts";
import type { FieldError } from "./fieldErrors.ts";

/** The most that `metadata` may hold, in UTF-8 bytes of its JSON, and how deep it may nest (the object itself is 1). */
export const MAX_METADATA_BYTES = 65_536;
export const MAX_METADATA_DEPTH = 16;

/** What is wrong with a value that is to be metadata; undefined when nothing is. Never looks deeper than the limit. */
export function metadataError(value: unknown): FieldError | undefined {
  if (!isPlainObject(value)) return { field: "metadata", message: "must be an object" };
  const problem = jsonError(value, "metadata", 1);
  if (problem !== undefined) return problem;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_METADATA_BYTES
    ? { field: "metadata", message: `must not be larger than ${MAX_METADATA_BYTES / 1024} KB` }
    : undefined;
}

/** A copy with every string passed through `change`. `field` names the place of the string. */
export function mapStrings(value: JsonObject, change: (text: string, field: string) => string): JsonObject {
  return mapObject(value, "metadata", change);
}

/** Names of keys keep what can be seen of them; `change` is for values. */
function mapObject(
  value: Readonly<Record<string, Json>>,
  field: string,
  change: (text: string, field: string) => string,
): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapJson(item, `${field}.${key}`, change)]),
  );
}

function mapJson(value: Json, field: string, change: (text: string, field: string) => string): Json {
  if (typeof value === "string") return change(value, field);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((item, index) => mapJson(item, `${field}[${index}]`, change));
  return mapObject(value, field, change);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function jsonError(value: unknown, field: string, depth: number): FieldError | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : { field, message: "must be a finite number" };
  }
  if (depth > MAX_METADATA_DEPTH)
    return { field: "metadata", message: `must not nest deeper than ${MAX_METADATA_DEPTH}` };
  if (Array.isArray(value)) return firstError(value.entries(), (index) => `${field}[${index}]`, depth);
  if (!isPlainObject(value))
    return { field, message: "must be JSON: text, a number, true, false, null, a list or an object" };
  return firstError(Object.entries(value), (key) => `${field}.${key}`, depth);
}

function firstError<Key>(
  items: Iterable<readonly [Key, unknown]>,
  nameOf: (key: Key) => string,
  depth: number,
): FieldError | undefined {
  for (const [key, item] of items) {
    const problem = jsonError(item, nameOf(key), depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
