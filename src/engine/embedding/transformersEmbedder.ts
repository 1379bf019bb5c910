import { existsSync } from "node:fs";
import type { ComputeApi, EmbeddingPurpose, LoadedModel } from "../../contract/compute.ts";
import { HeirloomError } from "../../contract/errors.ts";
import { isHubId } from "../../contract/models.ts";
import type { EmbeddingModel, ThreadedEmbedder } from "../seams.ts";

/** After a failure the thread is let alone for so long, in milliseconds, twice as long after each further one. */
const REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

export interface TransformersPlace {
  /** As the setting names it: it is the first part of the model's id. */
  readonly name: string;
  /** Absolute path of its folder. */
  readonly folder: string;
}

/**
 * A model of transformers.js in the compute thread. Its id is its name and the digest of its files, `NAME@DIGEST`, so that vectors of a model
 * that was replaced in its folder are not taken for its own.
 */
export class TransformersEmbedder implements ThreadedEmbedder {
  readonly runs = "elsewhere";
  readonly #place: TransformersPlace;
  readonly #compute: ComputeApi;
  readonly #now: () => number;
  #failure: { readonly error: unknown; readonly until: number; readonly restMs: number } | undefined;

  /** `now`: milliseconds that never go back. */
  constructor(place: TransformersPlace, compute: ComputeApi, now: () => number) {
    this.#place = place;
    this.#compute = compute;
    this.#now = now;
  }

  async model(): Promise<EmbeddingModel> {
    if (!existsSync(this.#place.folder)) throw missing(this.#place);
    return this.#modelOf(await this.#ask(() => this.#compute.load(this.#place.folder)));
  }

  async embed(
    texts: readonly string[],
    purpose: EmbeddingPurpose,
    signal?: AbortSignal,
  ): Promise<readonly Float32Array[]> {
    const { dimensions } = await this.model();
    const call = { folder: this.#place.folder, texts, purpose, signal };
    const vectors = await this.#ask(() => this.#compute.embed(call), signal);
    return texts.map((_, at) => vectors.subarray(at * dimensions, (at + 1) * dimensions));
  }

  #modelOf({ digest, dimensions }: LoadedModel): EmbeddingModel {
    return { id: `${this.#place.name}@${digest}`, dimensions };
  }

  /** What fails at once fails again at once: who asks meanwhile is told the same. */
  async #ask<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const failure = this.#failure;
    if (failure !== undefined && this.#now() < failure.until) throw failure.error;
    try {
      const answer = await call();
      this.#failure = undefined;
      return answer;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const restMs = Math.min(LONGEST_REST_MS, failure === undefined ? REST_MS : 2 * failure.restMs);
      const told = this.#told(error);
      this.#failure = { error: told, until: this.#now() + restMs, restMs };
      throw told;
    }
  }

  #told(error: unknown): HeirloomError {
    if (error instanceof HeirloomError && error.code === "EMBEDDING_FAILED") return error;
    const why = error instanceof Error ? error.message : String(error);
    return new HeirloomError("EMBEDDING_FAILED", `${this.#place.name} could not embed: ${why}`, undefined, {
      cause: error,
    });
  }
}

/** Said without starting a thread for it. */
function missing({ name, folder }: TransformersPlace): HeirloomError {
  const advice = isHubId(name)
    ? `${name} was not downloaded: \`heirloom model download ${name}\` fetches it, and so does "Heirloom: Download a Model…" in VS Code.`
    : `There is no folder ${folder}: set embeddingModel to one that holds a model, or to the id of one that was downloaded.`;
  return new HeirloomError("EMBEDDING_FAILED", advice, { folder });
}

/** The name of the model whose id it is; undefined for what is no id of a model of transformers.js. */
export function nameInId(id: string): string | undefined {
  const end = id.lastIndexOf("@");
  return end > 0 ? id.slice(0, end) : undefined;
}
