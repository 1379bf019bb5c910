import { existsSync } from "node:fs";
import type { ComputeApi, EmbeddingPurpose, LoadedModel } from "../../contract/compute.ts";
import { HeirloomError } from "../../contract/errors.ts";
import type { EmbeddingModel, ThreadedEmbedder } from "../seams.ts";
import { type ModelPlace, notThere } from "./modelPlace.ts";
import { Rest } from "./rest.ts";

/**
 * A model of transformers.js in the compute thread. Its id is its name and the digest of its files, `NAME@DIGEST`, so that vectors of a model
 * that was replaced in its folder are not taken for its own.
 */
export class TransformersEmbedder implements ThreadedEmbedder {
  readonly runs = "elsewhere";
  readonly #place: ModelPlace;
  readonly #compute: ComputeApi;
  readonly #rest: Rest;

  /** `now`: milliseconds that never go back. */
  constructor(place: ModelPlace, compute: ComputeApi, now: () => number) {
    this.#place = place;
    this.#compute = compute;
    this.#rest = new Rest(now);
  }

  async model(): Promise<EmbeddingModel> {
    if (!existsSync(this.#place.folder)) throw notThere(this.#place, "embeddingModel");
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

  async #ask<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const { resting } = this.#rest;
    if (resting !== undefined) throw resting.error;
    try {
      const answer = await call();
      this.#rest.succeeded();
      return answer;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const told = this.#told(error);
      this.#rest.failed(told);
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

/** The name of the model whose id it is; undefined for what is no id of a model of transformers.js. */
export function nameInId(id: string): string | undefined {
  const end = id.lastIndexOf("@");
  return end > 0 ? id.slice(0, end) : undefined;
}
