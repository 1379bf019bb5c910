import { type ModelFolder, readModelFolder, unusable } from "./modelFolder.ts";
import { explained, openTextModel, type TextModel } from "./openTextModel.ts";
import { batchesOf, type Tokens } from "./tokenBatches.ts";

/** A cross-encoder that is loaded: it reads a question and a passage together (Nogueira and Cho, "Passage re-ranking with BERT", 2019). */
export interface CrossEncoder {
  /** How well each passage answers, 0..1, in the order of the passages. Throws the signal's reason. EMBEDDING_FAILED. */
  rerank(query: string, passages: readonly string[], signal?: AbortSignal): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** `runtimeFolder` holds ort-wasm-simd-threaded.mjs and .wasm. Nothing is read from anywhere else than these two folders. EMBEDDING_FAILED. */
export async function loadCrossEncoder(folder: string, runtimeFolder: string): Promise<CrossEncoder> {
  const place = await readModelFolder(folder);
  return explained(folder, async () => {
    const encoder = new PairModel(place, await openTextModel(place, runtimeFolder, "scores"));
    // Only what a model gives tells whether it is one that gives a score.
    await encoder.rerank("a", ["a"]);
    return encoder;
  });
}

class PairModel implements CrossEncoder {
  readonly #place: ModelFolder;
  readonly #model: TextModel;

  constructor(place: ModelFolder, model: TextModel) {
    this.#place = place;
    this.#model = model;
  }

  async rerank(query: string, passages: readonly string[], signal?: AbortSignal): Promise<Float32Array> {
    const shares = new Float32Array(passages.length);
    const read = passages.map((passage, at) => this.#model.pair(at, query, passage));
    for (const batch of batchesOf(read)) {
      signal?.throwIfAborted();
      const scores = await explained(this.#place.folder, () => this.#run(batch));
      for (const [index, { at }] of batch.entries()) shares[at] = logistic(scores[index] ?? NaN);
      // Whoever asked may have gone, and a text that is to be embedded need not wait for all of them.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!shares.every(Number.isFinite)) throw unusable(this.#place.folder, "its scores hold what is no number");
    return shares;
  }

  dispose(): Promise<void> {
    return this.#model.dispose();
  }

  #run(batch: readonly Tokens[]): Promise<readonly number[]> {
    return this.#model.run(batch, ({ logits }) => {
      if (logits === undefined || logits.dims.join() !== `${batch.length},1`)
        throw unusable(this.#place.folder, "it gives no single score for a pair of texts, so that it is no reranker");
      return batch.map((_, index) => Number(logits.data[index]));
    });
  }
}

/** What such models are trained with: their score is the logarithm of the odds. */
const logistic = (score: number): number => 1 / (1 + Math.exp(-score));
