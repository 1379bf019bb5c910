import { BackgroundVectors } from "./backgroundVectors.ts";
import type { DirectVectors, SavedVectors } from "./modelVectors.ts";
import type { EmbedderPort, ProjectionDelta, VectorIndex } from "./seams.ts";

export type ModelVectors = DirectVectors | BackgroundVectors;

/** An index that answers, and what embeds the questions to it. */
export interface ServingVectors {
  readonly index: VectorIndex;
  readonly embedder: EmbedderPort;
}

/** How far a store is with its vectors, for a person. */
export interface VectorsState {
  /** Id of the model whose vectors answer; absent while words alone decide. */
  readonly serving?: string;
  readonly vectors: number;
  /** Memories that the chosen model has yet to embed. */
  readonly waiting: number;
  /** Vectors of the model before answer until those of the chosen one are there. */
  readonly changing: boolean;
  readonly problem?: string;
}

/**
 * The vectors of one store: those of the model that was chosen, and until they are all there those of the model before. Either are asked with
 * questions of their own model, and never compared with one another.
 */
export class StoreVectors {
  readonly #chosen: ModelVectors;
  #earlier: ModelVectors | undefined;

  constructor(chosen: ModelVectors, earlier: ModelVectors | undefined) {
    this.#chosen = chosen;
    this.#earlier = earlier;
  }

  /** Undefined while no vectors are whole; they are being made from now on. */
  serving(): ServingVectors | undefined {
    const index = this.#chosen.open();
    if (index !== undefined) {
      this.#earlier?.close();
      this.#earlier = undefined;
      return { index, embedder: this.#chosen.embedder };
    }
    const earlier = this.#earlier;
    const before = earlier?.open();
    return earlier === undefined || before === undefined ? undefined : { index: before, embedder: earlier.embedder };
  }

  /** Lets another thread begin at once with what it has to do. */
  beginInBackground(): void {
    if (this.chosenBackground !== undefined) this.serving();
  }

  /** Those of the chosen model, where it embeds in the background. */
  get chosenBackground(): BackgroundVectors | undefined {
    return this.#chosen instanceof BackgroundVectors ? this.#chosen : undefined;
  }

  /** The vectors of the model that answers, where it does so from another thread. */
  background(): BackgroundVectors | undefined {
    this.serving();
    const vectors = this.#earlier ?? this.#chosen;
    return vectors instanceof BackgroundVectors ? vectors : undefined;
  }

  /** Whether a model in another thread answers, or is to. */
  get usesThread(): boolean {
    return this.#chosen instanceof BackgroundVectors || this.#earlier instanceof BackgroundVectors;
  }

  /** Whether vectors were made in the background that no cache holds. */
  get hasUnkept(): boolean {
    return this.chosenBackground?.hasUnkept === true;
  }

  state(): VectorsState {
    const serving = this.serving();
    const { waiting, problem } = this.#chosen;
    return {
      ...(serving === undefined ? {} : { serving: serving.index.model }),
      vectors: serving?.index.stats().vectors ?? 0,
      waiting,
      changing: this.#earlier !== undefined,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  follow(delta: ProjectionDelta): void {
    this.#chosen.follow(delta);
    this.#earlier?.follow(delta);
  }

  takeInDuringSync(): void {
    this.#chosen.takeInDuringSync();
    this.#earlier?.takeInDuringSync();
  }

  /** For a cache: what answers first. */
  save(): readonly SavedVectors[] {
    if (this.#earlier !== undefined) this.beginInBackground();
    return [this.#earlier?.save(), this.#chosen.save()].filter((saved) => saved !== undefined);
  }

  /** The projection is another one. Vectors of the model before are not made anew. */
  drop(): void {
    this.#chosen.drop();
    this.#earlier?.close();
    this.#earlier = undefined;
  }

  close(): void {
    this.#chosen.close();
    this.#earlier?.close();
  }
}
