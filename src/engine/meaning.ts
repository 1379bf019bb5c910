import type { Memory } from "../contract/memory.ts";
import { loadStaticModel } from "./embedding/staticModel.ts";
import type { IndexKind } from "./followingIndex.ts";
import { kernelMaker } from "./indexing/simdKernel.ts";
import { createVectorIndex, loadVectorIndex, type VectorIndexOptions } from "./indexing/vectorIndex.ts";
import type { Embedder, VectorIndex } from "./seams.ts";

/** Files that the host reads when a search first needs them. */
export interface MeaningFiles {
  /** The built-in model. */
  readonly model: () => Uint8Array;
  /** vectorScan.wasm; undefined where it is missing: then vectors are made and compared in JavaScript. */
  readonly vectorScan: () => Uint8Array | undefined;
}

interface Loaded {
  readonly embedder: Embedder;
  readonly options: VectorIndexOptions;
}

/** What texts mean, for all stores of an engine: the model, loaded when it is first needed, and the index that its vectors are kept in. */
export class Meaning {
  readonly kind: IndexKind<VectorIndex>;
  readonly #files: MeaningFiles;
  #loaded: Loaded | undefined;

  constructor(files: MeaningFiles) {
    this.#files = files;
    this.kind = {
      name: "vector index",
      create: () => createVectorIndex(this.#load().options),
      load: (bytes) => loadVectorIndex(bytes, this.#load().options),
      add: (index, row, memory) =>
        index.add(
          row,
          passagesOf(memory).map((passage) => this.embed(passage)),
        ),
      remove: (index, row) => index.remove(row),
    };
  }

  /** Unit length; zeros for white space. EMBEDDING_FAILED. */
  embed(text: string): Float32Array {
    return this.#load().embedder.embed(text);
  }

  #load(): Loaded {
    if (this.#loaded === undefined) {
      const wasm = this.#files.vectorScan();
      const embedder = loadStaticModel(this.#files.model(), wasm);
      const makeKernel = kernelMaker(wasm);
      this.#loaded = { embedder, options: { model: embedder.id, dimensions: embedder.dimensions, makeKernel } };
    }
    return this.#loaded;
  }
}

/** A passage is embedded with what it stands under: the title of its memory and its headings. */
function passagesOf({ title = "", content, parts }: Memory): readonly string[] {
  const under = content.startsWith(title) ? "" : `${title}\n`;
  if (parts.length === 0) return [under + content];
  return parts.map(({ start, end, headings }) => `${under}${headings.join("\n")}\n${content.slice(start, end)}`);
}
