import type { Condition } from "../../contract/filter.ts";
import type { JsonObject } from "../../contract/json.ts";
import type { Scope } from "../../contract/kinds.ts";
import { hasRow } from "../../contract/rowSet.ts";
import type { PlanResult } from "../../contract/tools.ts";
import type { Recalled } from "../seams.ts";
import { decodeCursor, encodeCursor, questionOf } from "./cursor.ts";
import type { Deadline } from "./deadline.ts";
import { joinPlans } from "./joinPlans.ts";
import { mergeRanked } from "./mergeRanked.ts";
import { parseFilter } from "./parseFilter.ts";
import { type Question, reasonsFor } from "./reasons.ts";
import { runPlan } from "./runPlan.ts";
import type { Ranked } from "./rankStore.ts";
import { contributionsOf, type Signals } from "./signals.ts";
import { type SearchStore, type StorePlan, planStore } from "./storePlan.ts";
import { type Release, timeInQuery } from "./timeInQuery.ts";
import { type TakenPage, takeListed, takeRanked } from "./takePage.ts";

export interface SearchRequest {
  /** Blank: the newest are listed. */
  readonly query: string;
  readonly filters?: JsonObject;
  readonly scope?: Scope;
  readonly includeHidden?: boolean;
  /** Results on this page, at least 1. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
  /** Whose rows they are: a cursor of another workspace is refused. */
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signals: Signals;
  /** For a query that names one. */
  readonly releases?: readonly Release[];
  readonly deadline: Deadline;
}

export interface SearchPage {
  /** Best first; newest first in a listing. */
  readonly results: readonly Recalled[];
  readonly nextCursor?: string;
  readonly plan: PlanResult;
}

/**
 * One page of what the stores hold for a question, ranked together. A later page goes on exactly where the one before ended, however many
 * memories were added in between. INVALID_INPUT for a filter or cursor that cannot be used, QUERY_TIMEOUT.
 */
export function searchStores(stores: readonly SearchStore[], request: SearchRequest): SearchPage {
  const query = request.query.trim();
  const condition = conditionOf(request);
  const { filters, scope, workspaceId } = request;
  const includeHidden = request.includeHidden === true;
  const question = () => questionOf({ query, filters, scope, includeHidden, workspaceId });
  const position = request.cursor === undefined ? undefined : decodeCursor(request.cursor, question(), stores.length);
  const rowBounds = position?.rowBounds ?? stores.map(({ projection }) => projection.rowLimit);
  const now = position?.now ?? request.now;
  const wanted = query === "" ? request.limit + 1 : (position?.passed ?? 0) + request.limit + 1;

  const { signals, releases = [] } = request;
  const time = query === "" ? undefined : timeInQuery(query, now, releases);
  const opened = stores.map((store, index) => {
    const common = { query, wanted, rowBound: rowBounds[index] ?? 0, deadline: request.deadline };
    const given = condition === undefined ? {} : { condition };
    const plan = planStore(store, { ...common, ...given, includeHidden, now: request.now });
    return { store, plan, run: runPlan(store, plan, { ...common, store: index, now, position, signals, time }) };
  });
  const merged = mergeRanked(opened.map(({ run }) => run.rows));
  const page =
    query === "" ? takeListed(merged, request.limit) : takeRanked(merged, request.limit, position, signals.diversity);
  const results = page.shown.flatMap((shown) => {
    const from = opened[shown.entry.store];
    return from === undefined ? [] : [recalled(from.store, from.plan, { query, time }, shown, request.now)];
  });
  const plan = joinPlans(
    stores,
    opened.map(({ run }) => run.finish()),
  );
  if (page.last === undefined || !page.more) return { results, plan };
  const { key, store, row } = page.last;
  const passed = (position?.passed ?? 0) + page.passed;
  return { results, plan, nextCursor: encodeCursor({ rowBounds, now, passed, last: { key, store, row } }, question()) };
}

function rankingOf({ weights }: SearchStore, { evidence, qualities }: Ranked): Pick<Recalled, "ranking" | "signals"> {
  if (evidence === undefined || qualities === undefined) return {};
  return { ranking: { evidence, qualities }, signals: () => contributionsOf(evidence, qualities, weights) };
}

/** What filters and scope ask for together. INVALID_INPUT. */
function conditionOf({ filters, scope }: SearchRequest): Condition | undefined {
  const filter = filters === undefined ? undefined : parseFilter(filters);
  const given = filter?.op === "and" && filter.of.length === 0 ? undefined : filter;
  if (scope === undefined) return given;
  const inScope: Condition = { op: "eq", ref: { field: "scope" }, value: scope };
  return given === undefined ? inScope : { op: "and", of: [inScope, given] };
}

function recalled(
  store: SearchStore,
  plan: StorePlan,
  question: Question,
  { entry, equals }: TakenPage["shown"][number],
  now: number,
): Recalled {
  const { memory, score, part, row } = entry;
  const visible = hasRow(plan.visible, row);
  const hiddenBecause = visible ? undefined : store.projection.hiddenBecause(row, store.view, now);
  return {
    memory,
    score,
    ...(part === undefined ? {} : { part }),
    visible,
    ...(hiddenBecause === undefined ? {} : { hiddenBecause }),
    reasons: reasonsFor(store, question, entry, equals),
    ...rankingOf(store, entry),
  };
}
