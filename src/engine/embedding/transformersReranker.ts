import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { ComputeApi } from "../../contract/compute.ts";
import { isHubId } from "../../contract/models.ts";
import type { RerankerPort } from "../seams.ts";
import { type ModelPlace, notThere } from "./modelPlace.ts";

/** A cross-encoder of transformers.js in the compute thread. */
export class TransformersReranker implements RerankerPort {
  readonly name: string;
  readonly #place: ModelPlace;
  readonly #compute: ComputeApi;

  constructor(place: ModelPlace, compute: ComputeApi) {
    this.name = isHubId(place.name) ? place.name : basename(place.folder);
    this.#place = place;
    this.#compute = compute;
  }

  get missing(): string | undefined {
    return existsSync(this.#place.folder) ? undefined : notThere(this.#place, "reranker").message;
  }

  async rerank(query: string, passages: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
    const { folder } = this.#place;
    return [...(await this.#compute.rerank({ folder, query, passages, signal }))];
  }
}
