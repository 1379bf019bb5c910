import { Candidates } from "./candidates.ts";
import type { PagePosition } from "./cursor.ts";
import type { Deadline } from "./deadline.ts";
import { listStore } from "./listStore.ts";
import { namedCode } from "./namedAnchors.ts";
import { gatherEvidence, WINDOW } from "./gatherEvidence.ts";
import { QualityReader } from "./qualities.ts";
import { type Ranked, rankStore } from "./rankStore.ts";
import type { Signals } from "./signals.ts";
import type { NamedTime } from "./timeInQuery.ts";
import { below, type SearchStore, type StorePlan } from "./storePlan.ts";

export interface RunRequest {
  /** Place of the store in the list of stores. */
  readonly store: number;
  /** Empty: list. */
  readonly query: string;
  readonly wanted: number;
  readonly now: number;
  readonly rowBound: number;
  readonly position: PagePosition | undefined;
  /** The time that the query names. */
  readonly time: NamedTime | undefined;
  readonly signals: Signals;
  readonly deadline: Deadline;
}

export interface RunningPlan {
  readonly rows: Iterable<Ranked>;
  /** The plan with what its last steps found and took; to be called when no more rows are needed. */
  readonly finish: () => StorePlan;
}

/** Carries a plan out, as far as rows are asked for. */
export function runPlan(store: SearchStore, plan: StorePlan, request: RunRequest): RunningPlan {
  return request.query === "" ? runList(store, plan, request) : runSearch(store, plan, request);
}

function runSearch(store: SearchStore, plan: StorePlan, request: RunRequest): RunningPlan {
  const { projection, text, statistics, weights } = store;
  const { query, deadline, rowBound, wanted, signals } = request;
  const bound = rowBound < projection.rowLimit ? { rowBound } : {};
  const vectors = signals.meaning ? store.vectors(query) : undefined;
  const candidates = new Candidates({
    ...{
      text,
      projection,
      query,
      rows: plan.rows,
      selectivity: plan.check === undefined ? 1 : plan.selectivity,
      // As many as are weighed, found in one go.
      wanted: Math.max(wanted, WINDOW),
      deadline,
    },
    ...bound,
    ...(plan.check === undefined ? {} : { check: plan.check }),
  });
  const gathered = gatherEvidence({
    ...{ projection, text, candidates, query, rows: plan.rows, signals, weights, deadline },
    context: below(plan.visible, rowBound, projection.rowLimit),
    ...bound,
    ...(vectors === undefined ? {} : { vectors }),
    ...(plan.check === undefined ? {} : { check: plan.check }),
  });
  const rows = rankStore({
    ...{ store: request.store, projection, candidates, gathered, weights, deadline },
    vectors: vectors?.index,
    qualities: new QualityReader({
      ...{ projection, signals, now: request.now, freshness: store.freshness },
      named: signals.anchor ? namedCode(query) : undefined,
      time: signals.time ? request.time : undefined,
    }),
  });
  const finish = (): StorePlan => {
    const { examined, kept, asked, searchMs, checkMs } = candidates;
    const steps = [
      ...plan.steps,
      { step: `text search (${candidates.visited} postings)`, rows: examined, ms: searchMs },
      ...(vectors === undefined
        ? leftOut(store)
        : [
            {
              step: `vector search (${vectors.index.stats().vectors} of ${vectors.index.model})`,
              rows: gathered.vectorHits,
              ms: gathered.vectorMs,
            },
          ]),
    ];
    const bytes = plan.bytes + candidates.workingBytes;
    if (plan.filterBy === "set") return { ...plan, steps, bytes };
    if (plan.filterBy === "candidate") {
      steps.push({ step: "filter, candidate by candidate", rows: kept, ms: checkMs });
      const estimatedRows = examined * plan.selectivity;
      statistics.record(estimatedRows, kept);
      return { ...plan, steps, bytes, estimatedRows, actualRows: kept };
    }
    // Only an index that has no more hits tells how many there are.
    if (examined < asked) statistics.record(plan.estimatedRows, examined);
    return { ...plan, steps, bytes, estimatedRows: Math.min(plan.estimatedRows, asked), actualRows: examined };
  };
  return { rows, finish };
}

function leftOut({ whyNoVectors }: SearchStore): StorePlan["steps"] {
  const why = whyNoVectors?.();
  return why === undefined ? [] : [{ step: `vector search left out: ${why}`, rows: 0, ms: 0 }];
}

function runList(store: SearchStore, plan: StorePlan, request: RunRequest): RunningPlan {
  const { projection, statistics } = store;
  const { deadline, wanted, position } = request;
  let read = 0;
  let kept = 0;
  const started = deadline.now();
  const rows = listStore({
    ...{ store: request.store, projection, rows: plan.rows, wanted, deadline },
    ...(plan.check === undefined ? {} : { check: plan.check }),
    ...(position === undefined ? {} : { after: position.last }),
    onBatch: (batchRead, batchKept) => {
      read += batchRead;
      kept += batchKept;
    },
  });
  const finish = (): StorePlan => {
    const steps = [...plan.steps, { step: "newest first", rows: kept, ms: deadline.now() - started }];
    if (plan.filterBy !== "candidate") return { ...plan, steps };
    const estimatedRows = read * plan.selectivity;
    statistics.record(estimatedRows, kept);
    return { ...plan, steps, estimatedRows, actualRows: kept };
  };
  return { rows, finish };
}
