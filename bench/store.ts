/** The projection: bulk and single inserts, reads, filters, plans, visible sets, images, memory. Run: node bench/store.ts [rows] */
import type { JournalEvent, RecordedEvent } from "../src/contract/events.ts";
import type { Condition } from "../src/contract/filter.ts";
import { countRows } from "../src/contract/rowSet.ts";
import type { LineageView, Projection } from "../src/engine/seams.ts";
import { openProjection } from "../src/engine/store/openProjection.ts";
import { loadSql } from "../src/engine/store/sqlEngine.ts";

const ROWS = Number(process.argv[2] ?? 100_000);
const COMMITS = ROWS / 20;

const report = (figure: string, value: number, unit: string): void => {
  process.stdout.write(
    `${JSON.stringify({ bench: "store", rows: ROWS, figure, value: Number(value.toPrecision(3)), unit })}\n`,
  );
};

/** Median over `runs` of the milliseconds that a call takes. */
function median(runs: number, run: (at: number) => unknown): number {
  const times = Array.from({ length: runs }, (_, at) => {
    const start = performance.now();
    run(at);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[runs >> 1] ?? 0;
}

const hash = (at: number): number => Math.imul(at + 1, 2654435761) >>> 0;

/** Ids as random as nanoid's, content of the length of a commit message, two tags, three metadata entries. */
function event(at: number, rich: boolean): RecordedEvent {
  const captured: JournalEvent = {
    type: "captured",
    memory: {
      id: `${hash(at).toString(36)}-${at}`,
      kind: at % 3 === 0 ? "event" : "fact",
      scope: "lineage",
      eventType: `type${at % 30}`,
      content: `Memory ${at}: ${"words that somebody wrote down ".repeat(rich ? 12 : 5)}`,
      tags: rich ? [`tag${at % 100}`, `tag${hash(at) % 1000}`] : [],
      metadata: rich ? { issue: at % 5000, author: `person ${at % 40}`, files: [`src/${at % 700}.ts`] } : {},
      anchors: [],
      timestamp: 1_700_000_000_000 + at * 1000,
      workspaceId: "bench",
      provenance: { at, branch: "main", commit: `commit${hash(at) % COMMITS}`, dirty: false, pending: false },
      mergedFrom: [],
      tokens: 60,
      parts: [],
      revision: 1,
      flags: [],
      signature: `m1:${"A".repeat(54)}`,
    },
  };
  return { seq: at + 1, event: captured };
}

const rss = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
};

function fill(
  projection: Projection,
  rows: number,
  rich: boolean,
  batch = 5000,
): { readonly seconds: number; readonly cpuSeconds: number } {
  let seconds = 0;
  let cpu = 0;
  for (let from = 0; from < rows; from += batch) {
    const events = Array.from({ length: Math.min(batch, rows - from) }, (_, at) => event(from + at, rich));
    const [start, used] = [performance.now(), process.cpuUsage()];
    projection.apply(events);
    seconds += (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(used);
    cpu += (user + system) / 1e6;
  }
  return { seconds, cpuSeconds: cpu };
}

const before = rss();
const sql = await loadSql();
const small = openProjection(sql);
fill(small, 10_000, true, 200);
report("RSS of 10,000 memories above the empty process", rss() - before, "MB");
small.close();

const simple = openProjection(sql);
const { seconds, cpuSeconds } = fill(simple, ROWS, false);
report("simple captured events in bulk", ROWS / seconds, "events/s");
report("simple captured events in bulk, by CPU time", ROWS / cpuSeconds, "events/s");
simple.close();

const projection = openProjection(sql);
report("captured events with tags and metadata in bulk", ROWS / fill(projection, ROWS, true).seconds, "events/s");
report("one captured event", median(500, (at) => projection.apply([event(ROWS + at, true)])) * 1000, "us");
report("read one memory, not cached", median(3000, (at) => projection.memory(1 + (hash(at) % ROWS))) * 1000, "us");
report("row of an id", median(3000, (at) => projection.rowOf(`${hash(at).toString(36)}-${at}`)) * 1000, "us");

const half = new Set(projection.memoryCommits().filter((_, at) => at % 2 === 0));
const viewOf = (at: number): LineageView => ({ head: `head${at}`, branch: "main", visibleCommits: half });
report(
  "visible rows of a new view",
  median(50, (at) => projection.visibleRows(viewOf(at), at)),
  "ms",
);
const view = viewOf(0);
const rows = projection.visibleRows(view, 0);
report("visible rows, kept", median(1000, () => projection.visibleRows(view, 0)) * 1000, "us");
report("visible rows", countRows(rows), "rows");
report(
  "newest 10",
  median(50, () => projection.newest(rows, 10)),
  "ms",
);

const conditions: Readonly<Record<string, Condition>> = {
  "tag, 0.1 %": { op: "eq", ref: { field: "tags" }, value: "tag777" },
  "kind, 33 %": { op: "eq", ref: { field: "kind" }, value: "event" },
  "metadata number, 0.02 %": { op: "eq", ref: { field: "metadata", path: ["issue"] }, value: 42 },
  "metadata pattern": { op: "regex", ref: { field: "metadata", path: ["author"] }, pattern: "3$" },
  "event type pattern": { op: "regex", ref: { field: "eventType" }, pattern: "^type1.$" },
  "last tenth and tag": {
    op: "and",
    of: [
      { op: "gt", ref: { field: "timestamp" }, value: 1_700_000_000_000 + ROWS * 900 },
      { op: "eq", ref: { field: "tags" }, value: "tag7" },
    ],
  },
};
for (const [name, condition] of Object.entries(conditions)) {
  report(
    `rows where: ${name}`,
    median(5, () => projection.rowsWhere(condition)),
    "ms",
  );
}
const plan = (at: number): Condition => ({
  op: "and",
  of: [
    { op: "eq", ref: { field: "tags" }, value: `tag${at % 1000}` },
    { op: "lt", ref: { field: "metadata", path: ["issue"] }, value: at },
    { op: "regex", ref: { field: "eventType" }, pattern: `^type${at % 500}` },
  ],
});
projection.estimate(plan(0));
report(
  "estimates of distinct conditions of three parts",
  1000 / median(1000, (at) => projection.estimate(plan(at))),
  "plans/s",
);

let image = new Uint8Array();
report(
  "image",
  median(3, () => (image = projection.image(0) as Uint8Array<ArrayBuffer>)),
  "ms",
);
report("size of the image", image.length / 1e6, "MB");
report(
  "open an image",
  median(3, () => openProjection(sql, image).close()),
  "ms",
);
report(
  "signatures of all rows",
  median(3, () => [...projection.signatures()].length),
  "ms",
);
