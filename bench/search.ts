// The read path through engine.retrieve, a distinct query a call, and MiniSearch on the same texts and queries.
// usage: node bench/search.ts [memories…], 10000 and 100000 unless told
import { execFileSync } from "node:child_process";
import MiniSearch from "minisearch";
import type { RetrieveInput } from "../src/contract/tools.ts";
import type { Engine } from "../src/engine/engine.ts";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

/** Until the hot code is compiled: before that a query costs three times as much. */
const WARM = 1_500;
const QUERIES = 1_500;
const filtersOf = (memories: number): Readonly<Record<string, NonNullable<RetrieveInput["filters"]>>> => ({
  "kind, a quarter": { kind: "decision" },
  "tag, 2 %": { tags: "area7" },
  "metadata, 0.1 %": { "metadata.path": "src/part77.ts" },
  "timestamp, the oldest tenth": { timestamp: { $lt: new Date(1.7e12 + memories * 100).toISOString() } },
});

const sizes = process.argv.slice(2).map(Number);
for (const memories of sizes.length > 0 ? sizes : [10_000, 100_000]) await measure(memories);

async function measure(memories: number): Promise<void> {
  const texts = realTexts(memories);
  const queries = realQueries(texts, WARM + QUERIES);
  const folder = benchFolder();
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
    execFileSync("git", ["-C", folder.workspace, ...identity, ...args]);
  };
  const engine = await openBenchEngine(folder);
  // Every second memory is learned on a branch that main does not inherit.
  await engine.importLines(linesOf(texts, 0), { dedupe: "merge" }, {});
  git("switch", "-qc", "other");
  git("commit", "-qm", "second", "--allow-empty");
  await engine.importLines(linesOf(texts, 1), { dedupe: "merge" }, {});

  const all = await timed(engine, queries, {});
  const wanted = memories >= 100_000 ? "p95 at most 3" : "p95 at most 0.5";
  printFigure("search", "retrieve (ms)", { memories, ...all, wanted });
  // Both after the same queries were asked once, in turns: what was read before is as warm for the one as for the other.
  const ratios: { readonly p50: number; readonly p95: number }[] = [];
  for (let round = 0; round < 3; round++) {
    git("switch", "-q", "main");
    const half = await timed(engine, queries, {});
    if (round === 0) printFigure("search", "retrieve, half hidden by the branch (ms)", { memories, ...half });
    git("switch", "-q", "other");
    const again = await timed(engine, queries, {});
    ratios.push({ p50: half.p50 / again.p50, p95: half.p95 / again.p95 });
  }
  printFigure("search", "half hidden / all", {
    ...{ memories, p50: summary(ratios.map(({ p50 }) => p50)).p50, p95: summary(ratios.map(({ p95 }) => p95)).p50 },
    wanted: "at most 1.3",
  });
  for (const [name, filters] of Object.entries(filtersOf(memories))) {
    const input = { filters };
    const some = queries.slice(0, WARM + 300);
    printFigure("search", `retrieve, filter by ${name} (ms)`, { memories, ...(await timed(engine, some, input)) });
    const none = some.map(() => "");
    printFigure("search", `list, filter by ${name} (ms)`, { memories, ...(await timed(engine, none, input)) });
  }
  const newest = queries.map(() => "");
  printFigure("search", "list the newest (ms)", { memories, ...(await timed(engine, newest, {})) });
  await engine.close();
  folder.remove();

  const mini = new MiniSearch<{ id: number; content: string }>({ fields: ["content"], storeFields: ["content"] });
  mini.addAll(texts.map((content, id) => ({ id, content })));
  const took: number[] = [];
  for (const [index, query] of queries.slice(0, WARM).entries()) {
    const started = performance.now();
    mini.search(query).slice(0, 10);
    if (index >= WARM / 10) took.push(performance.now() - started);
  }
  printFigure("search", "MiniSearch (ms)", { memories, ...summary(took) });
}

/** Searches one after the other; the first ones are not counted. CPU is that of the whole process, in milliseconds a query. */
async function timed(
  engine: Engine,
  queries: readonly string[],
  input: Omit<RetrieveInput, "query">,
): Promise<ReturnType<typeof summary> & { readonly cpu: number }> {
  for (const query of queries.slice(0, WARM)) await engine.retrieve({ query, ...input }, {});
  const counted = queries.slice(WARM);
  const took: number[] = [];
  const before = process.cpuUsage();
  for (const query of counted) {
    const started = performance.now();
    await engine.retrieve({ query, ...input }, {});
    took.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  return { ...summary(took), cpu: (user + system) / 1000 / counted.length };
}

/** Every second text, from `first` on, with what the filters ask for. */
async function* linesOf(texts: readonly string[], first: number): AsyncGenerator<string> {
  let index = -1;
  for await (const line of importLinesOf(texts)) {
    if (++index % 2 !== first) continue;
    yield JSON.stringify({
      ...(JSON.parse(line) as object),
      scope: "lineage",
      kind: ["fact", "decision", "note", "event"][(index >> 1) % 4],
      tags: [`area${index % 50}`],
      metadata: { path: `src/part${index % 1000}.ts` },
    });
  }
}
