import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import type { Condition, FilterField } from "../../../src/contract/filter.ts";
import type { Json, JsonObject } from "../../../src/contract/json.ts";
import type { Memory } from "../../../src/contract/memory.ts";
import { parseFilter } from "../../../src/engine/retrieve/parseFilter.ts";
import { arbitraryFilter, arbitraryMemory } from "./support/arbitraryFilter.ts";
import { compares, evaluate, isPlain, scalars, valueOf } from "./support/evaluate.ts";

const field = (name: FilterField) => ({ field: name }) as const;
const problem = (input: Json): string => {
  try {
    parseFilter(input as JsonObject);
  } catch (error) {
    if (error instanceof HeirloomError && error.code === "INVALID_INPUT") return error.message;
    throw error;
  }
  return "accepted";
};

describe("what a filter means", () => {
  test.each<[JsonObject, Condition]>([
    [{}, { op: "and", of: [] }],
    [{ kind: "rule" }, { op: "eq", ref: field("kind"), value: "rule" }],
    [{ kind: "Runbook" }, { op: "eq", ref: field("kind"), value: "plan" }],
    [{ tags: ["a", "b"] }, { op: "in", ref: field("tags"), values: ["a", "b"] }],
    [{ event_type: "x" }, { op: "eq", ref: field("eventType"), value: "x" }],
    [{ startTime: "2026-03-01" }, { op: "gte", ref: field("timestamp"), value: Date.UTC(2026, 2, 1) }],
    [{ endTime: "2026-03-01" }, { op: "lte", ref: field("timestamp"), value: Date.UTC(2026, 2, 2) - 1 }],
    [
      { timestamp: { $gt: "2026-03-01T10:00:00+02:00" } },
      { op: "gt", ref: field("timestamp"), value: Date.UTC(2026, 2, 1, 8) },
    ],
    [{ timestamp: { startTime: 5 } }, { op: "gte", ref: field("timestamp"), value: 5 }],
    [{ gitCommit: "A".repeat(40) }, { op: "eq", ref: field("gitCommit"), value: "a".repeat(40) }],
    [{ "metadata.a.b": 1 }, { op: "eq", ref: { field: "metadata", path: ["a", "b"] }, value: 1 }],
    [{ metadata: { a: { b: null } } }, { op: "eq", ref: { field: "metadata", path: ["a", "b"] }, value: null }],
    [
      { "metadata.t": { $fuzzy: "postgres" } },
      { op: "fuzzy", ref: { field: "metadata", path: ["t"] }, text: "postgres", distance: 2 },
    ],
    [
      { eventType: { $fuzzy: { text: "fix", distance: 2 } } },
      { op: "fuzzy", ref: field("eventType"), text: "fix", distance: 2 },
    ],
    [
      { metadata: { $near: { lat: 1, lon: 2, km: 3 } } },
      { op: "near", ref: { field: "metadata", path: [] }, center: { lat: 1, lon: 2 }, km: 3 },
    ],
  ])("%j", (input, condition) => {
    expect(parseFilter(input)).toEqual(condition);
  });

  test("the beginning of a commit id stands for every id that begins so", () => {
    const ref = field("gitCommit");
    const range: Condition = {
      op: "and",
      of: [
        { op: "gte", ref, value: "0a1b2c3" },
        { op: "lt", ref, value: "0a1b2c3g" },
      ],
    };
    expect(parseFilter({ gitCommit: "0A1B2C3" })).toEqual(range);
    expect(parseFilter({ gitCommit: { $ne: "0a1b2c3" } })).toEqual({ op: "not", of: range });
    const whole = "f".repeat(40);
    expect(parseFilter({ gitCommit: [whole, "0a1b2c3"] })).toEqual({
      op: "or",
      of: [{ op: "in", ref, values: [whole] }, range],
    });
  });

  test("is that of the same filter read directly, on any memory", () => {
    fc.assert(
      fc.property(arbitraryFilter, fc.array(arbitraryMemory, { minLength: 1, maxLength: 8 }), (input, memories) => {
        const condition = parseFilter(input);
        for (const memory of memories) expect(evaluate(condition, memory)).toBe(holds(input, memory));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a filter that cannot be used is refused by the path to what is wrong", () => {
  test.each<[Json, string]>([
    [{ $and: [{}, { metdata: 1 }] }, "filters.$and[1].metdata: unknown field; did you mean metadata?"],
    [{ color: 1 }, "filters.color: unknown field; known are id, kind,"],
    [{ kind: { $equals: "rule" } }, "filters.kind.$equals: unknown operator"],
    [{ kind: { eq: "rule" } }, "filters.kind.eq: is no operator; did you mean $eq?"],
    [{ $nor: [] }, "filters.$nor: unknown operator; did you mean $or?"],
    [{ kind: "rulez" }, "filters.kind: must be one of decision, rule"],
    [{ scope: ["repo", "branch"] }, "filters.scope[1]: must be one of user, repo"],
    [{ sessionId: null }, "filters.sessionId: must be text; for a missing field use {$exists: false}"],
    [{ sessionId: 5 }, "filters.sessionId: must be text"],
    [{ timestamp: "yesterday" }, "filters.timestamp: must be a time"],
    [{ startTime: "2026-02-30" }, "filters.startTime: must be a time"],
    [{ timestamp: { $regex: "2026" } }, "filters.timestamp.$regex: $regex works on text"],
    [{ gitCommit: "HEAD" }, "filters.gitCommit: must be a commit id"],
    [{ "metadata.a": {} }, "filters.metadata.a: is empty"],
    [{ "metadata.a..b": 1 }, "filters.metadata.a..b: a metadata path has an empty key"],
    [{ metadata: 5 }, "filters.metadata: needs a path"],
    [{ metadata: { $exists: true } }, "filters.metadata.$exists: an operator needs a metadata path"],
    [{ "metadata.a": { b: 1, $gt: 1 } }, "filters.metadata.a.b: is no operator"],
    [{ "metadata.a": { $gt: true } }, "filters.metadata.a.$gt: must be text or a number"],
    [{ "metadata.a": { $in: 5 } }, "filters.metadata.a.$in: must be a list"],
    [{ "metadata.a": { $exists: "yes" } }, "filters.metadata.a.$exists: must be true or false"],
    [{ "metadata.a": { $fuzzy: { text: "x", distance: 3 } } }, "filters.metadata.a.$fuzzy.distance: must be 1 or 2"],
    [{ "metadata.a": { $near: { lat: 91, lon: 0, km: 1 } } }, "filters.metadata.a.$near: lat must be"],
    [{ "metadata.a": { $near: { lat: 1, lng: 0, km: 1 } } }, "filters.metadata.a.$near.lng: unknown"],
    [
      {
        "metadata.a": {
          $within: {
            polygon: [
              [0, 0],
              [1, 1],
            ],
          },
        },
      },
      "filters.metadata.a.$within.polygon: must be a list of 3",
    ],
    [{ tags: { $near: { lat: 1, lon: 1, km: 1 } } }, "filters.tags.$near: $near works on a metadata object"],
    [
      { "metadata.a": { $regex: "a".repeat(1001) } },
      "filters.metadata.a.$regex: a pattern has at most 1000 characters",
    ],
    [{ $or: [] }, "filters.$or: must be a list of filters, at least one"],
    [{ $not: [1] }, "filters.$not: must be an object"],
    [[], "filters: must be an object"],
    [null, "filters: must be an object"],
    [{ ["x".repeat(500)]: 1 }, `filters["${"x".repeat(60)}"]: unknown field`],
    [JSON.parse('{"__proto__": 1}') as Json, "filters.__proto__: unknown field"],
  ])("%j", (input, message) => {
    expect(problem(input)).toContain(message);
  });

  test("a filter may be 16 levels deep, 500 conditions wide, and list 5,000 values", () => {
    const deep = (levels: number): JsonObject => (levels === 1 ? { kind: "rule" } : { $not: deep(levels - 1) });
    expect(problem(deep(16))).toBe("accepted");
    expect(problem(deep(17))).toContain("at most 16 levels deep");
    const deepest = { metadata: JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`) as Json };
    expect(problem(deepest)).toContain("at most 16");
    const wide = (width: number): JsonObject => ({ $or: Array.from({ length: width }, () => ({ id: "x" })) });
    expect(problem(wide(499))).toBe("accepted");
    expect(problem(wide(500))).toContain("at most 500 conditions");
    expect(problem({ id: Array.from({ length: 5001 }, () => "x") })).toContain("at most 5000 values");
  });

  test("whatever the JSON is, nothing but INVALID_INPUT is thrown", () => {
    const key = fc.constantFrom(
      ...[
        "$and",
        "$or",
        "$not",
        "$eq",
        "$in",
        "$gt",
        "$regex",
        "$fuzzy",
        "$near",
        "$within",
        "$exists",
        "polygon",
        "lat",
      ],
      ...[
        "kind",
        "tags",
        "timestamp",
        "gitCommit",
        "metadata",
        "metadata.a",
        "startTime",
        "__proto__",
        "toString",
        "",
        "a.b",
      ],
    );
    const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant("2026-01-01"));
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 6, depthSize: "medium" },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc
          .array(fc.tuple(fc.oneof(key, fc.string()), tie("value")), { maxLength: 4 })
          .map((all) => Object.fromEntries(all)),
      ),
    })).value;
    fc.assert(
      fc.property(fc.oneof(json, fc.jsonValue() as fc.Arbitrary<Json>), (input) => void problem(input)),
      { numRuns: 3000 },
    );
  });
});

/** A second reading of the contract's filters, straight on the JSON. */
function holds(filter: JsonObject, memory: Memory): boolean {
  return Object.entries(filter).every(([key, operand]) => {
    if (key === "$and") return (operand as JsonObject[]).every((one) => holds(one, memory));
    if (key === "$or") return (operand as JsonObject[]).some((one) => holds(one, memory));
    if (key === "$not") return !holds(operand as JsonObject, memory);
    if (key === "startTime") return memory.timestamp >= timeOf(operand);
    if (key === "endTime" || key === "end_time") return memory.timestamp <= timeOf(operand);
    if (key === "metadata") {
      return Object.entries(operand as JsonObject).every(([path, value]) =>
        metadataHolds(path.split("."), value, memory),
      );
    }
    if (key.startsWith("metadata.")) return metadataHolds(key.split(".").slice(1), operand, memory);
    const name = key.replace(/_(\w)/gu, (_, letter: string) => letter.toUpperCase()) as FilterField;
    return fieldHolds({ field: name }, operand, memory);
  });
}

function metadataHolds(path: string[], operand: Json, memory: Memory): boolean {
  if (isPlain(operand) && !Object.keys(operand).some((key) => key.startsWith("$"))) {
    return Object.entries(operand).every(([key, value]) => metadataHolds([...path, ...key.split(".")], value, memory));
  }
  return fieldHolds({ field: "metadata", path }, operand, memory);
}

function fieldHolds(
  ref: Condition extends { ref: infer R } ? R : Parameters<typeof valueOf>[0],
  operand: Json,
  memory: Memory,
): boolean {
  const values = scalars(ref, memory);
  const same = (wanted: Json): boolean => {
    if (ref.field === "timestamp") return memory.timestamp === timeOf(wanted);
    if (ref.field === "gitCommit")
      return values.some((value) => String(value).startsWith(textOf(wanted).toLowerCase()));
    return values.some((value) => value === wanted);
  };
  if (Array.isArray(operand)) return (operand as Json[]).some(same);
  if (!isPlain(operand)) return same(operand);
  return Object.entries(operand).every(([operator, wanted]) => {
    const list = () => (wanted as Json[]).some(same);
    switch (operator) {
      case "$eq":
        return same(wanted);
      case "$ne":
        return !same(wanted);
      case "$in":
        return list();
      case "$nin":
        return !list();
      case "$exists":
        return (valueOf(ref, memory) !== undefined) === wanted;
      case "$not":
        return !fieldHolds(ref, wanted, memory);
      case "$regex":
        return values.some((value) => typeof value === "string" && new RegExp(textOf(wanted), "u").test(value));
      case "$fuzzy": {
        const { text, distance } = isPlain(wanted) ? wanted : { text: wanted, distance: undefined };
        const spelled = textOf(text);
        const cut = Number(distance ?? (spelled.length > 5 ? 2 : 1));
        return values.some(
          (value) => typeof value === "string" && value.startsWith(spelled.slice(0, spelled.length - cut)),
        );
      }
      case "$near":
      case "$within":
        return isPlain(valueOf(ref, memory)) && Object.keys(valueOf(ref, memory) as JsonObject).includes("lat");
      default: {
        const op = operator.slice(1) as "gt" | "gte" | "lt" | "lte";
        const bound = ref.field === "timestamp" ? timeOf(wanted) : (wanted as string | number);
        return values.some((value) => compares(op, value, bound));
      }
    }
  });
}

const timeOf = (value: Json): number => (typeof value === "number" ? value : Date.parse(textOf(value)));

function textOf(value: Json | undefined): string {
  if (typeof value !== "string") throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}
