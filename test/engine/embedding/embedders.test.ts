import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createBuiltInEmbedder } from "../../../src/engine/embedding/builtInEmbedder.ts";
import { noEmbedder } from "../../../src/engine/embedding/noEmbedder.ts";
import { TransformersEmbedder } from "../../../src/engine/embedding/transformersEmbedder.ts";
import { CountingEmbedder } from "../../support/countingEmbedder.ts";
import { computePool } from "../../support/computePool.ts";
import { temporaryFolder } from "../../support/repository.ts";
import { PONDS, writeTinyModel } from "../../support/tinyModel.ts";
import { embedderContract } from "./embedderContract.ts";

const nothing = (): void => undefined;

embedderContract("the built-in model", () => ({
  embedder: createBuiltInEmbedder({
    model: () => readFileSync(join(import.meta.dirname, "../../../media/model/static.bin")),
    vectorScan: () => undefined,
  }),
  close: nothing,
}));

embedderContract("a model of transformers.js", () => {
  const { folder, remove } = temporaryFolder("embedder");
  writeTinyModel(folder, PONDS);
  const pool = computePool();
  return {
    embedder: new TransformersEmbedder({ name: "tiny", folder }, pool, () => performance.now()),
    close: async () => {
      await pool.close();
      remove();
    },
  };
});

embedderContract("none", () => ({ embedder: noEmbedder, close: nothing }));

embedderContract("the one for tests", () => ({
  embedder: new CountingEmbedder("counting", ["ducks", "header", "lake"]),
  close: nothing,
}));
