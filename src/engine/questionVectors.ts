import { keepNewest } from "../contract/keepNewest.ts";
import type { StoreVectors } from "./storeVectors.ts";
import type { VectorIndex } from "./seams.ts";

/** So many questions are remembered: pages of one question ask again, and a user comes back. */
const MOST_QUESTIONS = 64;
/** So few memories without vectors are waited for. */
const FEW_WAITING = 64;

/** Questions as vectors of the models that answer from another thread. Whoever asks gets them ready, waits a little, and searches then. */
export class QuestionVectors {
  /** By model and question; the one that was used last is last. */
  readonly #known = new Map<string, Float32Array>();
  readonly #asked = new Map<string, Promise<void>>();
  #problem: string | undefined;

  /** Why the last question has no vector. */
  get problem(): string | undefined {
    return this.#problem;
  }

  vectorOf(question: string, { model }: VectorIndex): Float32Array | undefined {
    return this.#known.get(keyOf(model, question));
  }

  /** Resolves when the question can be asked of these vectors, or cannot be for a reason that is kept; never throws. */
  async prepare(question: string, vectors: StoreVectors): Promise<void> {
    const before = vectors.background();
    const chosen = vectors.chosenBackground;
    const work = chosen !== undefined && chosen.waiting <= FEW_WAITING ? chosen.settled() : undefined;
    // Where another model answers meanwhile nobody waits for the chosen one.
    if (before === chosen) await work;
    const answering = vectors.background();
    const serving = vectors.serving();
    if (serving === undefined || serving.embedder.runs === "here") return;
    const { index, embedder } = serving;
    const key = keyOf(index.model, question);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#keep(key, known);
      return;
    }
    const asking =
      this.#asked.get(key) ??
      (async () => {
        try {
          const model = await embedder.model();
          answering?.modelIs(model);
          const [vector] = model.id === index.model ? await embedder.embed([question], "query") : [];
          if (vector !== undefined) this.#keep(key, vector);
          this.#problem = undefined;
        } catch (error) {
          this.#problem = error instanceof Error ? error.message : String(error);
        } finally {
          this.#asked.delete(key);
        }
      })();
    this.#asked.set(key, asking);
    await asking;
  }

  #keep(key: string, vector: Float32Array): void {
    this.#known.delete(key);
    this.#known.set(key, vector);
    keepNewest(this.#known, MOST_QUESTIONS);
  }
}

const keyOf = (model: string, question: string): string => `${model}\n${question}`;
