import type { ComputeApi } from "../contract/compute.ts";
import { loadCrossEncoder } from "../engine/embedding/crossEncoder.ts";
import { loadTransformersModel } from "../engine/embedding/transformersModel.ts";

/** While a store changes its model, questions are still asked of the one before. */
const MOST_EMBEDDING = 2;
const MOST_RERANKING = 1;

/** What the compute thread does. `runtimeFolder` holds the WebAssembly that runs the models. */
export function createComputeApi(runtimeFolder: string): ComputeApi {
  const embedding = new LoadedModels((folder) => loadTransformersModel(folder, runtimeFolder), MOST_EMBEDDING);
  const reranking = new LoadedModels((folder) => loadCrossEncoder(folder, runtimeFolder), MOST_RERANKING);
  return {
    load: async (folder) => {
      const { digest, dimensions } = await embedding.in(folder);
      return { digest, dimensions };
    },
    embed: async ({ folder, texts, purpose, signal }) => (await embedding.in(folder)).embed(texts, purpose, signal),
    rerank: async ({ folder, query, passages, signal }) => (await reranking.in(folder)).rerank(query, passages, signal),
  };
}

/** Models of one kind that are in memory. */
class LoadedModels<Model extends { dispose(): Promise<void> }> {
  readonly #load: (folder: string) => Promise<Model>;
  readonly #most: number;
  /** By folder; the one that was used last is last. */
  readonly #loaded = new Map<string, Promise<Model>>();

  constructor(load: (folder: string) => Promise<Model>, most: number) {
    this.#load = load;
    this.#most = most;
  }

  /** Those that were not used for longest go when there are too many. */
  async in(folder: string): Promise<Model> {
    const loaded = this.#loaded;
    const known = loaded.get(folder);
    const coming = known ?? this.#load(folder);
    loaded.delete(folder);
    loaded.set(folder, coming);
    if (known === undefined) coming.catch(() => loaded.get(folder) === coming && loaded.delete(folder));
    const model = await coming;
    for (const [oldest, other] of [...loaded].slice(0, -this.#most)) {
      loaded.delete(oldest);
      await (await other.catch(() => undefined))?.dispose();
    }
    return model;
  }
}
