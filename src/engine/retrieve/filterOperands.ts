import type { Condition, FieldRef, GeoPoint, Scalar } from "../../contract/filter.ts";
import type { Json, JsonObject } from "../../contract/json.ts";
import { KINDS, SCOPES, resolveKind } from "../../contract/kinds.ts";
import { FRESHNESS } from "../../contract/memory.ts";
import { childPath, filterError } from "./filterError.ts";
import { parseTime } from "./parseTime.ts";
import { suggest } from "./suggest.ts";

const MAX_PATTERN = 1000;
const MAX_FUZZY_TEXT = 256;
const MAX_POLYGON = 1000;
const MAX_COMMIT_PREFIXES = 100;
/** Half the length of the equator, rounded up: no two points are farther apart. */
const MAX_KM = 20_038;

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `{field: value}`, and `$eq` or `$ne`. */
export function equal(ref: FieldRef, value: Json, path: string, op: "eq" | "ne" = "eq"): Condition {
  if (ref.field === "gitCommit") {
    const same = commit(ref, value, path);
    return op === "eq" ? same : { op: "not", of: same };
  }
  return { op, ref, value: scalar(ref, value, path) };
}

/** `{field: [values]}`, `$in` and `$nin`. */
export function oneOf(ref: FieldRef, values: readonly Json[], path: string, op: "in" | "nin" = "in"): Condition {
  if (ref.field === "gitCommit") return oneCommitOf(ref, values, path, op);
  return { op, ref, values: values.map((value, index) => scalar(ref, value, `${path}[${index}]`)) };
}

/** `$gt`, `$gte`, `$lt` and `$lte`. A date without a time is a whole day: `$gt` and `$lte` mean its last millisecond. */
export function compare(ref: FieldRef, op: "gt" | "gte" | "lt" | "lte", value: Json, path: string): Condition {
  if (ref.field === "timestamp") return { op, ref, value: time(value, path, op === "gt" || op === "lte") };
  if (typeof value === "string") return { op, ref, value };
  if (typeof value === "number" && ref.field === "metadata") return { op, ref, value };
  throw filterError(path, ref.field === "metadata" ? "must be text or a number" : "must be text");
}

export function exists(ref: FieldRef, value: Json, path: string): Condition {
  if (typeof value !== "boolean") throw filterError(path, "must be true or false");
  return { op: "exists", ref, value };
}

/** Whether the pattern is one is for the store to say, which holds the engine that runs it. */
export function regex(ref: FieldRef, value: Json, path: string): Condition {
  needText(ref, "$regex", path);
  if (typeof value !== "string") throw filterError(path, "must be a pattern as text");
  if (value.length > MAX_PATTERN) throw filterError(path, `a pattern has at most ${MAX_PATTERN} characters`);
  return { op: "regex", ref, pattern: value };
}

/** Without a distance: 1 up to five characters, 2 from there on, as Elasticsearch's fuzziness AUTO. */
export function fuzzy(ref: FieldRef, value: Json, path: string): Condition {
  needText(ref, "$fuzzy", path);
  const given = isObject(value) ? onlyKeys(value, ["text", "distance"], path) : { text: value };
  const { text, distance } = given;
  if (typeof text !== "string" || text.trim() === "") throw filterError(path, "must be text, or {text, distance}");
  if (text.length > MAX_FUZZY_TEXT) throw filterError(path, `has at most ${MAX_FUZZY_TEXT} characters`);
  if (distance !== undefined && distance !== 1 && distance !== 2) {
    throw filterError(childPath(path, "distance"), "must be 1 or 2");
  }
  return { op: "fuzzy", ref, text, distance: distance ?? (text.length > 5 ? 2 : 1) };
}

export function near(ref: FieldRef, value: Json, path: string): Condition {
  needMetadata(ref, "$near", path);
  if (!isObject(value)) throw filterError(path, "must be {lat, lon, km}");
  const { lat, lon, km } = onlyKeys(value, ["lat", "lon", "km"], path);
  if (typeof km !== "number" || !(km > 0 && km <= MAX_KM)) {
    throw filterError(childPath(path, "km"), `must be a number above 0, up to ${MAX_KM}`);
  }
  return { op: "near", ref, center: point(lat, lon, path), km };
}

export function within(ref: FieldRef, value: Json, path: string): Condition {
  needMetadata(ref, "$within", path);
  if (!isObject(value)) throw filterError(path, "must be {polygon: [[lat, lon], …]}");
  const { polygon } = onlyKeys(value, ["polygon"], path);
  const inside = childPath(path, "polygon");
  if (!isArray(polygon) || polygon.length < 3 || polygon.length > MAX_POLYGON) {
    throw filterError(inside, `must be a list of 3 to ${MAX_POLYGON} points [lat, lon]`);
  }
  const points = polygon.map((corner, index) => {
    if (!isArray(corner) || corner.length !== 2) throw filterError(`${inside}[${index}]`, "must be [lat, lon]");
    return point(corner[0], corner[1], `${inside}[${index}]`);
  });
  return { op: "within", ref, polygon: points };
}

/** Milliseconds since the epoch. */
export function time(value: Json, path: string, end: boolean): number {
  const parsed = parseTime(value, end);
  if (parsed !== undefined) return parsed;
  throw filterError(
    path,
    "must be a time: ISO 8601 text such as 2026-03-01T12:00:00Z, or milliseconds since the epoch",
  );
}

function scalar(ref: FieldRef, value: Json, path: string): Scalar {
  if (ref.field === "timestamp") return time(value, path, false);
  if (typeof value === "object" && value !== null) throw filterError(path, "must be a single value");
  if (ref.field === "metadata") return value;
  if (value === null) throw filterError(path, "must be text; for a missing field use {$exists: false}");
  if (ref.field === "pinned") {
    if (typeof value !== "boolean") throw filterError(path, "must be true or false");
    // As the store writes it down.
    return String(value);
  }
  if (typeof value !== "string") throw filterError(path, "must be text");
  if (ref.field === "kind") return resolveKind(value)?.kind ?? unknownName(value, KINDS, path);
  if (ref.field === "scope") return SCOPES.find((scope) => scope === value) ?? unknownName(value, SCOPES, path);
  if (ref.field === "freshness") return FRESHNESS.find((name) => name === value) ?? unknownName(value, FRESHNESS, path);
  return value;
}

function unknownName(value: string, known: readonly string[], path: string): never {
  throw filterError(path, `must be one of ${known.join(", ")}${suggest(value, known)}`);
}

/** The beginning of a commit id stands for all that follows it: `g` comes right after the last hexadecimal digit. */
function commit(ref: FieldRef, value: Json, path: string): Condition {
  if (typeof value !== "string" || !/^[0-9a-f]{7,64}$/iu.test(value)) {
    throw filterError(path, "must be a commit id, or at least its first 7 hexadecimal digits");
  }
  const id = value.toLowerCase();
  if (id.length === 40 || id.length === 64) return { op: "eq", ref, value: id };
  const from: Condition = { op: "gte", ref, value: id };
  return { op: "and", of: [from, { op: "lt", ref, value: `${id}g` }] };
}

function oneCommitOf(ref: FieldRef, values: readonly Json[], path: string, op: "in" | "nin"): Condition {
  const parsed = values.map((value, index) => commit(ref, value, `${path}[${index}]`));
  const ranges = parsed.filter((condition) => condition.op !== "eq");
  if (ranges.length > MAX_COMMIT_PREFIXES) {
    throw filterError(path, `lists at most ${MAX_COMMIT_PREFIXES} shortened commit ids; give whole ones`);
  }
  const whole: Condition = { op, ref, values: parsed.flatMap((one) => (one.op === "eq" ? [one.value] : [])) };
  if (ranges.length === 0) return whole;
  const any: Condition = { op: "or", of: [{ ...whole, op: "in" }, ...ranges] };
  return op === "in" ? any : { op: "not", of: any };
}

function point(lat: Json | undefined, lon: Json | undefined, path: string): GeoPoint {
  if (typeof lat !== "number" || Math.abs(lat) > 90) throw filterError(path, "lat must be a number from -90 to 90");
  if (typeof lon !== "number" || Math.abs(lon) > 180) throw filterError(path, "lon must be a number from -180 to 180");
  return { lat, lon };
}

function needText(ref: FieldRef, operator: string, path: string): void {
  if (ref.field === "timestamp") throw filterError(path, `${operator} works on text, and timestamp is a time`);
}

function needMetadata(ref: FieldRef, operator: string, path: string): void {
  if (ref.field !== "metadata") {
    throw filterError(path, `${operator} works on a metadata object with lat and lon, such as metadata.place`);
  }
}

function onlyKeys(value: JsonObject, known: readonly string[], path: string): Record<string, Json | undefined> {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw filterError(childPath(path, key), `unknown; known are ${known.join(", ")}`);
  }
  return Object.fromEntries(Object.entries(value));
}
