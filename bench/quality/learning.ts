// Whether what is learned from outcomes helps questions that nobody gave an outcome for, and stays put where outcomes say nothing: a
// simulated person asks every even question and tells the outcome, and the odd questions are measured before and after.
// usage: node bench/quality/learning.ts [--data ../shared/data/eval]      needs dist/ (npm run build)
import { parseArgs } from "node:util";
import { type Settings, settingsSchema } from "../../src/contract/settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { printFigure } from "../figure.ts";
import { benchFolder, openBenchEngine } from "../openStore.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Dataset, type Question, readDatasets } from "./datasets.ts";
import { fillStore, keyOf, seeded } from "./measuring.ts";

const { values } = parseArgs({ options: { data: { type: "string", default: "../shared/data/eval" } } });
const DEPTH = 20;

type Shown = Awaited<ReturnType<Engine["retrieve"]>>["memories"][number];
type Chooses = (shown: readonly Shown[], question: Question, random: () => number) => readonly Shown[];

/** Who calls helpful what answers the question, anything, or what comes last. */
const PEOPLE: Readonly<Record<string, Chooses>> = {
  "who knows": (shown, { gold }) => shown.filter((one) => gold.has(keyOf(one))),
  "who guesses": (shown, _question, random) => shown.slice(Math.floor(random() * shown.length)).slice(0, 1),
  "who wants the last": (shown) => shown.slice(-1),
};
/** How many of what answers a question are decisions where most are, and how many of the rest. */
const DECISIONS = { answers: 0.7, rest: 0.2 } as const;

const settingsOf = (given: Partial<Settings>): Settings => settingsSchema.parse({ learning: true, ...given });
const withoutUse = settingsOf({ signals: { ...settingsOf({}).signals, use: false } });

for (const dataset of readDatasets(values.data).flatMap((one) => [one, withDecisions(one)])) {
  for (const [name, choose] of Object.entries(PEOPLE)) {
    const gained: number[] = [];
    const byWeights: number[] = [];
    let applied = 0;
    for (const collection of dataset.collections) {
      const [even = [], odd = []] = [0, 1].map((rest) =>
        collection.questions.filter((_, number) => number % 2 === rest),
      );
      const store = { folder: benchFolder(), now: collection.askedAt };
      await fillStore(store.folder, collection, settingsOf({}));
      const before = await measure(store, odd, settingsOf({}));
      await tellOutcomes(store, even, choose);
      const after = await measure(store, odd, settingsOf({}));
      const alone = await measure(store, odd, withoutUse);
      gained.push(...after.map((value, at) => value - (before[at] ?? 0)));
      byWeights.push(...alone.map((value, at) => value - (before[at] ?? 0)));
      if (alone.some((value, at) => value !== before[at])) applied++;
      store.folder.remove();
    }
    printFigure("learning", `${dataset.name}, outcomes of one ${name}: MRR gained on held-out questions`, {
      byWeightsAlone: said(byWeights),
      withUse: said(gained),
      weightsIn: `${applied} of ${dataset.collections.length} stores`,
      questions: gained.length,
    });
  }
}

interface Store {
  readonly folder: ReturnType<typeof benchFolder>;
  readonly now: number | undefined;
}

function said(gains: readonly number[]): string {
  const { mean, low, high } = bootstrap(gains);
  return `${(100 * mean).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

/** The same memories in a store in which most of what answers a question is a decision, and little else is. */
function withDecisions(dataset: Dataset): Dataset {
  const random = seeded(11);
  const collections = dataset.collections.map((collection) => {
    const answers = new Set(collection.questions.flatMap(({ gold }) => [...gold]));
    const lines = collection.lines.map((text) => {
      const line = JSON.parse(text) as { readonly metadata: { readonly key: string } };
      const share = answers.has(line.metadata.key) ? DECISIONS.answers : DECISIONS.rest;
      return JSON.stringify({ ...line, eventType: random() < share ? "decision" : "note" });
    });
    return { ...collection, lines };
  });
  return { ...dataset, name: `${dataset.name} answered by decisions`, collections };
}

async function tellOutcomes({ folder, now }: Store, questions: readonly Question[], choose: Chooses): Promise<void> {
  const engine = await openBenchEngine(folder, { settings: settingsOf({}), now });
  const random = seeded(questions.length + 1);
  for (const question of questions) {
    const { memories } = await engine.retrieve({ query: question.query, limit: DEPTH }, {});
    const ids = choose(memories, question, random).map(({ id }) => id);
    if (ids.length > 0) await engine.feedback({ ids, outcome: "helpful" }, {});
  }
  await engine.close();
}

/** Reciprocal rank of the first answer of each question. */
async function measure(
  { folder, now }: Store,
  questions: readonly Question[],
  settings: Settings,
): Promise<readonly number[]> {
  const engine = await openBenchEngine(folder, { settings, now });
  // What was learned counts from the search after it on.
  await engine.retrieve({ query: "anything", limit: 1 }, {});
  await engine.learned();
  const ranks: number[] = [];
  for (const { query, gold } of questions) {
    const { memories } = await engine.retrieve({ query, limit: DEPTH }, {});
    const at = memories.findIndex((memory) => gold.has(keyOf(memory)));
    ranks.push(at === -1 ? 0 : 1 / (at + 1));
  }
  await engine.close();
  return ranks;
}
