import type { DirectEmbedder, Embedder } from "../seams.ts";
import { loadStaticModel } from "./staticModel.ts";

/** The built-in model; its file and the kernel that adds its rows up are read when a text is first embedded. */
export function createBuiltInEmbedder(files: {
  readonly model: () => Uint8Array;
  readonly vectorScan: () => Uint8Array | undefined;
}): DirectEmbedder {
  let loaded: Embedder | undefined;
  const model = (): Embedder => (loaded ??= loadStaticModel(files.model(), files.vectorScan()));
  return {
    runs: "here",
    model,
    embed: (texts) => texts.map((text) => model().embed(text)),
  };
}
