import type { DirectEmbedder } from "../seams.ts";

/** Where nothing is compared by meaning: vectors without a dimension. */
export const noEmbedder: DirectEmbedder = {
  runs: "here",
  model: () => ({ id: "none", dimensions: 0 }),
  embed: (texts) => texts.map(() => new Float32Array(0)),
};
