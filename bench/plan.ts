import { MEASURED } from "../src/engine/retrieve/weights.ts";
import { defaultSettings } from "../src/contract/settings.ts";
/**
 * The planner: plans a second, the error of its estimates over 200 filters, and where filter-first and index-first cross. Run by
 * `node bench/plan.ts [rows]`; prints one JSON line a figure.
 */
import { countRows, intersectRows } from "../src/contract/rowSet.ts";
import type { JsonObject } from "../src/contract/json.ts";
import { KINDS } from "../src/contract/kinds.ts";
import type { Memory } from "../src/contract/memory.ts";
import { createTextIndex } from "../src/engine/indexing/textIndex.ts";
import { Candidates } from "../src/engine/retrieve/candidates.ts";
import { Deadline } from "../src/engine/retrieve/deadline.ts";
import { parseFilter } from "../src/engine/retrieve/parseFilter.ts";
import { planQuery } from "../src/engine/retrieve/plan.ts";
import { PlanStatistics } from "../src/engine/retrieve/planStatistics.ts";
import { searchStores } from "../src/engine/retrieve/searchStores.ts";
import type { TextDocument } from "../src/engine/seams.ts";
import { openProjection } from "../src/engine/store/openProjection.ts";
import { loadSql } from "../src/engine/store/sqlEngine.ts";

const ROWS = Number(process.argv[2] ?? 10_000);
const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const print = (figure: string, value: number, unit: string, more: object = {}) =>
  void process.stdout.write(
    `${JSON.stringify({ bench: "plan", figure, value: Number(value.toPrecision(4)), unit, rows: ROWS, ...more })}\n`,
  );

/** Mulberry32: the same rows in every run. */
let seed = 42;
function random(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
/** Ranks as frequent as words are in text: Zipf's law with exponent 1. */
const zipf = (count: number): number => Math.min(count - 1, Math.floor(count ** random()) - 1);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const words = Array.from({ length: 8000 }, (_, rank) => `w${rank.toString(36)}`);
const memories = Array.from({ length: ROWS }, (_, n): Memory => {
  const branch = `branch-${zipf(40)}`;
  const content = Array.from({ length: 20 + Math.floor(random() * 80) }, () => words[zipf(words.length)]).join(" ");
  return {
    id: `m${n}`,
    kind: KINDS[zipf(KINDS.length)] ?? "note",
    scope: random() < 0.8 ? "lineage" : "repo",
    eventType: `type-${zipf(30)}`,
    content,
    tags: Array.from({ length: zipf(5) }, () => `tag-${zipf(300)}`),
    metadata: {
      priority: Math.floor(random() * 5),
      file: `src/${zipf(200)}.ts`,
      ...(random() < 0.1 ? { place: { lat: 48 + random(), lon: 11 + random() } } : {}),
    },
    anchors: random() < 0.4 ? [{ path: `src/${zipf(200)}.ts` }] : [],
    timestamp: NOW - Math.floor(random() ** 2 * 700) * DAY,
    sessionId: `session-${Math.floor(n / 40)}`,
    workspaceId: "bench",
    provenance: {
      at: NOW,
      dirty: false,
      pending: false,
      branch,
      commit: (zipf(2000) + 1).toString(16).padStart(40, "0"),
    },
    mergedFrom: [],
    tokens: 60,
    parts: [],
    revision: 1,
    flags: [],
    signature: `b:${n}`,
  };
});
const documentOf = (memory: Memory): TextDocument => ({
  title: memory.title ?? "",
  body: memory.content,
  tags: memory.tags,
  anchors: memory.anchors.map(({ path }) => path),
  parts: [],
});

const projection = openProjection(await loadSql());
const text = createTextIndex();
for (let from = 0; from < ROWS; from += 1000) {
  const events = memories
    .slice(from, from + 1000)
    .map((memory, n) => ({ seq: from + n + 1, event: { type: "captured" as const, memory } }));
  for (const { row, memory } of projection.apply(events).added) text.add(row, documentOf(memory));
}
const view = { visibleCommits: new Set(projection.memoryCommits()) };
const visible = projection.visibleRows(view, NOW);
const deadline = () => new Deadline({ now: Date.now, monotonic: () => performance.now() }, 60_000);
const statistics = new PlanStatistics();
const store = {
  name: "workspace",
  projection,
  text,
  statistics,
  weights: MEASURED,
  view,
  vectors: () => undefined,
  documentOf,
} as const;
/** People leave out most of the commonest words. */
const queryOf = () =>
  Array.from(
    { length: 3 + Math.floor(random() * 5) },
    () => words[Math.min(words.length - 1, 20 + zipf(words.length))],
  ).join(" ");

/** A filter of one of the shapes that agents write. */
function filterOf(): JsonObject {
  const since = NOW - Math.floor(random() * 700) * DAY;
  const single: JsonObject[] = [
    { kind: pick(KINDS) },
    { kind: [pick(KINDS), pick(KINDS)] },
    { eventType: `type-${zipf(30)}` },
    { tags: `tag-${zipf(300)}` },
    { gitBranch: `branch-${zipf(40)}` },
    { startTime: since },
    { "metadata.priority": { $gte: Math.floor(random() * 5) } },
    { "metadata.file": `src/${zipf(200)}.ts` },
    { sessionId: `session-${Math.floor(random() * (ROWS / 40))}` },
    { tags: { $regex: `^tag-${zipf(30)}` } },
    { "metadata.place": { $near: { lat: 48.5, lon: 11.5, km: 1 + random() * 60 } } },
    { eventType: { $fuzzy: `type-${zipf(30)}` } },
  ];
  const shape = random();
  if (shape < 0.6) return pick(single);
  if (shape < 0.8) return { $and: [pick(single), pick(single)] };
  return shape < 0.95 ? { $or: [pick(single), pick(single)] } : { $not: pick(single) };
}
const filters = Array.from({ length: 200 }, filterOf);
const quantile = (values: number[], share: number) =>
  values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? 0;
function timed(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

// Plans a second, the estimates of both sides included, and the choice alone.
const conditions = filters.map((filter) => parseFilter(filter));
const queries = Array.from({ length: 200 }, queryOf);
const living = countRows(visible);
const planOnce = (n: number) =>
  planQuery({
    hasQuery: true,
    textEstimate: text.estimate(queries[n % 200] ?? ""),
    filterEstimate: projection.estimate(conditions[n % 200] ?? conditions[0] ?? { op: "and", of: [] }),
    visibleRows: living,
    livingRows: ROWS,
    limit: 11,
  });
for (let n = 0; n < 2000; n++) planOnce(n);
print("plans with estimates", 5000 / (timed(() => Array.from({ length: 5000 }, (_, n) => planOnce(n))) / 1000), "1/s");
const inputs = {
  hasQuery: true,
  textEstimate: 500,
  filterEstimate: { rows: 100, cost: 100 },
  visibleRows: ROWS,
  livingRows: ROWS,
};
const choices = timed(() => Array.from({ length: 100_000 }, (_, n) => planQuery({ ...inputs, limit: 1 + (n % 100) })));
print("plans, estimates given", 100_000 / (choices / 1000), "1/s");

// Estimates against truth.
const errors = new PlanStatistics();
for (const condition of conditions)
  errors.record(projection.estimate(condition).rows, countRows(projection.rowsWhere(condition)));
print("filter estimate error", errors.meanError, "mean |ln((estimated+1)/(actual+1))|", { filters: errors.count });
const textErrors = new PlanStatistics();
for (const query of queries) textErrors.record(text.estimate(query), text.search(query, { limit: ROWS }).hits.length);
print("text estimate error", textErrors.meanError, "mean |ln((estimated+1)/(actual+1))|", {
  queries: textErrors.count,
});

// Both ways of every filter under the same query, and how often the planner chose the quicker.
const runs = conditions.map((condition, n) => {
  const query = queries[n] ?? "";
  const first = () => {
    const rows = intersectRows(visible, projection.rowsWhere(condition));
    new Candidates({ text, projection, query, rows, selectivity: 1, wanted: 11, deadline: deadline() }).at(10);
  };
  const selectivity = projection.estimate(condition).rows / ROWS;
  const last = () =>
    void new Candidates({
      text,
      projection,
      query,
      rows: visible,
      check: condition,
      selectivity,
      wanted: 11,
      deadline: deadline(),
    }).at(10);
  const best = (run: () => void) => {
    const once = timed(run);
    return once > 20 ? once : Math.min(once, timed(run), timed(run));
  };
  return { first: best(first), last: best(last), selectivity, chosen: planOnce(n).filterBy };
});
for (const from of [0, 0.001, 0.01, 0.05, 0.2, 0.5]) {
  const to = { 0: 0.001, 0.001: 0.01, 0.01: 0.05, 0.05: 0.2, 0.2: 0.5, 0.5: 2 }[from] ?? 2;
  const inside = runs.filter(({ selectivity }) => selectivity >= from && selectivity < to);
  if (inside.length === 0) continue;
  const more = { selectivity: [from, Math.min(1, to)], filters: inside.length };
  print(
    "filter-first",
    quantile(
      inside.map(({ first }) => first),
      0.5,
    ),
    "ms median",
    more,
  );
  print(
    "index-first",
    quantile(
      inside.map(({ last }) => last),
      0.5,
    ),
    "ms median",
    more,
  );
}
const sum = (of: (run: (typeof runs)[number]) => number) => runs.reduce((total, run) => total + of(run), 0);
print(
  "time by the plan",
  sum(({ first, last, chosen }) => (chosen === "set" ? first : last)),
  "ms, all filters",
);
print(
  "time by the better of both",
  sum(({ first, last }) => Math.min(first, last)),
  "ms, all filters",
);
print(
  "time always filter-first",
  sum(({ first }) => first),
  "ms, all filters",
);
print(
  "time always index-first",
  sum(({ last }) => last),
  "ms, all filters",
);

// A whole search of one page, reasons included.
const ask = (query: string, given?: JsonObject) =>
  searchStores([store], {
    query,
    limit: 10,
    workspaceId: "bench",
    now: NOW,
    signals: defaultSettings.signals,
    deadline: deadline(),
    ...(given === undefined ? {} : { filters: given }),
  });
for (const query of queries) ask(query);
const fresh = Array.from({ length: 1000 }, queryOf);
const times = fresh.map((query) => timed(() => void ask(query)));
print("search page of 10", quantile(times, 0.5), "ms p50");
print("search page of 10", quantile(times, 0.95), "ms p95");
const engineOnly = fresh.map((query) => timed(() => void text.search(query, { limit: 10, rows: visible })));
print("text index alone", quantile(engineOnly, 0.95), "ms p95");
const filtered = fresh.map((query, n) => timed(() => void ask(query, filters[n % 200])));
print("search page of 10, filtered", quantile(filtered, 0.5), "ms p50");
print("search page of 10, filtered", quantile(filtered, 0.95), "ms p95");
print("plan estimate error of searches", statistics.meanError, "mean |ln((estimated+1)/(actual+1))|", {
  plans: statistics.count,
});
