import type { Condition } from "../../contract/filter.ts";
import { type RowSet, countRows, intersectRows } from "../../contract/rowSet.ts";
import type { PlanResult } from "../../contract/tools.ts";
import type { KnownFreshness, LineageView, Projection, TextDocument, TextIndex, VectorIndex } from "../seams.ts";
import type { Memory } from "../../contract/memory.ts";
import type { Deadline } from "./deadline.ts";
import type { PlanStatistics } from "./planStatistics.ts";
import type { Weights } from "./weights.ts";
import { type QueryPlan, planQuery } from "./plan.ts";

/** One store as a search sees it. */
export interface SearchStore {
  readonly name: "workspace" | "user";
  readonly projection: Projection;
  /** Not read by a listing, so that it may be opened late. */
  readonly text: TextIndex;
  /** The vectors of the store and that of a query; undefined where there is no model. Not asked by a listing. */
  readonly vectors: (query: string) => SearchVectors | undefined;
  /** Where there is a model and yet no vectors: why, for a person. */
  readonly whyNoVectors?: () => string | undefined;
  readonly statistics: PlanStatistics;
  /** What was learned here of how much each signal counts. */
  readonly weights: Weights;
  /** What the request's HEAD inherits of this store. */
  readonly view: LineageView;
  /** Absent where nothing is compared with the code: then every anchored memory is unchecked. */
  readonly freshness?: KnownFreshness;
  /** The fields of a memory as the text index was given them. */
  readonly documentOf: (memory: Memory) => TextDocument;
}

export interface SearchVectors {
  readonly index: VectorIndex;
  readonly query: Float32Array;
}

/** A plan with the rows that it may find, and what its steps took. */
export interface StorePlan extends QueryPlan {
  /** Rows that are visible to the request, hidden ones left out. */
  readonly visible: RowSet;
  /** Where to search: of the visible or all living rows those before the bound, and of the filter when it is a set. */
  readonly rows: RowSet;
  /** To check candidate by candidate. */
  readonly check?: Condition;
  readonly actualRows: number;
  readonly steps: PlanResult["steps"];
  readonly bytes: number;
}

export interface StorePlanRequest {
  readonly query: string;
  readonly condition?: Condition;
  readonly includeHidden: boolean;
  /** Only these rows. */
  readonly within?: RowSet;
  /** Rows from here on do not exist. */
  readonly rowBound: number;
  readonly wanted: number;
  /** Milliseconds since the epoch: what expired before is not found. */
  readonly now: number;
  readonly deadline: Deadline;
}

/** Plans the search of one store and carries out what comes before the candidates: visibility and, filter-first, the filter. */
export function planStore(store: SearchStore, request: StorePlanRequest): StorePlan {
  const { projection, view } = store;
  const { condition, deadline, now } = request;
  const steps: PlanResult["steps"] = [];
  const timed = <T>(step: string, run: () => T, rowsOf: (value: T) => number): T => {
    deadline.check();
    const started = deadline.now();
    const value = run();
    steps.push({ step, rows: rowsOf(value), ms: deadline.now() - started });
    return value;
  };
  const visible = projection.visibleRows(view, now);
  const base = timed(
    request.includeHidden ? "living rows" : "visible rows",
    () => {
      const asked = below(
        request.includeHidden ? projection.livingRows(now) : visible,
        request.rowBound,
        projection.rowLimit,
      );
      return request.within === undefined ? asked : intersectRows(asked, request.within);
    },
    countRows,
  );
  const hasQuery = request.query !== "";
  const plan = planQuery({
    hasQuery,
    textEstimate: hasQuery ? store.text.estimate(request.query) : 0,
    ...(condition === undefined ? {} : { filterEstimate: projection.estimate(condition) }),
    visibleRows: steps[0]?.rows ?? 0,
    livingRows: condition === undefined ? 0 : countRows(projection.livingRows(now)),
    limit: request.wanted,
  });
  const common = { ...plan, visible, steps, bytes: base.byteLength };
  if (condition === undefined || plan.filterBy === "none")
    return { ...common, rows: base, actualRows: steps[0]?.rows ?? 0 };
  if (plan.filterBy === "candidate") return { ...common, rows: base, check: condition, actualRows: 0 };
  const rows = timed("filter", () => intersectRows(base, projection.rowsWhere(condition)), countRows);
  const actualRows = steps.at(-1)?.rows ?? 0;
  store.statistics.record(plan.estimatedRows, actualRows);
  return { ...common, rows, actualRows, bytes: base.byteLength * 3 };
}

/** `rows` without those at or above `bound`. The same array when there are none. */
export function below(rows: RowSet, bound: number, rowLimit: number): RowSet {
  if (bound >= rowLimit) return rows;
  const kept = rows.slice(0, (bound + 31) >> 5);
  const last = kept.length - 1;
  if (last >= 0 && (bound & 31) !== 0 && bound >> 5 === last)
    kept[last] = (kept[last] ?? 0) & ((1 << (bound & 31)) - 1);
  return kept;
}
