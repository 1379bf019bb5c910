import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { HeirloomError } from "../../../src/contract/errors.ts";
import { type Condition, FILTER_FIELDS, type FieldRef, type Scalar } from "../../../src/contract/filter.ts";
import type { Json, JsonObject } from "../../../src/contract/json.ts";
import { KINDS, SCOPES } from "../../../src/contract/kinds.ts";
import type { Memory } from "../../../src/contract/memory.ts";
import { hasRow } from "../../../src/contract/rowSet.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql, type SqlEngine } from "../../../src/engine/store/sqlEngine.ts";
import { captured, memory, provenance, recorded } from "./memoryFixture.ts";

let sql: SqlEngine;
beforeAll(async () => {
  sql = await loadSql();
});

// Few values of each sort, so that conditions meet memories; some of them are hard to tell apart or to order.
const TEXTS = [
  "",
  "a",
  "A",
  "ab",
  "abc",
  "b",
  "é",
  "e\u0301",
  "\u{1F600}",
  "\uFFFD",
  "\uFF5E",
  "a\0b",
  "\0",
  "\ud800",
  "\udc00a",
  "true",
  "1",
  "null",
  "%",
  "a.b",
  "it's",
];
const text = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TEXTS) }, fc.string({ unit: "binary", maxLength: 6 }));
const number = fc.oneof(
  fc.constantFrom(0, -0, 1, 2, 1.5, 2 ** 53, 1e300, -1e-300, 0.1, 0.30000000000000004),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const KEYS = ["a", "b", "a.b", "", "lat", "lon", "__proto__", "é"];
const point = fc.record({
  lat: fc.double({ min: -95, max: 95, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});
const nearPoint = fc.record({ lat: fc.constantFrom(0, 0.001, 0.5, 1, -1), lon: fc.constantFrom(0, 0.001, 0.5, 1, -1) });
const json: fc.Arbitrary<Json> = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    nearPoint,
    point,
    fc.array(tie("json"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie("json"), { maxKeys: 3 }),
})).json;
const metadata = fc.dictionary(fc.constantFrom(...KEYS), json, { maxKeys: 4 });

const memories: fc.Arbitrary<readonly Memory[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      scope: fc.constantFrom(...SCOPES),
      eventType: text,
      workspaceId: text,
      sessionId: fc.option(text, { nil: undefined }),
      branch: fc.option(text, { nil: undefined }),
      commit: fc.option(text, { nil: undefined }),
      timestamp: fc.oneof(
        fc.constantFrom(0, 1, 1.5, -5, 1_700_000_000_000),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      tags: fc.array(text, { maxLength: 3 }),
      metadata,
      anchored: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) =>
    list.map(({ sessionId, branch, commit, anchored, ...rest }, at) =>
      memory(`id${at}`, {
        ...rest,
        anchors: anchored ? [{ path: "p" }] : [],
        ...(sessionId === undefined ? {} : { sessionId }),
        provenance: provenance({
          ...(branch === undefined ? {} : { branch }),
          ...(commit === undefined ? {} : { commit }),
        }),
      }),
    ),
  );

const ref: fc.Arbitrary<FieldRef> = fc.oneof(
  fc.constantFrom(...FILTER_FIELDS).map((field) => ({ field })),
  fc.array(fc.constantFrom(...KEYS), { maxLength: 3 }).map((path) => ({ field: "metadata" as const, path })),
);
const operand: fc.Arbitrary<Scalar> = fc.oneof(
  scalar,
  fc.constantFrom<Scalar>(...KINDS, ...SCOPES, "id0", "id1", "unchecked", "unanchored"),
);
const ordered = fc.oneof(text, number, fc.constantFrom("id1", "note"));
const corners = fc.array(nearPoint, { maxLength: 5 });
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ op: fc.constantFrom("eq" as const, "ne" as const), ref, value: operand }),
  fc.record({ op: fc.constantFrom("in" as const, "nin" as const), ref, values: fc.array(operand, { maxLength: 4 }) }),
  fc.record({ op: fc.constantFrom("gt" as const, "gte" as const, "lt" as const, "lte" as const), ref, value: ordered }),
  fc.record({ op: fc.constant("exists" as const), ref, value: fc.boolean() }),
  fc.record({
    op: fc.constant("regex" as const),
    ref,
    pattern: fc.constantFrom("", "a", "^a", "b$", "[^a]", "(?i)A", "\\x{1F600}", "^.$", "id[0-2]"),
  }),
  fc.record({ op: fc.constant("fuzzy" as const), ref, text, distance: fc.constantFrom(1 as const, 2 as const) }),
  fc.record({
    op: fc.constant("near" as const),
    ref,
    center: fc.oneof(nearPoint, point),
    km: fc.constantFrom(0, 0.2, 80, 200, 25_000),
  }),
  fc.record({ op: fc.constant("within" as const), ref, polygon: corners }),
);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "medium" },
    leaf,
    fc.record({ op: fc.constantFrom("and" as const, "or" as const), of: fc.array(tie("node"), { maxLength: 3 }) }),
    fc.record({ op: fc.constant("not" as const), of: tie("node") }),
  ),
})).node;

const rowsOf = (projection: Projection, where: Condition): readonly number[] => {
  const set = projection.rowsWhere(where);
  return Array.from({ length: projection.rowLimit }, (_, row) => row).filter((row) => hasRow(set, row));
};

test("SQL and the interpreter agree on any condition over any memories, also after revisions and through an image", () => {
  fc.assert(
    fc.property(memories, memories, fc.array(condition, { minLength: 1, maxLength: 12 }), (list, later, conditions) => {
      const projection = openProjection(sql);
      projection.apply(recorded(list.map((one) => ({ type: "captured", memory: one }))));
      const events = later.map(({ id, tags, metadata: changed, kind, scope, anchors }) => ({
        type: "revised" as const,
        id,
        revision: 2,
        changes: { tags, metadata: changed, kind, scope, anchors },
        provenance: provenance(),
      }));
      const check = (checked: Projection): void => {
        const all = Array.from({ length: list.length }, (_, at) => at + 1);
        for (const where of conditions) {
          expect(rowsOf(checked, where)).toEqual(checked.keepWhere(where, all));
          const { rows, cost } = checked.estimate(where);
          expect(rows).toBeGreaterThanOrEqual(0);
          expect(rows).toBeLessThanOrEqual(list.length);
          expect(cost).toBeGreaterThanOrEqual(1);
        }
      };
      check(projection);
      projection.apply(recorded(events, 100));
      check(projection);
      const opened = openProjection(sql, projection.image(0));
      check(opened);
      opened.close();
      projection.close();
    }),
    { numRuns: 120 },
  );
}, 30_000);

describe("the meaning of", () => {
  let projection: Projection;
  beforeAll(() => {
    projection = openProjection(sql);
    projection.apply(
      recorded([
        captured("a", {
          kind: "rule",
          tags: ["x", "y"],
          metadata: { n: 1, list: [1, "1"], none: null, empty: [] },
          timestamp: 10,
        }),
        captured("b", {
          sessionId: "s",
          metadata: { n: "1", deep: { n: 2 }, yes: true },
          anchors: [{ path: "p" }],
          timestamp: 20,
        }),
        captured("c", {
          eventType: "Übung macht den Meister",
          workspaceId: "a\0b",
          provenance: provenance({ branch: "main", commit: "abc" }),
          metadata: { home: { lat: 52.52, lon: 13.405 }, trips: [{ lat: 48.8566, lon: 2.3522 }] },
          timestamp: 30,
        }),
      ]),
    );
  });
  const meta = (...path: readonly string[]): FieldRef => ({ field: "metadata", path });
  const cases: readonly (readonly [string, Condition, readonly number[]])[] = [
    ["eq, which never coerces", { op: "eq", ref: meta("n"), value: 1 }, [1]],
    ["eq on a list, which any element matches", { op: "eq", ref: meta("list"), value: "1" }, [1]],
    ["eq null, which a missing field is not", { op: "eq", ref: meta("none"), value: null }, [1]],
    ["eq true, which 1 is not", { op: "eq", ref: meta("yes"), value: true }, [2]],
    ["ne, which a missing field matches", { op: "ne", ref: { field: "sessionId" }, value: "s" }, [1, 3]],
    ["nin, which a missing field matches", { op: "nin", ref: meta("n"), values: [1] }, [2, 3]],
    [
      "a range, which a missing field never matches",
      { op: "not", of: { op: "lt", ref: { field: "gitCommit" }, value: "b" } },
      [1, 2],
    ],
    ["a range of numbers, which leaves text out", { op: "gte", ref: meta("n"), value: 0 }, [1]],
    ["timestamp", { op: "gt", ref: { field: "timestamp" }, value: 10 }, [2, 3]],
    ["exists on tags", { op: "exists", ref: { field: "tags" }, value: true }, [1]],
    [
      "exists on an empty list and on null",
      {
        op: "and",
        of: [
          { op: "exists", ref: meta("empty"), value: true },
          { op: "exists", ref: meta("none"), value: true },
        ],
      },
      [1],
    ],
    ["exists on an object", { op: "exists", ref: meta("deep"), value: true }, [2]],
    ["freshness", { op: "eq", ref: { field: "freshness" }, value: "unchecked" }, [2]],
    ["regex", { op: "regex", ref: { field: "tags" }, pattern: "^[yz]$" }, [1]],
    [
      "fuzzy, by word and case folded",
      { op: "fuzzy", ref: { field: "eventType" }, text: "miester übung", distance: 1 },
      [3],
    ],
    ["near", { op: "near", ref: meta("home"), center: { lat: 52.4, lon: 13.1 }, km: 30 }, [3]],
    ["near, for a list of places", { op: "near", ref: meta("trips"), center: { lat: 48.8, lon: 2.3 }, km: 10 }, [3]],
    ["near, out of reach", { op: "near", ref: meta("home"), center: { lat: 48.8, lon: 2.3 }, km: 800 }, []],
    [
      "within",
      {
        op: "within",
        ref: meta("home"),
        polygon: [
          { lat: 52, lon: 13 },
          { lat: 53, lon: 13 },
          { lat: 53, lon: 14 },
          { lat: 52, lon: 14 },
        ],
      },
      [3],
    ],
    ["an empty and", { op: "and", of: [] }, [1, 2, 3]],
    ["an empty or", { op: "or", of: [] }, []],
  ];
  test.each(cases)("%s", (_, where, expected) => {
    expect(rowsOf(projection, where)).toEqual(expected);
    expect(projection.keepWhere(where, [1, 2, 3])).toEqual(expected);
  });

  test("a list of 20,000 values and 500 comparisons are taken, more are refused", () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `v${at}`);
    expect(rowsOf(projection, { op: "in", ref: { field: "id" }, values: [...values, "b"] })).toEqual([2]);
    const of = values.slice(0, 499).map((value): Condition => ({ op: "eq", ref: { field: "tags" }, value }));
    const last: Condition = { op: "eq", ref: { field: "tags" }, value: "x" };
    expect(rowsOf(projection, { op: "or", of: [...of, last] })).toEqual([1]);
    expect(() => projection.rowsWhere({ op: "or", of: [...of, last, last] })).toThrow("use $in");
    const deep = of.reduce<Condition>((inner) => ({ op: "not", of: inner }), last);
    expect(() => projection.rowsWhere(deep)).toThrow("nested deeper");
  });

  test.each(["(", "(?=a)", "\\1", "a".repeat(2000)])("the pattern %s is refused by its name", (pattern) => {
    for (const ask of [
      () => projection.rowsWhere({ op: "regex", ref: { field: "id" }, pattern }),
      () => projection.keepWhere({ op: "regex", ref: { field: "id" }, pattern }, [1]),
    ]) {
      expect(ask).toThrow(HeirloomError);
      expect(ask).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
    }
  });

  test("a catastrophic pattern ends", () => {
    projection.apply(recorded([captured("long", { eventType: "a".repeat(20_000) })], 4));
    const where: Condition = { op: "regex", ref: { field: "eventType" }, pattern: "^(a+)+$|^(a|a)*b$" };
    expect(rowsOf(projection, where)).toEqual([4]);
  });
});
