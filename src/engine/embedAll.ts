import { HeirloomError } from "../contract/errors.ts";
import type { MemoryStore } from "./memoryStore.ts";

export interface EmbedRun {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface EmbeddedAll {
  /** Memories that had no vectors of this model before. */
  readonly embedded: number;
  /** Id of the model. */
  readonly model: string;
}

const LOOK_EVERY_MS = 200;

/** Waits for what is embedded in the background anyway. See `Engine.embedAll` for what it throws. */
export async function embedAll(stores: readonly MemoryStore[], { onProgress, signal }: EmbedRun): Promise<EmbeddedAll> {
  let embedded = 0;
  let model = "";
  for (const store of stores) {
    const vectors = store.vectors?.chosenBackground;
    if (vectors === undefined)
      throw new HeirloomError(
        "INVALID_INPUT",
        'The setting embedding names no model that is to be waited for; "transformers" with an embeddingModel does.',
      );
    if (!store.owns)
      throw new HeirloomError(
        "OWNER_UNREACHABLE",
        "The process that owns the store embeds its memories in the background.",
      );
    model = (await vectors.embedder.model()).id;
    vectors.open();
    const total = vectors.waiting;
    const done = vectors.settled().then(() => true);
    do {
      signal?.throwIfAborted();
      onProgress?.(total - vectors.waiting, total);
    } while (!(await Promise.race([done, after(LOOK_EVERY_MS)])));
    if (vectors.problem !== undefined) throw new HeirloomError("EMBEDDING_FAILED", vectors.problem);
    embedded += total;
  }
  return { embedded, model };
}

const after = (ms: number): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(false), ms));
