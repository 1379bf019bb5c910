import type { ComputeApi } from "../contract/compute.ts";
import { loadTransformersModel, type TransformersModel } from "../engine/embedding/transformersModel.ts";

/** While a store changes its model, questions are still asked of the one before. */
const MOST_LOADED = 2;

/** What the compute thread does. `runtimeFolder` holds the WebAssembly that runs the models. */
export function createComputeApi(runtimeFolder: string): ComputeApi {
  /** By folder; the one that was used last is last. */
  const loaded = new Map<string, Promise<TransformersModel>>();
  const modelIn = (folder: string): Promise<TransformersModel> => {
    const known = loaded.get(folder);
    const model = known ?? loadTransformersModel(folder, runtimeFolder);
    loaded.delete(folder);
    loaded.set(folder, model);
    if (known === undefined) model.catch(() => loaded.get(folder) === model && loaded.delete(folder));
    return model;
  };
  const dropOldest = async (): Promise<void> => {
    for (const [folder, model] of [...loaded].slice(0, -MOST_LOADED)) {
      loaded.delete(folder);
      await (await model.catch(() => undefined))?.dispose();
    }
  };
  return {
    load: async (folder) => {
      const { digest, dimensions } = await modelIn(folder);
      await dropOldest();
      return { digest, dimensions };
    },
    embed: async ({ folder, texts, purpose, signal }) => {
      const model = await modelIn(folder);
      await dropOldest();
      return model.embed(texts, purpose, signal);
    },
  };
}
