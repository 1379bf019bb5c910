// Search by words and by meaning through engine.retrieve, the embedding of the query included; and MiniSearch and Orama on the same texts, vectors and
// queries, in turns. What others do is in the process and in memory only; ours filters by visibility, explains, and reads memories from the store.
// usage: node bench/hybrid.ts [--others 10000] [memories…]   10000 and 100000 unless told; needs dist/ (npm run build)
import { parseArgs } from "node:util";
import { create, insertMultiple, search as searchOrama } from "@orama/orama";
import MiniSearch from "minisearch";
import { defaultSettings } from "../src/contract/settings.ts";
import type { Engine } from "../src/engine/engine.ts";
import { loadStaticModel } from "../src/engine/embedding/staticModel.ts";
import { meaningFiles } from "../src/serve/openNodeEngine.ts";
import { realQueries, realTexts } from "./corpus.ts";
import { printFigure, summary } from "./figure.ts";
import { benchFolder, importLinesOf, openBenchEngine } from "./openStore.ts";

const WARM = 500;
const QUERIES = 750;
/** The others are asked one query in five. */
const OFTEN = 250;
const LIMIT = 10;
type Search = (query: string) => unknown;

const { values, positionals } = parseArgs({
  options: { others: { type: "string", default: "10000" } },
  allowPositionals: true,
});
for (const memories of positionals.length > 0 ? positionals.map(Number) : [10_000, 100_000]) await measure(memories);

async function measure(memories: number): Promise<void> {
  const texts = realTexts(memories);
  const queries = realQueries(texts, WARM + QUERIES);
  const [words, meaning] = [await filled(texts, "none"), await filled(texts, "built-in")];
  await vectorsOf(meaning.engine);
  const searches = new Map<string, Search>([
    ["heirloom, words", (query) => words.engine.retrieve({ query, limit: LIMIT }, {})],
    ["heirloom, words and meaning", (query) => meaning.engine.retrieve({ query, limit: LIMIT }, {})],
    ...(memories <= Number(values.others) ? await others(texts) : []),
  ]);
  const took = new Map([...searches.keys()].map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]));
  // In turns of fifty queries, so that what else the machine does meets all alike, and each runs as hot as it would alone.
  for (let from = 0; from < queries.length; from += 50)
    for (const [name, search] of searches) {
      if (!name.startsWith("heirloom") && from % OFTEN !== 0) continue;
      const before = process.cpuUsage();
      const some = queries.slice(from, from + 50);
      for (const query of some) {
        const started = performance.now();
        await search(query);
        if (from >= WARM) took.get(name)?.wall.push(performance.now() - started);
      }
      const { user, system } = process.cpuUsage(before);
      if (from >= WARM) took.get(name)?.cpu.push((user + system) / 1000 / some.length);
    }
  for (const [name, { wall, cpu }] of took) {
    const wanted = name === "heirloom, words and meaning" ? (memories >= 100_000 ? 5 : 1) : undefined;
    printFigure("hybrid", `${name} (ms)`, {
      ...{ memories, ...summary(wall), cpu: summary(cpu).p50 },
      ...(wanted === undefined ? {} : { wanted: `p95 at most ${wanted}` }),
    });
  }
  for (const { engine, folder } of [words, meaning]) {
    await engine.close();
    folder.remove();
  }
}

async function filled(
  texts: readonly string[],
  embedding: "none" | "built-in",
): Promise<{ readonly engine: Engine; readonly folder: ReturnType<typeof benchFolder> }> {
  const folder = benchFolder();
  const engine = await openBenchEngine(folder, { settings: { ...defaultSettings, embedding, queryTimeoutMs: 60_000 } });
  const [started, before] = [performance.now(), process.cpuUsage()];
  await engine.importLines(importLinesOf(texts), { dedupe: "merge" }, {});
  const { user, system } = process.cpuUsage(before);
  printFigure("hybrid", `import, memories a second, embedding ${embedding}`, {
    ...{ memories: texts.length, value: texts.length / ((performance.now() - started) / 1000) },
    ofProcessorTime: texts.length / ((user + system) / 1e6),
  });
  return { engine, folder };
}

/** A large store makes its vectors in the background once somebody searches. */
async function vectorsOf(engine: Engine): Promise<void> {
  const before = process.cpuUsage();
  for (;;) {
    const { plan } = await engine.retrieve({ query: "vectors", explain: true }, {});
    if (plan?.steps.some(({ step }) => step.includes("vector search")) === true) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { user, system } = process.cpuUsage(before);
  printFigure("hybrid", "vectors of a store made in the background (ms of processor time)", {
    value: (user + system) / 1000,
  });
}

async function others(texts: readonly string[]): Promise<readonly [string, Search][]> {
  const model = loadStaticModel(meaningFiles.model(), meaningFiles.vectorScan());
  const mini = new MiniSearch<{ id: number; content: string }>({ fields: ["content"], storeFields: ["content"] });
  mini.addAll(texts.map((content, id) => ({ id, content })));
  const orama = create({ schema: { content: "string", vector: `vector[${model.dimensions}]` } as const });
  await insertMultiple(
    orama,
    texts.map((content) => ({ content, vector: [...model.embed(content)] })),
  );
  return [
    ["MiniSearch, words", (query) => mini.search(query).slice(0, LIMIT)],
    ["Orama, words", (term) => searchOrama(orama, { term, limit: LIMIT })],
    [
      "Orama, words and meaning",
      (term) => {
        const vector = { value: [...model.embed(term)], property: "vector" };
        return searchOrama(orama, { mode: "hybrid", term, vector, limit: LIMIT, similarity: 0 });
      },
    ],
  ];
}
