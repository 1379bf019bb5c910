// Whether what is learned from outcomes helps questions that nobody gave an outcome for, and stays put where outcomes say nothing: a
// simulated person asks every even question, calls what answers it helpful, and the odd questions are measured before and after.
// usage: node bench/quality/learning.ts [--data ../shared/data/eval]      needs dist/ (npm run build)
import { parseArgs } from "node:util";
import { type Settings, settingsSchema } from "../../src/contract/settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { printFigure } from "../figure.ts";
import { benchFolder, openBenchEngine } from "../openStore.ts";
import { bootstrap } from "./bootstrap.ts";
import { type Dataset, type Question, readDatasets } from "./datasets.ts";
import { asFigure, fillStore, keyOf, seeded } from "./measuring.ts";

const { values } = parseArgs({ options: { data: { type: "string", default: "../shared/data/eval" } } });
const DEPTH = 20;

/** Who gives outcomes: to what answers the question, to anything, or to what comes last. */
const PEOPLE = {
  "who knows": (shown, { gold }) => shown.filter((one) => gold.has(keyOf(one))),
  "who guesses": (shown, _question, random) => shown.slice(Math.floor(random() * shown.length)).slice(0, 1),
  "who wants the last": (shown) => shown.slice(-1),
} as const satisfies Record<
  string,
  (shown: readonly Shown[], question: Question, random: () => number) => readonly Shown[]
>;
type Shown = Awaited<ReturnType<Engine["retrieve"]>>["memories"][number];

const settingsOf = (given: Partial<Settings>): Settings => settingsSchema.parse({ learning: true, ...given });

for (const dataset of readDatasets(values.data).flatMap(withMixedSessions)) {
  for (const [name, choose] of Object.entries(PEOPLE)) {
    const gained: number[] = [];
    const learnedGain: number[] = [];
    let applied = 0;
    for (const collection of dataset.collections) {
      const folder = benchFolder();
      await fillStore(folder, collection, settingsOf({}));
      const held = collection.questions.filter((_, number) => number % 2 === 1);
      const before = await measure(folder, held, settingsOf({}));
      const engine = await openBenchEngine(folder, { settings: settingsOf({}) });
      const random = seeded(held.length);
      for (const question of collection.questions.filter((_, number) => number % 2 === 0)) {
        const { memories } = await engine.retrieve({ query: question.query, limit: DEPTH }, {});
        const ids = choose(memories, question, random).map(({ id }) => id);
        if (ids.length > 0) await engine.feedback({ ids, outcome: "helpful" }, {});
      }
      await engine.close();
      const after = await measure(folder, held, settingsOf({}));
      const alone = await measure(folder, held, settingsOf({ signals: { ...settingsOf({}).signals, use: false } }));
      gained.push(...after.ranks.map((value, at) => value - (before.ranks[at] ?? 0)));
      learnedGain.push(...alone.ranks.map((value, at) => value - (before.ranks[at] ?? 0)));
      if (alone.ranks.some((value, at) => value !== before.ranks[at])) applied++;
      folder.remove();
    }
    printFigure("learning", `${dataset.name}, outcomes of one ${name}: MRR gained on held-out questions`, {
      ...asFigure(bootstrap(gained)),
      ofWeightsAlone: asFigure(bootstrap(learnedGain)).percent ?? "",
      weightsIn: `${applied} of ${dataset.collections.length} stores`,
      questions: gained.length,
    });
  }
}

/** Beside conversations the same with their turns in sessions by chance: there what stands around a memory says nothing of it. */
function withMixedSessions(dataset: Dataset): readonly Dataset[] {
  const random = seeded(11);
  const collections = dataset.collections.map(({ lines, questions }) => {
    const turns = lines.map((line) => JSON.parse(line) as { readonly sessionId?: string });
    const sessions = turns.map(({ sessionId }) => ({ sessionId, at: random() })).sort((a, b) => a.at - b.at);
    const mixed = turns.map((turn, at) => JSON.stringify({ ...turn, sessionId: sessions[at]?.sessionId }));
    return { lines: mixed, questions };
  });
  const hasSessions = dataset.collections.some(({ lines }) => lines[0]?.includes("sessionId") === true);
  return hasSessions ? [dataset, { ...dataset, name: `${dataset.name} in mixed sessions`, collections }] : [dataset];
}

/** Reciprocal rank of the first answer of each question. */
async function measure(
  folder: ReturnType<typeof benchFolder>,
  questions: readonly Question[],
  settings: Settings,
): Promise<{ readonly ranks: readonly number[] }> {
  const engine = await openBenchEngine(folder, { settings });
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
  return { ranks };
}
