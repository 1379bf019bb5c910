import { hasRow } from "../contract/rowSet.ts";
import { type FollowedVectors, passagesOf, type SavedVectors } from "./modelVectors.ts";
import type { Logger } from "./ports.ts";
import type { EmbeddingModel, Projection, ProjectionDelta, ThreadedEmbedder, VectorIndex } from "./seams.ts";

export interface BackgroundVectorsParts {
  readonly embedder: ThreadedEmbedder;
  readonly createIndex: (model: EmbeddingModel) => VectorIndex;
  /** Throws where the bytes are no index. */
  readonly loadIndex: (bytes: Uint8Array) => VectorIndex;
  readonly projection: () => Projection;
  readonly logger: Logger;
  /** A process that soon ends begins nothing by itself: it would load a model in vain. */
  readonly longLived: boolean;
  /** A model that is on its way out: vectors of another one are not made in its stead. */
  readonly leaving: boolean;
  /** Enough was embedded to be worth keeping, or all of it. */
  readonly onProgress: () => void;
}

/** So many passages are embedded with one call, or those of one memory. */
const AT_ONCE = 32;
/** What came last waits so long for more, in milliseconds. */
const SOON_MS = 50;
/** After so many memories what was made is kept. */
const KEEP_EVERY = 1_000;
/** After a failure it is tried again after so long, in milliseconds, twice as long after each further one. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Those of a model that answers from another thread. Memories get their vectors in batches beside everything else, the newest first; the index
 * answers as soon as all had theirs once, and what comes later is missing in it for a moment. While the model fails nothing is lost: it is
 * tried again.
 */
export class BackgroundVectors implements FollowedVectors {
  readonly embedder: ThreadedEmbedder;
  readonly #parts: BackgroundVectorsParts;
  #saved: SavedVectors | undefined;
  /** Rows that changed before `#saved` was opened. */
  #touched = new Set<number>();
  #index: VectorIndex | undefined;
  #whole: boolean;
  /** Rows without their vectors; undefined until somebody wants to know. */
  #waiting: Set<number> | undefined;
  /** Rows that are embedded as they still are. */
  #inFlight = new Set<number>();
  #working: Promise<void> | undefined;
  #giveUp = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #retryMs = RETRY_MS;
  #problem: string | undefined;
  #unkept = 0;
  #untold = 0;
  #closed = false;
  readonly #tried: Promise<void>;
  #hasTried: () => void = () => undefined;

  constructor(parts: BackgroundVectorsParts, saved: SavedVectors | undefined) {
    this.embedder = parts.embedder;
    this.#parts = parts;
    this.#saved = saved;
    this.#whole = saved?.whole ?? false;
    this.#tried = new Promise((resolve) => (this.#hasTried = resolve));
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  get waiting(): number {
    return (this.#waiting?.size ?? 0) + this.#inFlight.size;
  }

  /** Whether something was made that no cache holds. */
  get hasUnkept(): boolean {
    return this.#unkept > 0;
  }

  open(): VectorIndex | undefined {
    this.#begin();
    if (this.#index !== undefined && this.#working === undefined && this.waiting === 0) this.#whole = true;
    return this.#whole ? this.#index : undefined;
  }

  /** Resolves when nothing waits any more or the work failed, at the latest when it is closed. */
  async settled(): Promise<void> {
    this.#begin();
    // After a failure the next try is not hurried.
    if (this.#problem === undefined) this.#work();
    await this.#working;
  }

  /** Resolves when it is known whether the model embeds at all: at once where nothing waits. */
  async tried(): Promise<void> {
    this.#begin();
    if (this.waiting === 0) return;
    this.#work();
    await this.#tried;
  }

  /** What the model was found to be: vectors of another one are of no use. */
  modelIs(model: EmbeddingModel): void {
    if (this.#index === undefined || this.#index.model === model.id) return;
    this.#stop();
    this.#forget();
    this.#workAfter(0);
  }

  follow({ added, changed, removed }: ProjectionDelta): void {
    const gone = [...removed, ...changed.map(({ row }) => row)];
    for (const row of gone) {
      this.#index?.remove(row);
      this.#waiting?.delete(row);
      this.#inFlight.delete(row);
      if (this.#waiting === undefined) this.#touched.add(row);
    }
    if (this.#waiting === undefined) return;
    for (const { row } of [...added, ...changed]) this.#waiting.add(row);
    if (this.#parts.longLived) this.#workAfter(SOON_MS);
  }

  takeInDuringSync(): void {
    // Other threads do the work.
  }

  save(): SavedVectors | undefined {
    this.#openSaved();
    const index = this.#index;
    if (index === undefined) return undefined;
    this.#unkept = 0;
    return { model: index.model, whole: this.#whole, bytes: index.save() };
  }

  drop(): void {
    this.#stop();
    this.#saved = undefined;
    this.#index = undefined;
    this.#waiting = undefined;
    this.#whole = false;
  }

  close(): void {
    this.#closed = true;
    this.#hasTried();
    this.#stop();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#inFlight.clear();
    this.#giveUp.abort();
    this.#giveUp = new AbortController();
  }

  /** All vectors, which are to be made anew unless the model is on its way out. */
  #forget(): void {
    this.#index = undefined;
    this.#whole = false;
    this.#waiting = this.#parts.leaving ? new Set() : this.#missing();
  }

  #openSaved(): void {
    const saved = this.#saved;
    this.#saved = undefined;
    if (saved === undefined) return;
    try {
      this.#index = this.#parts.loadIndex(saved.bytes);
      for (const row of this.#touched) this.#index.remove(row);
    } catch (error) {
      this.#parts.logger.log("warn", "the cached vectors cannot be used; making them anew", { error });
      this.#whole = false;
    }
    this.#touched.clear();
  }

  #begin(): void {
    if (this.#waiting !== undefined || this.#closed) return;
    this.#openSaved();
    this.#waiting = this.#missing();
    if (this.#parts.longLived) this.#work();
  }

  /** Living rows without vectors, the newest first. */
  #missing(): Set<number> {
    const projection = this.#parts.projection();
    const living = projection.livingRows(-Infinity);
    const missing = new Set<number>();
    for (let row = projection.rowLimit - 1; row >= 0; row--)
      if (hasRow(living, row) && this.#index?.has(row) !== true) missing.add(row);
    return missing;
  }

  #workAfter(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#work();
    }, ms).unref();
  }

  #work(): void {
    if (this.#working !== undefined || this.#closed || this.#waiting?.size === 0) return;
    const { signal } = this.#giveUp;
    this.#working = this.#embedAll(signal)
      .then(
        () => this.#succeeded(signal),
        (error: unknown) => this.#failed(error, signal),
      )
      .finally(() => {
        this.#working = undefined;
        if (signal.aborted && this.#waiting !== undefined) this.#work();
      });
  }

  async #embedAll(signal: AbortSignal): Promise<void> {
    const { embedder } = this.#parts;
    const model = await embedder.model();
    signal.throwIfAborted();
    if (this.#index !== undefined && this.#index.model !== model.id) {
      this.#forget();
      if (this.#parts.leaving) return;
    }
    const index = (this.#index ??= this.#parts.createIndex(model));
    while (this.#waiting !== undefined && this.#waiting.size > 0) {
      const batch = this.#takeBatch(this.#waiting);
      const vectors = await embedder.embed(
        batch.flatMap(({ passages }) => passages),
        "passage",
        signal,
      );
      signal.throwIfAborted();
      let from = 0;
      for (const { row, passages } of batch) {
        // One that changed meanwhile waits again.
        if (this.#inFlight.has(row)) index.add(row, vectors.slice(from, from + passages.length));
        from += passages.length;
      }
      this.#inFlight.clear();
      this.#hasTried();
      this.#unkept += batch.length;
      this.#untold += batch.length;
      if (this.#untold >= KEEP_EVERY) this.#tell();
    }
  }

  #takeBatch(waiting: Set<number>): readonly { readonly row: number; readonly passages: readonly string[] }[] {
    const projection = this.#parts.projection();
    const batch: { readonly row: number; readonly passages: readonly string[] }[] = [];
    let count = 0;
    for (const row of waiting) {
      const memory = projection.memory(row);
      const passages = memory === undefined ? [] : passagesOf(memory);
      if (batch.length > 0 && count + passages.length > AT_ONCE) break;
      waiting.delete(row);
      if (memory === undefined) continue;
      this.#inFlight.add(row);
      batch.push({ row, passages });
      count += passages.length;
    }
    return batch;
  }

  #succeeded(signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#problem = undefined;
    this.#retryMs = RETRY_MS;
    const first = !this.#whole;
    this.#whole = this.#index !== undefined;
    if (first && this.#whole) this.#tell();
  }

  #tell(): void {
    this.#untold = 0;
    this.#parts.onProgress();
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    for (const row of this.#inFlight) this.#waiting?.add(row);
    this.#inFlight.clear();
    const why = error instanceof Error ? error.message : String(error);
    if (why !== this.#problem)
      this.#parts.logger.log("warn", "memories could not be embedded; trying again", { error });
    this.#problem = why;
    this.#hasTried();
    this.#workAfter(this.#retryMs);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, 2 * this.#retryMs);
  }
}
