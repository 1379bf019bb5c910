import { beforeAll, expect, test } from "vitest";
import type { Condition, FieldRef } from "../../../src/contract/filter.ts";
import { countRows } from "../../../src/contract/rowSet.ts";
import type { Projection } from "../../../src/engine/seams.ts";
import { openProjection } from "../../../src/engine/store/openProjection.ts";
import { loadSql } from "../../../src/engine/store/sqlEngine.ts";
import { captured, provenance, recorded } from "./memoryFixture.ts";

const ROWS = 6000;
let projection: Projection;
beforeAll(async () => {
  projection = openProjection(await loadSql());
  const events = Array.from({ length: ROWS }, (_, at) =>
    captured(`m${at}`, {
      kind: at % 4 === 0 ? "rule" : "note",
      eventType: `type${at % 50}`,
      tags: at % 10 === 0 ? ["ten", "all"] : ["all"],
      timestamp: at * 1000,
      metadata: {
        n: at % 200,
        unique: at,
        name: `name ${at % 20}`,
        ...(at % 100 === 0 ? { place: { lat: at % 90, lon: 1 } } : {}),
      },
      provenance: provenance({ commit: `c${at % 1000}` }),
      content: "x",
    }),
  );
  projection.apply(recorded(events));
});

const meta = (path: string): FieldRef => ({ field: "metadata", path: [path] });
const cases: readonly Condition[] = [
  { op: "eq", ref: { field: "kind" }, value: "rule" },
  { op: "eq", ref: { field: "eventType" }, value: "type7" },
  { op: "in", ref: { field: "eventType" }, values: ["type7", "type8", "none"] },
  { op: "eq", ref: { field: "tags" }, value: "ten" },
  { op: "eq", ref: { field: "gitCommit" }, value: "c5" },
  { op: "eq", ref: { field: "id" }, value: "m5" },
  { op: "gt", ref: { field: "timestamp" }, value: 4_500_000 },
  { op: "lte", ref: { field: "timestamp" }, value: 60_000 },
  { op: "eq", ref: meta("n"), value: 3 },
  { op: "lt", ref: meta("n"), value: 100 },
  { op: "lt", ref: meta("unique"), value: 30 },
  { op: "eq", ref: meta("unique"), value: 30 },
  { op: "in", ref: meta("n"), values: [1, 2, 3] },
  { op: "exists", ref: meta("place"), value: true },
  { op: "ne", ref: meta("n"), value: 3 },
  { op: "regex", ref: meta("name"), pattern: "[0-4]$" },
  { op: "regex", ref: { field: "eventType" }, pattern: "^type1" },
  {
    op: "and",
    of: [
      { op: "eq", ref: { field: "kind" }, value: "rule" },
      { op: "lt", ref: meta("n"), value: 100 },
    ],
  },
  {
    op: "or",
    of: [
      { op: "eq", ref: { field: "tags" }, value: "ten" },
      { op: "eq", ref: { field: "eventType" }, value: "type7" },
    ],
  },
  { op: "not", of: { op: "eq", ref: { field: "kind" }, value: "rule" } },
];

test.each(cases)("the estimate of %j is near the truth", (condition) => {
  const actual = countRows(projection.rowsWhere(condition));
  const { rows } = projection.estimate(condition);
  const error = Math.max((rows + 5) / (actual + 5), (actual + 5) / (rows + 5));
  expect(error, `${rows} for ${actual}`).toBeLessThan(1.6);
});

test("a condition that an index answers costs less than a scan, and a conjunction no more than its cheapest part and the tests", () => {
  const rare: Condition = { op: "eq", ref: meta("unique"), value: 7 };
  const broad: Condition = { op: "regex", ref: meta("name"), pattern: "1" };
  const scan: Condition = { op: "not", of: rare };
  const cost = (condition: Condition): number => projection.estimate(condition).cost;
  expect(cost(rare)).toBeLessThan(20);
  expect(cost(scan)).toBeGreaterThanOrEqual(ROWS);
  expect(cost({ op: "and", of: [rare, { op: "eq", ref: { field: "kind" }, value: "rule" }] })).toBeLessThan(20);
  expect(cost({ op: "and", of: [rare, broad] })).toBeGreaterThan(ROWS);
});

test("statistics follow the rows", () => {
  const condition: Condition = { op: "gt", ref: { field: "timestamp" }, value: 10_000_000 };
  expect(projection.estimate(condition).rows).toBe(0);
  projection.apply(
    recorded(
      Array.from({ length: ROWS }, (_, at) => captured(`later${at}`, { timestamp: 20_000_000 + at })),
      ROWS + 1,
    ),
  );
  expect(projection.estimate(condition).rows).toBeGreaterThan(ROWS * 0.9);
});

test("nothing is expected of an empty store", async () => {
  const empty = openProjection(await loadSql());
  expect(empty.estimate({ op: "exists", ref: { field: "id" }, value: true })).toEqual({ rows: 0, cost: 1 });
});
