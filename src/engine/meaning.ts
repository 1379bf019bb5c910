import type { ComputeApi } from "../contract/compute.ts";
import type { Settings } from "../contract/settings.ts";
import type { CodeMeaning } from "./code/codeIndex.ts";
import { BackgroundVectors } from "./backgroundVectors.ts";
import { createBuiltInEmbedder } from "./embedding/builtInEmbedder.ts";
import { folderOfModel } from "./embedding/modelPlace.ts";
import { noEmbedder } from "./embedding/noEmbedder.ts";
import { nameInId, TransformersEmbedder } from "./embedding/transformersEmbedder.ts";
import type { IndexKind } from "./followingIndex.ts";
import { readVectorFile } from "./indexing/vectorFile.ts";
import { createVectorIndex, loadVectorIndex, type VectorIndexOptions } from "./indexing/vectorIndex.ts";
import { kernelMaker } from "./indexing/simdKernel.ts";
import { DirectVectors, passagesOf, type SavedVectors } from "./modelVectors.ts";
import type { Clock, Logger } from "./ports.ts";
import { QuestionVectors } from "./questionVectors.ts";
import type { SearchVectors } from "./retrieve/storePlan.ts";
import type {
  DirectEmbedder,
  EmbedderPort,
  EmbeddingModel,
  Projection,
  ThreadedEmbedder,
  VectorIndex,
} from "./seams.ts";
import { type ModelVectors, StoreVectors } from "./storeVectors.ts";

/** Files that the host reads when a search first needs them. */
export interface MeaningFiles {
  /** The built-in model. */
  readonly model: () => Uint8Array;
  /** vectorScan.wasm; undefined where it is missing: then vectors are made and compared in JavaScript. */
  readonly vectorScan: () => Uint8Array | undefined;
}

export interface MeaningParts {
  readonly files: MeaningFiles;
  readonly compute: ComputeApi;
  readonly settings: Pick<Settings, "embedding" | "embeddingModel">;
  readonly dataFolder: string;
  /** Whether this process has time for what is to be done in the background. */
  readonly longLived: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Vectors of one store, as it opens them. */
export interface VectorsToOpen {
  readonly saved: readonly SavedVectors[];
  readonly projection: () => Projection;
  /** Enough was embedded in the background to be worth keeping. */
  readonly onProgress: () => void;
}

/** A process that soon ends and has not even so long asks no model. */
const SHORTEST_MS = 250;

/** What texts mean, for all stores of an engine: its models, and how a question is asked of vectors. */
export class Meaning {
  readonly #parts: MeaningParts;
  readonly #builtIn: DirectEmbedder;
  /** By name, as settings name them. */
  readonly #transformers = new Map<string, TransformersEmbedder>();
  readonly #questions = new QuestionVectors();
  readonly #kind: IndexKind<VectorIndex>;
  #makeKernel: VectorIndexOptions["makeKernel"] | undefined;

  constructor(parts: MeaningParts) {
    this.#parts = parts;
    this.#builtIn = createBuiltInEmbedder(parts.files);
    this.#kind = {
      name: "vector index",
      create: () => this.#createIndex(this.#builtIn.model()),
      load: (bytes) => loadVectorIndex(bytes, this.#optionsOf(this.#builtIn.model())),
      add: (index, row, memory) => index.add(row, this.#builtIn.embed(passagesOf(memory), "passage")),
      remove: (index, row) => index.remove(row),
    };
  }

  /** The vectors of a store; undefined where nothing is compared by meaning. INVALID_INPUT for a model that cannot be. */
  vectorsOf({ saved, projection, onProgress }: VectorsToOpen): StoreVectors | undefined {
    const embedder = this.#chosen();
    if (embedder === noEmbedder) return undefined;
    const own = saved.find(({ model }) => this.#madeBy(model) === embedder);
    // What answered last is the first of what was saved.
    const before = saved.find((one) => one !== own && one.whole);
    const earlier = own?.whole === true || before === undefined ? undefined : before;
    const open = (from: SavedVectors | undefined, by: EmbedderPort, leaving: boolean): ModelVectors =>
      by.runs === "here"
        ? new DirectVectors({ embedder: by, kind: this.#kind, projection, logger: this.#parts.logger }, from)
        : this.#background(by, { projection, onProgress, leaving }, from);
    return new StoreVectors(
      open(own, embedder, false),
      earlier === undefined ? undefined : open(earlier, this.#madeBy(earlier.model), true),
    );
  }

  /** Gets a question ready to be asked of stores whose models answer from another thread; resolves after so many milliseconds at the latest. */
  async prepare(question: string, stores: readonly (StoreVectors | undefined)[], mostMs: number): Promise<void> {
    // A listing needs no vectors, so that they may be opened late; and no model is loaded in less time than that.
    if (question.trim() === "" || (mostMs < SHORTEST_MS && !this.#parts.longLived)) return;
    const elsewhere = stores.filter((vectors) => vectors?.usesThread === true) as readonly StoreVectors[];
    if (elsewhere.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, mostMs)));
    await Promise.race([late, Promise.all(elsewhere.map((vectors) => this.#questions.prepare(question, vectors)))]);
    clearTimeout(timer);
  }

  /** Vectors with a question in the same model; undefined where meaning has to be left out. */
  search(question: string, vectors: StoreVectors | undefined): SearchVectors | undefined {
    const serving = vectors?.serving();
    if (serving === undefined) return undefined;
    const { index, embedder } = serving;
    const query =
      embedder.runs === "here" ? embedder.embed([question], "query")[0] : this.#questions.vectorOf(question, index);
    return query === undefined ? undefined : { index, query };
  }

  /** Why a question was not asked of a store's vectors, for a person; undefined where nothing is compared by meaning. */
  whyNot(vectors: StoreVectors | undefined): string | undefined {
    if (vectors === undefined) return undefined;
    const { problem = this.problem, serving, waiting } = vectors.state();
    if (problem !== undefined) return problem;
    return serving === undefined ? `${waiting} memories are still to be embedded` : "the model is still being loaded";
  }

  /** For what has to be judged at once: undefined where texts are embedded elsewhere or not at all. */
  get embedsHere(): ((text: string) => Float32Array) | undefined {
    const embedder = this.#chosen();
    if (embedder !== this.#builtIn) return undefined;
    return (text) => this.#builtIn.embed([text], "passage")[0] ?? new Float32Array();
  }

  /** What code is compared by; undefined where texts are embedded elsewhere or not at all. */
  get forCode(): CodeMeaning | undefined {
    if (this.#chosen() !== this.#builtIn) return undefined;
    return {
      createIndex: () => this.#createIndex(this.#builtIn.model()),
      loadIndex: (bytes) => loadVectorIndex(bytes, this.#optionsOf(this.#builtIn.model())),
      model: () => this.#builtIn.model().id,
      embed: (texts, purpose) => this.#builtIn.embed(texts, purpose),
    };
  }

  /** Why questions have no vectors. */
  get problem(): string | undefined {
    return this.#questions.problem;
  }

  #chosen(): EmbedderPort {
    const { embedding, embeddingModel } = this.#parts.settings;
    if (embedding === "none") return noEmbedder;
    return embedding === "built-in" ? this.#builtIn : this.#transformersNamed(embeddingModel);
  }

  /** What made the vectors of a model. */
  #madeBy(id: string): EmbedderPort {
    const name = nameInId(id);
    return name === undefined ? this.#builtIn : this.#transformersNamed(name);
  }

  #transformersNamed(name: string): TransformersEmbedder {
    const { dataFolder, compute, clock } = this.#parts;
    let embedder = this.#transformers.get(name);
    if (embedder === undefined) {
      const place = { name, folder: folderOfModel(dataFolder, name) };
      embedder = new TransformersEmbedder(place, compute, () => clock.monotonic());
      this.#transformers.set(name, embedder);
    }
    return embedder;
  }

  #background(
    embedder: ThreadedEmbedder,
    given: Omit<VectorsToOpen, "saved"> & { readonly leaving: boolean },
    saved: SavedVectors | undefined,
  ): BackgroundVectors {
    return new BackgroundVectors(
      {
        ...given,
        embedder,
        longLived: this.#parts.longLived,
        createIndex: (model) => this.#createIndex(model),
        loadIndex: (bytes) => loadVectorIndex(bytes, this.#optionsOf(modelOf(readVectorFile(bytes)))),
        logger: this.#parts.logger,
      },
      saved,
    );
  }

  #createIndex(model: EmbeddingModel): VectorIndex {
    return createVectorIndex(this.#optionsOf(model));
  }

  #optionsOf({ id, dimensions }: EmbeddingModel): VectorIndexOptions {
    this.#makeKernel ??= kernelMaker(this.#parts.files.vectorScan());
    return { model: id, dimensions, makeKernel: this.#makeKernel };
  }
}

const modelOf = ({ model, dimensions }: { readonly model: string; readonly dimensions: number }): EmbeddingModel => ({
  id: model,
  dimensions,
});
