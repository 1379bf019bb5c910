import { describe, expect, test } from "vitest";
import { planQuery } from "../../../src/engine/retrieve/plan.ts";
import { PlanStatistics } from "../../../src/engine/retrieve/planStatistics.ts";

const search = { hasQuery: true, textEstimate: 5000, visibleRows: 80_000, livingRows: 100_000, limit: 11 };

describe("the plan", () => {
  test("a rare filter goes first, a common one is checked on the candidates", () => {
    expect(planQuery({ ...search, filterEstimate: { rows: 20, cost: 20 } })).toMatchObject({
      strategy: "filter-first",
      filterBy: "set",
    });
    expect(planQuery({ ...search, filterEstimate: { rows: 60_000, cost: 60_000 } })).toMatchObject({
      strategy: "index-first",
      filterBy: "candidate",
    });
  });

  test("a filter that has to look at every row is worth it only when single candidates would be as many", () => {
    const scan = { rows: 50_000, cost: 100_000 };
    expect(planQuery({ ...search, filterEstimate: scan }).strategy).toBe("index-first");
    expect(planQuery({ ...search, textEstimate: 80_000, filterEstimate: { ...scan, rows: 2 } }).strategy).toBe(
      "filter-first",
    );
  });

  test("without a query it lists, by the set of a rare filter and by checking under a common one", () => {
    const list = { ...search, hasQuery: false };
    expect(planQuery(list)).toMatchObject({ strategy: "list", filterBy: "none", rejected: [] });
    expect(planQuery({ ...list, filterEstimate: { rows: 20, cost: 20 } })).toMatchObject({
      strategy: "list",
      filterBy: "set",
    });
    expect(planQuery({ ...list, filterEstimate: { rows: 90_000, cost: 90_000 } }).filterBy).toBe("candidate");
  });

  test("names what it rejected, and that costs no less", () => {
    for (const rows of [0, 1, 100, 10_000, 100_000]) {
      const plan = planQuery({ ...search, filterEstimate: { rows, cost: rows } });
      expect(plan.rejected).toHaveLength(1);
      expect(plan.rejected[0]?.estimatedCost).toBeGreaterThanOrEqual(plan.estimatedCost);
    }
  });

  test("an empty store and a filter that nothing satisfies are no special case", () => {
    const nothing = { hasQuery: true, textEstimate: 0, visibleRows: 0, livingRows: 0, limit: 11 };
    const plan = planQuery({ ...nothing, filterEstimate: { rows: 0, cost: 0 } });
    expect(plan.estimatedRows).toBe(0);
    expect(Number.isFinite(plan.estimatedCost)).toBe(true);
  });
});

test("the error of the estimates is the mean of |ln((estimated + 1) / (actual + 1))|", () => {
  const statistics = new PlanStatistics();
  expect(statistics.meanError).toBe(0);
  statistics.record(9, 9);
  statistics.record(19, 9);
  statistics.record(0, 1);
  expect(statistics.count).toBe(3);
  expect(statistics.meanError).toBeCloseTo((2 * Math.log(2)) / 3);
});
