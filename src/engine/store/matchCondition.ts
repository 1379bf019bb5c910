import type { Condition, FieldCondition, FieldRef, GeoPoint, Scalar } from "../../contract/filter.ts";
import type { Json } from "../../contract/json.ts";
import type { Memory } from "../../contract/memory.ts";
import { hasRow } from "../../contract/rowSet.ts";
import { comparableText, compareText } from "./comparable.ts";
import { fuzzyMatcher } from "./fuzzyMatch.ts";
import { distanceKm, insidePolygon, pointOf } from "./geometry.ts";
import { freshnessOf } from "./memoryTables.ts";
import { isList } from "./metadataEntries.ts";
import { compilePattern } from "./pattern.ts";

/**
 * A condition as a test of one memory: the reference for what conditions mean, which the SQL of `compileFilter` is held against.
 * INVALID_INPUT for a pattern that is no pattern.
 */
export function compileMatcher(condition: Condition): (memory: Memory, row: number) => boolean {
  switch (condition.op) {
    case "and": {
      const all = condition.of.map(compileMatcher);
      return (memory, row) => all.every((matches) => matches(memory, row));
    }
    case "or": {
      const any = condition.of.map(compileMatcher);
      return (memory, row) => any.some((matches) => matches(memory, row));
    }
    case "not": {
      const matches = compileMatcher(condition.of);
      return (memory, row) => !matches(memory, row);
    }
    case "among":
      return (_memory, row) => hasRow(condition.rows, row);
    case "exists":
      return (memory) => isPresent(memory, condition.ref) === condition.value;
    case "near":
    case "within": {
      const holds = pointTest(condition);
      return (memory) => pointsOf(memory, condition.ref).some(holds);
    }
    case "ne":
    case "nin": {
      const holds = scalarTest(condition);
      return (memory) => !scalarsOf(memory, condition.ref).some(holds);
    }
    default: {
      const holds = scalarTest(condition);
      return (memory) => scalarsOf(memory, condition.ref).some(holds);
    }
  }
}

/** Which of these words a comparison accepts, each as if it were the field's value. */
export function acceptedWords<Word extends string>(condition: FieldCondition, words: readonly Word[]): readonly Word[] {
  switch (condition.op) {
    case "exists":
      return condition.value ? words : [];
    case "near":
    case "within":
      return [];
    default: {
      const holds = scalarTest(condition);
      const isNegated = condition.op === "ne" || condition.op === "nin";
      return words.filter((word) => holds(word) !== isNegated);
    }
  }
}

type ScalarCondition = Exclude<FieldCondition, { op: "exists" | "near" | "within" }>;

/** The comparison with one scalar; that of `eq` for `ne` and of `in` for `nin`. */
function scalarTest(condition: ScalarCondition): (value: Scalar) => boolean {
  switch (condition.op) {
    case "eq":
    case "ne": {
      const wanted = comparable(condition.value);
      return (value) => comparable(value) === wanted;
    }
    case "in":
    case "nin": {
      const wanted = new Set(condition.values.map(comparable));
      return (value) => wanted.has(comparable(value));
    }
    case "regex": {
      const matches = compilePattern(condition.pattern);
      return (value) => typeof value === "string" && matches(comparableText(value));
    }
    case "fuzzy": {
      const matches = fuzzyMatcher(condition.text, condition.distance);
      return (value) => typeof value === "string" && matches(comparableText(value));
    }
    default: {
      const { op, value: bound } = condition;
      return (value) => {
        const order = compareScalars(value, bound);
        if (order === undefined) return false;
        return op === "gt" ? order > 0 : op === "gte" ? order >= 0 : op === "lt" ? order < 0 : order <= 0;
      };
    }
  }
}

export function pointTest(condition: Extract<Condition, { op: "near" | "within" }>): (point: GeoPoint) => boolean {
  if (condition.op === "near") return (point) => distanceKm(condition.center, point) <= condition.km;
  return (point) => insidePolygon(condition.polygon, point);
}

const comparable = (value: Scalar): Scalar => (typeof value === "string" ? comparableText(value) : value);

/** Undefined when the two are of different sorts. */
function compareScalars(value: Scalar, bound: string | number): number | undefined {
  if (typeof value === "number" && typeof bound === "number") return value - bound;
  if (typeof value === "string" && typeof bound === "string")
    return compareText(comparableText(value), comparableText(bound));
  return undefined;
}

/** What a comparison sees of a field: nothing when it is missing, every element of a list. */
function scalarsOf(memory: Memory, ref: FieldRef): readonly Scalar[] {
  if (ref.field === "metadata") {
    const value = metadataAt(memory, ref.path);
    return value === undefined ? [] : elementsOf(value).filter(isScalar);
  }
  if (ref.field === "tags") return memory.tags;
  const value = fieldOf(memory, ref.field);
  return value === undefined ? [] : [value];
}

function fieldOf(memory: Memory, field: Exclude<FieldRef["field"], "metadata" | "tags">): string | number | undefined {
  switch (field) {
    case "gitBranch":
      return memory.provenance.branch;
    case "gitCommit":
      return memory.provenance.commit;
    case "freshness":
      return freshnessOf(memory);
    case "agent":
      return memory.provenance.agent;
    case "pinned":
      return String(memory.pinned === true);
    default:
      return memory[field];
  }
}

function isPresent(memory: Memory, ref: FieldRef): boolean {
  if (ref.field === "metadata") return metadataAt(memory, ref.path) !== undefined;
  if (ref.field === "tags") return memory.tags.length > 0;
  return fieldOf(memory, ref.field) !== undefined;
}

function pointsOf(memory: Memory, ref: FieldRef): readonly GeoPoint[] {
  const value = ref.field === "metadata" ? metadataAt(memory, ref.path) : undefined;
  if (value === undefined) return [];
  return elementsOf(value).flatMap((element) => pointOf(element) ?? []);
}

function metadataAt(memory: Memory, path: readonly string[]): Json | undefined {
  let value: Json | undefined = memory.metadata;
  for (const key of path) {
    if (value === null || typeof value !== "object" || isList(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
    if (value === undefined) return undefined;
  }
  return value;
}

const elementsOf = (value: Json): readonly Json[] => (isList(value) ? value : [value]);

const isScalar = (value: Json): value is Scalar => value === null || typeof value !== "object";
