// How much of what answers a question is found, and what each signal adds to that: each is left out once.
// usage: node bench/quality/quality.ts [--data ../shared/data/eval] [--half odd] [--only SIGNAL,…] [--reranker FOLDER]      needs dist/ (npm run build)
// With --repositories FOLDER [--take NAME,NAME] it asks public repositories instead, bare git directories NAME/repo: see repositories.ts.
// Weights are chosen on questions of even number and reported on those of odd number, which is the default.
import { parseArgs } from "node:util";
import { defaultSettings, type Settings, settingsSchema } from "../../src/contract/settings.ts";
import { computeWorkerPath } from "../../src/serve/openNodeEngine.ts";
import { ComputePool } from "../../src/worker/computePool.ts";
import { benchFolder, openBenchEngine } from "../openStore.ts";
import { printFigure } from "../figure.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Dataset, readDatasets } from "./datasets.ts";
import { asFigure, fillStore, keyOf, vectorsOf } from "./measuring.ts";
import { readRepositories } from "./repositories.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/eval" },
    half: { type: "string", default: "odd" },
    only: { type: "string" },
    /** A model that reads the best results; takes its time for each question. */
    reranker: { type: "string", default: "" },
    repositories: { type: "string" },
    take: { type: "string" },
  },
});

/** What is asked of each question: shares of what answers it among the first results, and one by the first of them. */
const METRICS = ["R@5", "R@10", "MRR"] as const;
type Metric = (typeof METRICS)[number];
type Scores = Readonly<Record<Metric, readonly number[]>>;

const SIGNALS = (Object.keys(defaultSettings.signals) as (keyof Settings["signals"])[]).filter(
  (signal) => signal !== "reranker" || values.reranker !== "",
);
const variants = new Map<string, Settings>([
  ["all signals", settingsWith({})],
  ...SIGNALS.filter((signal) => values.only === undefined || values.only.split(",").includes(signal)).map(
    (signal) => [`without ${signal}`, settingsWith({ [signal]: false })] as const,
  ),
]);

const compute = new ComputePool(computeWorkerPath);
const datasets =
  values.repositories === undefined
    ? readDatasets(values.data)
    : readRepositories(values.repositories, values.take?.split(","));
for (const dataset of datasets) {
  const scores = await measure(dataset);
  const whole = scores.get("all signals");
  if (whole === undefined) continue;
  for (const metric of METRICS) {
    printFigure("quality", `${dataset.name}, ${metric}, all signals`, {
      ...asFigure(bootstrap(whole[metric])),
      questions: whole[metric].length,
      half: values.half,
    });
    for (const [name, without] of scores) {
      if (name === "all signals") continue;
      const gained = whole[metric].map((value, index) => value - (without[metric][index] ?? 0));
      if (gained.some((gain) => gain !== 0))
        printFigure("quality", `${dataset.name}, ${metric}, lost ${name}`, asFigure(bootstrap(gained)));
    }
  }
}
await compute.close();

function settingsWith(signals: Partial<Settings["signals"]>): Settings {
  return settingsSchema.parse({
    ...{ embedding: "built-in", signals, reranker: values.reranker },
    ...(values.reranker === "" ? {} : { queryTimeoutMs: 60_000 }),
  });
}

/** Each variant asks the same stores, which are filled once. */
async function measure({ collections, depth }: Dataset): Promise<ReadonlyMap<string, Scores>> {
  const found = new Map(
    [...variants.keys()].map((name) => [name, { "R@5": [] as number[], "R@10": [] as number[], MRR: [] as number[] }]),
  );
  for (const collection of collections) {
    const folder = benchFolder();
    await fillStore(folder, collection, { ...settingsWith({}), reranker: "" });
    for (const [name, settings] of variants) {
      const engine = await openBenchEngine(folder, { settings, compute, now: collection.askedAt });
      if (settings.signals.meaning) await vectorsOf(engine);
      for (const [number, { query, gold }] of collection.questions.entries()) {
        if (values.half !== "all" && (number % 2 === 1) !== (values.half === "odd")) continue;
        const { memories } = await engine.retrieve({ query, limit: depth }, {});
        const hits = memories.map((memory) => gold.has(keyOf(memory)));
        const scores = found.get(name);
        scores?.["R@5"].push(hits.slice(0, 5).filter(Boolean).length / gold.size);
        scores?.["R@10"].push(hits.slice(0, 10).filter(Boolean).length / gold.size);
        scores?.MRR.push(hits.includes(true) ? 1 / (hits.indexOf(true) + 1) : 0);
      }
      await engine.close();
    }
    folder.remove();
  }
  return found;
}
