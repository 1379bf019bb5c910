import type { PlanResult } from "../../contract/tools.ts";

/** What one checked candidate costs in row visits: a memory read and parsed against a step of a scan. bench/plan.ts measures it. */
const CHECK_COST = 20;

export interface PlanInputs {
  /** Without a query the newest are listed. */
  readonly hasQuery: boolean;
  /** Rows that hold any term of the query. */
  readonly textEstimate: number;
  /** Rows that satisfy the filter, and row visits to find them all; absent: no filter. */
  readonly filterEstimate?: { readonly rows: number; readonly cost: number };
  readonly visibleRows: number;
  /** Every living row of the store: what `filterEstimate.rows` is a part of. */
  readonly livingRows: number;
  /** Results that are wanted, those of earlier pages included. */
  readonly limit: number;
}

export interface QueryPlan {
  readonly strategy: PlanResult["strategy"];
  /** How the filter is applied: as a set of all its rows, to the candidates one by one, or there is none. */
  readonly filterBy: "set" | "candidate" | "none";
  readonly why: string;
  /** Rows that satisfy filter and visibility when the filter is a set; otherwise rows that the driving step delivers. */
  readonly estimatedRows: number;
  /** In row visits. */
  readonly estimatedCost: number;
  /** Share of the visible rows that the filter is believed to keep; 1 without one. */
  readonly selectivity: number;
  readonly rejected: PlanResult["rejected"];
}

/**
 * Chooses between the two ways that give the same exact result. Filter-first pays once for the whole filter and then searches inside of its
 * rows; index-first searches the visible rows and checks candidates, best first, until the page is full, which takes limit / selectivity
 * checks when filter and text are independent. The estimate of both is in row visits.
 */
export function planQuery(inputs: PlanInputs): QueryPlan {
  const { filterEstimate, visibleRows } = inputs;
  const driving = inputs.hasQuery ? Math.min(inputs.textEstimate, visibleRows) : visibleRows;
  const drivingCost = inputs.hasQuery ? inputs.textEstimate : Math.min(driving, inputs.limit);
  const byIndex = inputs.hasQuery ? "index-first" : "list";
  if (filterEstimate === undefined) {
    return {
      strategy: byIndex,
      filterBy: "none",
      why: inputs.hasQuery
        ? "there is no filter: the text index alone decides"
        : "there is no query: the newest are listed",
      estimatedRows: driving,
      estimatedCost: drivingCost,
      selectivity: 1,
      rejected: [],
    };
  }
  const selectivity = Math.min(1, filterEstimate.rows / Math.max(1, inputs.livingRows));
  const checks = Math.min(driving, inputs.limit / Math.max(selectivity, 1e-9));
  const setCost = filterEstimate.cost + drivingCost;
  const candidateCost = drivingCost + checks * CHECK_COST;
  const bySet = inputs.hasQuery ? "filter-first" : "list";
  const set = { strategy: inputs.hasQuery ? bySet : "list, the filter first", estimatedCost: Math.round(setCost) };
  const candidate = {
    strategy: inputs.hasQuery ? byIndex : "list, newest first",
    estimatedCost: Math.round(candidateCost),
  };
  const common = { selectivity };
  if (setCost <= candidateCost) {
    return {
      ...common,
      strategy: bySet,
      filterBy: "set",
      why: `the filter keeps about ${about(filterEstimate.rows)} of ${inputs.livingRows} rows, and ${about(checks)} checks of single candidates would cost more than finding them all`,
      estimatedRows: Math.min(visibleRows, selectivity * visibleRows),
      estimatedCost: set.estimatedCost,
      rejected: [candidate],
    };
  }
  return {
    ...common,
    strategy: byIndex,
    filterBy: "candidate",
    why: `about ${about(checks)} candidates fill ${inputs.limit} results, which costs less than finding the ${about(filterEstimate.rows)} rows of the filter`,
    estimatedRows: checks * selectivity,
    estimatedCost: candidate.estimatedCost,
    rejected: [set],
  };
}

const about = (value: number): string => (value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value)));
