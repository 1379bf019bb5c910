import type { ComputeApi } from "../contract/compute.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Settings } from "../contract/settings.ts";
import { folderOfModel } from "./embedding/modelPlace.ts";
import { Rest } from "./embedding/rest.ts";
import { TransformersReranker } from "./embedding/transformersReranker.ts";
import { passagesOf } from "./modelVectors.ts";
import type { ComponentHealth } from "./operations/createHealth.ts";
import type { Clock, Logger } from "./ports.ts";
import type { Deadline } from "./retrieve/deadline.ts";
import type { Ranked } from "./retrieve/rankStore.ts";
import type { Reading } from "./retrieve/rerank.ts";
import type { RerankerPort } from "./seams.ts";

export interface RerankingParts {
  readonly settings: Pick<Settings, "reranker" | "signals">;
  readonly dataFolder: string;
  readonly compute: ComputeApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of the time that a search may take, after how much it goes on without what was not read by then. */
const READING_SHARE = 0.9;

/** Undefined where no reranker is chosen, or its signal is switched off. INVALID_INPUT for one that cannot be. */
export function openReranking({ settings, dataFolder, compute, clock, logger }: RerankingParts): Reranking | undefined {
  const { reranker: name, signals } = settings;
  if (name === "" || !signals.reranker) return undefined;
  const place = { name, folder: folderOfModel(dataFolder, name) };
  return new Reranking(new TransformersReranker(place, compute), clock, logger);
}

/** Has the best results of a search read together with its question, as far as there is time; what fails or is late is left out, and said. */
export class Reranking {
  readonly #reranker: RerankerPort;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rest: Rest;
  #logged: string | undefined;

  constructor(reranker: RerankerPort, clock: Clock, logger: Logger) {
    this.#reranker = reranker;
    this.#clock = clock;
    this.#logger = logger;
    this.#rest = new Rest(() => clock.monotonic());
  }

  /** As people are told of it. */
  get model(): string {
    return this.#reranker.name;
  }

  /** `best` is asked for only where somebody will read it. Throws what it throws, and nothing else. */
  async read(
    query: string,
    best: () => readonly Ranked[],
    deadline: Deadline,
    caller: AbortSignal | undefined,
  ): Promise<Reading> {
    const { name: model, missing } = this.#reranker;
    if (missing !== undefined) return this.#leftOut(missing);
    const { resting } = this.#rest;
    if (resting !== undefined) return { model, why: messageOf(resting.error) };
    const entries = best();
    if (entries.length === 0) return { model, shares: new Map() };
    const started = this.#clock.monotonic();
    const patienceMs = deadline.leftMs(READING_SHARE);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(tooLate(model, patienceMs)), patienceMs);
    try {
      const signal = caller === undefined ? late.signal : AbortSignal.any([late.signal, caller]);
      const shares = await this.#reranker.rerank(query, entries.map(passageOf), signal);
      this.#rest.succeeded();
      this.#logged = undefined;
      // Thousandths are what a cursor keeps: all pages are ranked by the same.
      const told = entries.map(({ memory }, at) => [memory.id, Math.round(1000 * (shares[at] ?? 0)) / 1000] as const);
      return { model, shares: new Map(told), ms: this.#clock.monotonic() - started };
    } catch (error) {
      if (caller?.aborted === true) return { model, why: "the search was cancelled" };
      this.#rest.failed(error);
      return this.#leftOut(messageOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks nothing: a model is loaded for a question alone. */
  health(): ComponentHealth {
    const { name, missing } = this.#reranker;
    const { failure } = this.#rest;
    const problem = missing ?? (failure === undefined ? undefined : messageOf(failure.error));
    return problem === undefined
      ? { status: "healthy", message: `${name} reads the best results together with the question.` }
      : { status: "degraded", message: `Results are ranked without the reranker. ${problem}` };
  }

  /** Said once until it reads again, or does not for another reason. */
  #leftOut(why: string): Reading {
    const { name: model } = this.#reranker;
    const kind = why.replace(/\d+ ms/u, "");
    if (kind !== this.#logged) this.#logger.log("warn", "results are ranked without the reranker", { model, why });
    this.#logged = kind;
    return { model, why };
  }
}

/** The passage that the row is found by, under its headings. */
const passageOf = ({ memory, part = 0 }: Ranked): string => passagesOf(memory)[part] ?? memory.content;

const tooLate = (model: string, patienceMs: number): HeirloomError =>
  new HeirloomError(
    "QUERY_TIMEOUT",
    `${model} had not read the results after ${Math.round(patienceMs)} ms. It may still be loading; where this lasts, raise queryTimeoutMs.`,
  );

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
