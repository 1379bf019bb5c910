import type { EmbeddingPurpose, LoadedModel } from "../../contract/compute.ts";
import { type ModelFolder, readModelFolder, unusable } from "./modelFolder.ts";
import { explained, openTextModel, type TextModel } from "./openTextModel.ts";
import { batchesOf, type Tokens } from "./tokenBatches.ts";

/** A model of transformers.js that is loaded. */
export interface TransformersModel extends LoadedModel {
  /** One unit vector a text, one after the other; zeros for white space. Throws the signal's reason. EMBEDDING_FAILED. */
  embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** `runtimeFolder` holds ort-wasm-simd-threaded.mjs and .wasm. Nothing is read from anywhere else than these two folders. EMBEDDING_FAILED. */
export async function loadTransformersModel(folder: string, runtimeFolder: string): Promise<TransformersModel> {
  const place = await readModelFolder(folder);
  return explained(folder, async () =>
    EmbeddingTextModel.measured(place, await openTextModel(place, runtimeFolder, "vectors")),
  );
}

class EmbeddingTextModel implements TransformersModel {
  readonly digest: string;
  readonly dimensions: number;
  readonly #place: ModelFolder;
  readonly #model: TextModel;

  private constructor(place: ModelFolder, model: TextModel, dimensions: number) {
    this.digest = place.digest;
    this.dimensions = dimensions;
    this.#place = place;
    this.#model = model;
  }

  /** Only what a model gives tells how many dimensions it has. */
  static async measured(place: ModelFolder, model: TextModel): Promise<EmbeddingTextModel> {
    const probe = new EmbeddingTextModel(place, model, 0);
    const { dimensions } = await probe.#run([model.tokens(0, "a")]);
    return new EmbeddingTextModel(place, model, dimensions);
  }

  async embed(texts: readonly string[], purpose: EmbeddingPurpose, signal?: AbortSignal): Promise<Float32Array> {
    const vectors = new Float32Array(texts.length * this.dimensions);
    const prefix = this.#place.prefixes[purpose];
    const read = texts.flatMap((text, at) => (text.trim() === "" ? [] : [this.#model.tokens(at, prefix + text)]));
    for (const batch of batchesOf(read)) {
      signal?.throwIfAborted();
      const { pooled } = await explained(this.#place.folder, () => this.#run(batch));
      for (const [index, { at }] of batch.entries())
        vectors.set(
          unit(pooled.subarray(index * this.dimensions, (index + 1) * this.dimensions)),
          at * this.dimensions,
        );
      // A question that came meanwhile need not wait for all of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!vectors.every(Number.isFinite)) throw unusable(this.#place.folder, "its vectors hold what is no number");
    return vectors;
  }

  dispose(): Promise<void> {
    return this.#model.dispose();
  }

  /** One vector a text, not yet of unit length. */
  #run(batch: readonly Tokens[]): Promise<{ readonly pooled: Float32Array; readonly dimensions: number }> {
    return this.#model.run(batch, (outputs) => {
      const hidden = outputs["last_hidden_state"] ?? outputs["token_embeddings"] ?? outputs["logits"];
      if (hidden?.dims.length !== 3) throw unusable(this.#place.folder, "it gives no vector for each token");
      const [, longest = 0, dimensions = 0] = hidden.dims;
      const pooled = new Float32Array(batch.length * dimensions);
      for (const [row, { ids }] of batch.entries()) {
        const sums = pooled.subarray(row * dimensions, (row + 1) * dimensions);
        const counted = this.#place.pooling === "cls" ? 1 : ids.length;
        for (let token = 0; token < counted; token++) {
          const from = (row * longest + token) * dimensions;
          for (let at = 0; at < dimensions; at++) sums[at] = (sums[at] ?? 0) + Number(hidden.data[from + at]);
        }
      }
      return { pooled, dimensions };
    });
  }
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((component) => component / length);
}
