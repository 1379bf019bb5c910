import type { Condition, FieldRef } from "../../contract/filter.ts";
import type { Json, JsonObject } from "../../contract/json.ts";
import { childPath, filterError } from "./filterError.ts";
import { TIME_BOUNDS, fieldOf, metadataField } from "./filterFields.ts";
import {
  compare,
  equal,
  exists,
  fuzzy,
  isArray,
  isObject,
  near,
  oneOf,
  regex,
  time,
  within,
} from "./filterOperands.ts";
import { suggest } from "./suggest.ts";

const MAX_DEPTH = 16;
const MAX_CONDITIONS = 500;
/** Of all lists together: SQLite binds at most 32,766 values in one statement. */
const MAX_LIST_VALUES = 5000;

const LOGIC = ["$and", "$or", "$not"];
const OPERATORS = [
  ...["$eq", "$ne", "$in", "$nin", "$gt", "$gte", "$lt", "$lte"],
  ...["$exists", "$regex", "$fuzzy", "$near", "$within", "$not"],
];

/**
 * A caller's filter (CONTRACT.md, Filters) as a condition with one meaning. An empty filter is true. Whatever the JSON holds, the only
 * error is INVALID_INPUT, whose message begins with the path to what is wrong: an unknown field or operator, an operand of a wrong type, a
 * filter deeper than 16 levels, of more than 500 conditions, or with more than 5,000 listed values.
 */
export function parseFilter(input: JsonObject): Condition {
  return parseObject(input, { path: "filters", depth: 1, used: { conditions: 0, values: 0 } });
}

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly used: { conditions: number; values: number };
}

function parseObject(value: Json, place: Place): Condition {
  if (!isObject(value)) throw filterError(place.path, "must be an object of fields and operators");
  return all(Object.entries(value).map(([key, operand]) => parseEntry(key, operand, place)));
}

function parseEntry(key: string, operand: Json, place: Place): Condition {
  const inner = enter(place, key);
  if (key === "$not") return { op: "not", of: parseObject(operand, inner) };
  if (key === "$and" || key === "$or") {
    if (!isArray(operand) || operand.length === 0)
      throw filterError(inner.path, "must be a list of filters, at least one");
    const of = operand.map((filter, index) => parseObject(filter, { ...inner, path: `${inner.path}[${index}]` }));
    return { op: key === "$and" ? "and" : "or", of };
  }
  if (key.startsWith("$")) throw unknownOperator(key, LOGIC, inner.path);
  const bound = TIME_BOUNDS.get(key);
  if (bound !== undefined) return timeBound(bound, operand, inner.path);
  return parseField(fieldOf(key, place.path), operand, inner);
}

function parseField(ref: FieldRef, operand: Json, place: Place): Condition {
  if (ref.field === "metadata" && ref.path.length === 0) return parseMetadata([], operand, place);
  if (isArray(operand)) return list(ref, operand, place, "in");
  if (!isObject(operand)) return equal(ref, operand, place.path);
  if (ref.field === "metadata" && !Object.keys(operand).some((key) => key.startsWith("$"))) {
    return parseMetadata(ref.path, operand, place);
  }
  return parseOperators(ref, operand, place);
}

/** `{path: value}` below `parents`, where an object without operators leads further down. */
function parseMetadata(parents: readonly string[], operand: Json, place: Place): Condition {
  if (!isObject(operand)) throw filterError(place.path, "needs a path: metadata.key, or {key: value}");
  const entries = Object.entries(operand);
  if (parents.length > 0 && entries.length === 0) throw emptyObject(place.path);
  return all(
    entries.map(([key, value]) => {
      const inner = enter(place, key);
      // The metadata itself may be the object with lat and lon.
      if (parents.length === 0 && (key === "$near" || key === "$within")) {
        return parseOperator({ field: "metadata", path: [] }, key, value, inner);
      }
      if (key.startsWith("$")) throw filterError(inner.path, "an operator needs a metadata path before it");
      return parseField(metadataField(parents, key, inner.path), value, inner);
    }),
  );
}

function parseOperators(ref: FieldRef, operators: JsonObject, place: Place): Condition {
  const entries = Object.entries(operators);
  if (entries.length === 0) throw emptyObject(place.path);
  return all(entries.map(([operator, operand]) => parseOperator(ref, operator, operand, enter(place, operator))));
}

function parseOperator(ref: FieldRef, operator: string, operand: Json, place: Place): Condition {
  const { path } = place;
  switch (operator) {
    case "$eq":
      return equal(ref, operand, path);
    case "$ne":
      return equal(ref, operand, path, "ne");
    case "$in":
      return list(ref, operand, place, "in");
    case "$nin":
      return list(ref, operand, place, "nin");
    case "$gt":
      return compare(ref, "gt", operand, path);
    case "$gte":
      return compare(ref, "gte", operand, path);
    case "$lt":
      return compare(ref, "lt", operand, path);
    case "$lte":
      return compare(ref, "lte", operand, path);
    case "$exists":
      return exists(ref, operand, path);
    case "$regex":
      return regex(ref, operand, path);
    case "$fuzzy":
      return fuzzy(ref, operand, path);
    case "$near":
      return near(ref, operand, path);
    case "$within":
      return within(ref, operand, path);
    case "$not":
      if (!isObject(operand)) throw filterError(path, "must be an object of operators");
      return { op: "not", of: parseOperators(ref, operand, place) };
  }
  const bound = ref.field === "timestamp" ? TIME_BOUNDS.get(operator) : undefined;
  if (bound !== undefined) return timeBound(bound, operand, path);
  throw unknownOperator(operator, OPERATORS, path);
}

function list(ref: FieldRef, operand: Json, place: Place, op: "in" | "nin"): Condition {
  if (!isArray(operand)) throw filterError(place.path, "must be a list of values");
  place.used.values += operand.length;
  if (place.used.values > MAX_LIST_VALUES) {
    throw filterError(place.path, `a filter lists at most ${MAX_LIST_VALUES} values; split it into several calls`);
  }
  return oneOf(ref, operand, place.path, op);
}

function timeBound(op: "gte" | "lte", operand: Json, path: string): Condition {
  return { op, ref: { field: "timestamp" }, value: time(operand, path, op === "lte") };
}

const all = (of: readonly Condition[]): Condition =>
  of.length === 1 && of[0] !== undefined ? of[0] : { op: "and", of };

function enter(place: Place, key: string): Place {
  const inner = { path: childPath(place.path, key), depth: place.depth + 1, used: place.used };
  if (inner.depth > MAX_DEPTH + 1) throw filterError(inner.path, `a filter is at most ${MAX_DEPTH} levels deep`);
  if (++inner.used.conditions > MAX_CONDITIONS) {
    throw filterError(inner.path, `a filter has at most ${MAX_CONDITIONS} conditions; use $in for many values`);
  }
  return inner;
}

const emptyObject = (path: string) => filterError(path, "is empty: give a value or an operator");

const unknownOperator = (name: string, known: readonly string[], path: string) =>
  name.startsWith("$")
    ? filterError(path, `unknown operator${suggest(name, known) || `; known here are ${known.join(", ")}`}`)
    : filterError(path, `is no operator${suggest(name, known) || `; known are ${known.join(", ")}`}`);
