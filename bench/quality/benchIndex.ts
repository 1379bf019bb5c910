import { CodeIndex } from "../../src/engine/code/codeIndex.ts";
import { createBuiltInEmbedder } from "../../src/engine/embedding/builtInEmbedder.ts";
import { kernelMaker } from "../../src/engine/indexing/simdKernel.ts";
import { createTextIndex } from "../../src/engine/indexing/textIndex.ts";
import { createVectorIndex, loadVectorIndex } from "../../src/engine/indexing/vectorIndex.ts";
import { meaningFiles } from "../../src/serve/openNodeEngine.ts";

const embedder = createBuiltInEmbedder(meaningFiles);
const makeKernel = kernelMaker(meaningFiles.vectorScan());
const { id: model, dimensions } = embedder.model();

/** An empty index of code by words and by the built-in model, as the engine makes it. */
export function createBenchIndex(): CodeIndex {
  return new CodeIndex({
    createTextIndex: () => createTextIndex(),
    meaning: {
      model: () => model,
      createIndex: () => createVectorIndex({ model, dimensions, makeKernel }),
      loadIndex: (bytes) => loadVectorIndex(bytes, { model, dimensions, makeKernel }),
      embed: (texts, purpose) => embedder.embed(texts, purpose),
    },
  });
}
