import type { Condition } from "../../contract/filter.ts";
import type { JsonObject } from "../../contract/json.ts";
import type { Scope } from "../../contract/kinds.ts";
import { hasRow, type RowSet } from "../../contract/rowSet.ts";
import type { PlanResult } from "../../contract/tools.ts";
import type { Projection, Recalled } from "../seams.ts";
import { decodeCursor, encodeCursor, type PagePosition, questionOf } from "./cursor.ts";
import type { Deadline } from "./deadline.ts";
import { withFreshRows } from "./freshnessFilter.ts";
import { joinPlans } from "./joinPlans.ts";
import { mergeRanked } from "./mergeRanked.ts";
import { parseFilter } from "./parseFilter.ts";
import { type Question, reasonsFor } from "./reasons.ts";
import { MOST_READ, type Reading, type ReadRow, readingOf, rerank } from "./rerank.ts";
import { type RunningPlan, runPlan } from "./runPlan.ts";
import type { Ranked } from "./rankStore.ts";
import { contributionsOf, type Signals } from "./signals.ts";
import { type SearchStore, type StorePlan, planStore } from "./storePlan.ts";
import { type NamedTime, type Release, timeInQuery } from "./timeInQuery.ts";
import { type TakenPage, takeListed, takeRanked } from "./takePage.ts";

export interface SearchRequest {
  /** Blank: the newest are listed. */
  readonly query: string;
  readonly filters?: JsonObject;
  readonly scope?: Scope;
  readonly includeHidden?: boolean;
  /** Only these rows of each store, and what names them: a cursor belongs to it. */
  readonly within?: { readonly key: string; readonly rows: (projection: Projection) => RowSet };
  /** The commit or time that the stores are those of, as it was named: a cursor belongs to it. */
  readonly asOf?: string;
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
  /** Where a reranker is asked: what came of it. */
  readonly reading?: Reading;
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
  const { query, question, position, rowBounds, now, time, opened, merged } = openSearch(stores, request);
  const { reading, limit, signals } = request;
  const asked = { query, time, reranker: reading?.model };
  const read: ReadRow[] = [];
  const shareOf = readingOf(reading, position);
  const weightsOf = ({ store }: Ranked) => stores[store]?.weights;
  const isRead = position === undefined ? reading?.shares !== undefined : position.read !== undefined;
  const ranked = isRead ? rerank(merged, shareOf, weightsOf, (row) => read.push(row)) : merged;
  const page = query === "" ? takeListed(ranked, limit) : takeRanked(ranked, limit, position, signals.diversity);
  const results = page.shown.flatMap((shown) => {
    const from = opened[shown.entry.store];
    return from === undefined ? [] : [recalled(from.store, from.plan, asked, shown, request.now)];
  });
  const joined = joinPlans(
    stores,
    opened.map(({ run }) => run.finish()),
  );
  const plan = { ...joined, steps: [...joined.steps, ...readingSteps(reading, position !== undefined, read.length)] };
  if (page.last === undefined || !page.more) return { results, plan };
  const { key, store, row } = page.last;
  const passed = (position?.passed ?? 0) + page.passed;
  const next = { rowBounds, now, passed, last: { key, store, row }, ...(isRead ? { read } : {}) };
  return { results, plan, nextCursor: encodeCursor(next, question()) };
}

/** The first results of all as they are ranked before anybody reads them. INVALID_INPUT, QUERY_TIMEOUT. */
export function bestOf(stores: readonly SearchStore[], request: SearchRequest): readonly Ranked[] {
  const best: Ranked[] = [];
  for (const entry of openSearch(stores, request).merged) {
    best.push(entry);
    if (best.length === MOST_READ) break;
  }
  return best;
}

interface OpenedSearch {
  readonly query: string;
  /** What the request asks: a cursor belongs to it alone. */
  readonly question: () => string;
  readonly position: PagePosition | undefined;
  readonly rowBounds: readonly number[];
  /** Milliseconds since the epoch, from which ages are counted. */
  readonly now: number;
  readonly time: NamedTime | undefined;
  readonly opened: readonly { readonly store: SearchStore; readonly plan: StorePlan; readonly run: RunningPlan }[];
  /** Of all stores, as far as they are asked for. */
  readonly merged: Iterable<Ranked>;
}

function openSearch(stores: readonly SearchStore[], request: SearchRequest): OpenedSearch {
  const query = request.query.trim();
  const condition = conditionOf(request);
  const { filters, scope, workspaceId, within, asOf } = request;
  const includeHidden = request.includeHidden === true;
  const question = () =>
    questionOf({
      query,
      filters,
      scope,
      includeHidden,
      workspaceId,
      ...(within === undefined ? {} : { within: within.key }),
      ...(asOf === undefined ? {} : { asOf }),
    });
  const position = request.cursor === undefined ? undefined : decodeCursor(request.cursor, question(), stores.length);
  const rowBounds = position?.rowBounds ?? stores.map(({ projection }) => projection.rowLimit);
  const now = position?.now ?? request.now;
  const wanted = query === "" ? request.limit + 1 : (position?.passed ?? 0) + request.limit + 1;

  const { signals, releases = [] } = request;
  const time = query === "" ? undefined : timeInQuery(query, now, releases);
  const opened = stores.map((store, index) => {
    const common = { query, wanted, rowBound: rowBounds[index] ?? 0, deadline: request.deadline };
    const given = {
      ...(condition === undefined ? {} : { condition: withFreshRows(condition, store) }),
      ...(within === undefined ? {} : { within: within.rows(store.projection) }),
    };
    const plan = planStore(store, { ...common, ...given, includeHidden, now: request.now });
    return { store, plan, run: runPlan(store, plan, { ...common, store: index, now, position, signals, time }) };
  });
  const merged = mergeRanked(opened.map(({ run }) => run.rows));
  return { query, question, position, rowBounds, now, time, opened, merged };
}

/** What a reranker did, and why it did not. */
function readingSteps(reading: Reading | undefined, isLaterPage: boolean, read: number): PlanResult["steps"] {
  if (reading === undefined) return [];
  const { model, why, ms = 0 } = reading;
  if (why !== undefined) return [{ step: `reranker left out: ${why}`, rows: 0, ms: 0 }];
  if (isLaterPage) return [{ step: `reranker (as ${model} read for the first page)`, rows: read, ms: 0 }];
  return [{ step: `reranker (${read} results read by ${model})`, rows: read, ms }];
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
  const freshness = store.freshness?.stateOf(row);
  return {
    memory,
    score,
    ...(part === undefined ? {} : { part }),
    visible,
    ...(hiddenBecause === undefined ? {} : { hiddenBecause }),
    ...(freshness === undefined ? {} : { freshness }),
    reasons: reasonsFor(store, question, entry, equals),
    ...rankingOf(store, entry),
  };
}
