import type { Condition, FieldRef, Scalar } from "../../../../src/contract/filter.ts";
import type { Json, JsonObject } from "../../../../src/contract/json.ts";
import type { Memory } from "../../../../src/contract/memory.ts";

/** Whether a memory satisfies a condition, word by word as contract/filter.ts defines it. */
export function evaluate(condition: Condition, memory: Memory): boolean {
  switch (condition.op) {
    case "and":
      return condition.of.every((one) => evaluate(one, memory));
    case "or":
      return condition.of.some((one) => evaluate(one, memory));
    case "not":
      return !evaluate(condition.of, memory);
    case "among":
      throw new Error("no filter asks for rows");
    case "eq":
      return scalars(condition.ref, memory).includes(condition.value);
    case "ne":
      return !scalars(condition.ref, memory).includes(condition.value);
    case "in":
      return scalars(condition.ref, memory).some((value) => condition.values.includes(value));
    case "nin":
      return !scalars(condition.ref, memory).some((value) => condition.values.includes(value));
    case "exists":
      return (valueOf(condition.ref, memory) !== undefined) === condition.value;
    case "gt":
    case "gte":
    case "lt":
    case "lte":
      return scalars(condition.ref, memory).some((value) => compares(condition.op, value, condition.value));
    case "regex":
      return texts(condition.ref, memory).some((text) => new RegExp(condition.pattern, "u").test(text));
    case "fuzzy":
      return texts(condition.ref, memory).some((text) => text.startsWith(condition.text.slice(0, -condition.distance)));
    case "near":
    case "within": {
      const value = valueOf(condition.ref, memory);
      return isPlain(value) && typeof value["lat"] === "number" && typeof value["lon"] === "number";
    }
  }
}

export function compares(op: "gt" | "gte" | "lt" | "lte", a: Scalar, b: Scalar): boolean {
  if (a === null || b === null || typeof a !== typeof b || typeof a === "boolean") return false;
  if (op === "gt") return a > b;
  if (op === "gte") return a >= b;
  return op === "lt" ? a < b : a <= b;
}

const texts = (ref: FieldRef, memory: Memory): string[] =>
  scalars(ref, memory).filter((value): value is string => typeof value === "string");

/** What a comparison sees: a list stands for its elements, an object for nothing. */
export function scalars(ref: FieldRef, memory: Memory): Scalar[] {
  const value = valueOf(ref, memory);
  if (value === undefined) return [];
  const all = Array.isArray(value) ? (value as Json[]) : [value];
  return all.filter((one): one is Scalar => one === null || typeof one !== "object");
}

export function valueOf(ref: FieldRef, memory: Memory): Json | undefined {
  switch (ref.field) {
    case "metadata":
      return ref.path.reduce<Json | undefined>(
        (value, key) => (isPlain(value) && Object.hasOwn(value, key) ? value[key] : undefined),
        memory.metadata,
      );
    case "gitBranch":
      return memory.provenance.branch;
    case "gitCommit":
      return memory.provenance.commit;
    case "freshness":
      return memory.anchors.length === 0 ? "unanchored" : "unchecked";
    case "agent":
      return memory.provenance.agent;
    case "pinned":
      return String(memory.pinned === true);
    case "tags":
      return memory.tags.length === 0 ? undefined : memory.tags;
    default:
      return memory[ref.field];
  }
}

export const isPlain = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
