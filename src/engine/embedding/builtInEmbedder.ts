import type { DirectEmbedder, Embedder } from "../seams.ts";
import { loadStaticModel } from "./staticModel.ts";

/** The built-in model; `readModel` reads its file when a text is first embedded. */
export function createBuiltInEmbedder(readModel: () => Uint8Array): DirectEmbedder {
  let loaded: Embedder | undefined;
  const model = (): Embedder => (loaded ??= loadStaticModel(readModel()));
  return {
    runs: "here",
    model,
    embed: (texts) => texts.map((text) => model().embed(text)),
  };
}
