import { HeirloomError } from "../contract/errors.ts";
import { type IntentName, INTENTS } from "../contract/intent.ts";
import type { RankingExample } from "../contract/ranking.ts";
import type { FeedbackInput, FeedbackResult } from "../contract/tools.ts";
import type { Clock, Logger } from "./ports.ts";
import { Quiet } from "./quiet.ts";
import { FEWEST_EXAMPLES, type Learned, learnWeights } from "./retrieve/learnWeights.ts";
import { MEASURED, type Weights } from "./retrieve/weights.ts";
import type { Recalled } from "./seams.ts";
import type { StoreAccess } from "./storeAccess.ts";

/** Searches whose outcome may still be told. */
const MOST_SEARCHES = 64;
/** Results of a search that are learned from. */
const MOST_SHOWN = 20;
/** Between two steps of learning, of a few milliseconds each, it is waited so long at most for nobody to ask anything. */
const PAUSE_MS = 5;
/** Learning begins again when so many searches more have an outcome. */
const EVERY = 10;

export interface LearningParts {
  readonly enabled: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a store's searches taught. */
interface Taught {
  /** As many as there were when learning last began. */
  readonly from: number;
  readonly learned: Learned | undefined;
  /** Of questions that want the same: where they are shown to want other weights than all. */
  readonly byIntent: ReadonlyMap<IntentName, Learned>;
}

interface ShownPage {
  readonly intent: IntentName;
  readonly results: readonly Recalled[];
}

/** Takes in what became of memories that were shown, and learns from it how much each signal counts in a store. Nothing of it leaves the store. */
export class Learning {
  readonly #parts: LearningParts;
  /** What was shown lately, newest first. */
  #searches: readonly ShownPage[] = [];
  readonly #taught = new Map<string, Taught>();
  readonly #running = new Set<Promise<void>>();
  readonly #quiet = new Quiet();

  constructor(parts: LearningParts) {
    this.#parts = parts;
  }

  /** A page that answered a question; listings teach nothing. */
  shown({ intent, results }: ShownPage): void {
    if (!this.#parts.enabled || results.length < 2) return;
    this.#searches = [{ intent, results: results.slice(0, MOST_SHOWN) }, ...this.#searches.slice(0, MOST_SEARCHES - 1)];
  }

  /** Of the store as it is now, for questions of one intent; what is still being learned counts from the next search on. */
  weightsOf({ store }: StoreAccess, intent: IntentName): Weights {
    if (!this.#parts.enabled) return MEASURED;
    this.#quiet.asked();
    const examples = store.projection.examples();
    const taught = this.#taught.get(store.folder);
    if (examples.length === 0 || (taught !== undefined && examples.length < taught.from)) {
      // What was learned was given up, here or by another process.
      this.#taught.delete(store.folder);
      return MEASURED;
    }
    const due = taught === undefined ? FEWEST_EXAMPLES : taught.from + EVERY;
    if (examples.length >= due) this.#learn(store.folder, examples);
    return (taught?.byIntent.get(intent) ?? taught?.learned)?.weights ?? MEASURED;
  }

  /** INVALID_INPUT, NOT_FOUND with the ids that are unknown: then nothing is taken in. */
  async feedback(stores: readonly StoreAccess[], input: FeedbackInput): Promise<FeedbackResult> {
    const at = this.#parts.clock.now();
    if (input.reset === true) {
      if (input.outcome !== undefined || input.id !== undefined || input.ids !== undefined)
        throw new HeirloomError("INVALID_INPUT", "Give reset alone: it gives up what was learned of ranking.");
      for (const access of stores) await access.note([{ type: "rankingReset", at }]);
      return { recorded: 0, reset: true };
    }
    const { outcome } = input;
    const ids = [...new Set([...(input.id === undefined ? [] : [input.id]), ...(input.ids ?? [])])];
    if (outcome === undefined || ids.length === 0)
      throw new HeirloomError("INVALID_INPUT", "Give id or ids and an outcome: used, helpful, wrong or stale.");
    const holders = await this.#holders(stores, ids);
    const example = outcome === "helpful" || outcome === "used" ? this.#exampleFor(new Set(ids)) : undefined;
    for (const [access, held] of holders)
      await access.note([{ type: "feedback", ids: held, outcome, at, ...(example === undefined ? {} : { example }) }]);
    return { recorded: ids.length };
  }

  async settled(): Promise<void> {
    this.#quiet.end();
    await Promise.all(this.#running);
  }

  async #holders(
    stores: readonly StoreAccess[],
    ids: readonly string[],
  ): Promise<ReadonlyMap<StoreAccess, readonly string[]>> {
    const holders = new Map<StoreAccess, string[]>();
    const unknown = new Set(ids);
    for (const access of stores) {
      await access.store.sync();
      const held = [...unknown].filter((id) => access.store.projection.rowOf(id) !== undefined);
      for (const id of held) unknown.delete(id);
      if (held.length > 0) holders.set(access, held);
    }
    if (unknown.size > 0)
      throw new HeirloomError("NOT_FOUND", `There is no memory with the id ${[...unknown].join(", ")}.`, {
        ids: [...unknown],
      });
    return holders;
  }

  /** The newest search that showed one of them, with what was helpful; it is not learned from twice. */
  #exampleFor(ids: ReadonlySet<string>): RankingExample | undefined {
    const search = this.#searches.find(({ results }) => results.some(({ memory }) => ids.has(memory.id)));
    if (search === undefined) return undefined;
    this.#searches = this.#searches.filter((other) => other !== search);
    return {
      intent: search.intent,
      shown: search.results.flatMap(({ memory, ranking }) =>
        ranking === undefined ? [] : [{ ...ranking, helpful: ids.has(memory.id) }],
      ),
    };
  }

  #learn(folder: string, examples: readonly RankingExample[]): void {
    const before = this.#taught.get(folder);
    const from = examples.length;
    this.#taught.set(folder, { from, learned: before?.learned, byIntent: before?.byIntent ?? new Map() });
    const task = learnAll(examples, () => this.#quiet.come(PAUSE_MS))
      .then((learned) => {
        // What was learned before and no longer shows that it helps is given up as well.
        if (this.#taught.has(folder)) this.#taught.set(folder, { from, ...learned });
        this.#parts.logger.log("info", "ranking was learned from outcomes", {
          searches: from,
          applied: learned.learned !== undefined,
          intents: [...learned.byIntent.keys()],
        });
      })
      .catch((error: unknown) => this.#parts.logger.log("warn", "ranking could not be learned", { error }))
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }
}

/** First from all searches, then from those of each intent what they teach beyond that. */
async function learnAll(
  examples: readonly RankingExample[],
  pause: () => Promise<void>,
): Promise<Omit<Taught, "from">> {
  await pause();
  const learned = await learnWeights(examples, pause);
  const byIntent = new Map<IntentName, Learned>();
  for (const intent of INTENTS) {
    const own = examples.filter((example) => example.intent === intent);
    const more = await learnWeights(own, pause, learned?.weights);
    if (more !== undefined) byIntent.set(intent, more);
  }
  return { learned, byIntent };
}
