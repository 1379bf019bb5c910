import type { Logger } from "./ports.ts";
import type { Projection, ProjectionDelta, TextIndex } from "./seams.ts";
import { textDocument } from "./textDocument.ts";

export interface SearchableTextParts {
  readonly logger: Logger;
  readonly createTextIndex: () => TextIndex;
  readonly loadTextIndex: (bytes: Uint8Array) => TextIndex;
}

/** So many changes at most wait for the text index, and so long, in milliseconds; whoever searches has them taken in at once. */
const MOST_UNINDEXED = 64;
const INDEX_LATER_MS = 20;
const INDEX_DURING_SYNC_MS = 2;
/** Memories that are indexed without a pause: about 30 ms. */
const INDEX_SLICE = 512;

/** The text index of one store: opened when somebody searches, and filled when the process has time for it. */
export class SearchableText {
  readonly #parts: SearchableTextParts;
  #index: TextIndex | undefined;
  /** Bytes of the cached index, and what changed since, until somebody searches. */
  #cache: { readonly bytes: Uint8Array; readonly since: ProjectionDelta[] } | undefined;
  /** Changes that the index, which is open, has not taken in yet. */
  #waiting: ProjectionDelta[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Without a cache the index is open from the start: filling it with what is read anyway is cheaper than reading it all again for the first search. */
  constructor(parts: SearchableTextParts, cache: Uint8Array | undefined) {
    this.#parts = parts;
    if (cache === undefined) this.#index = parts.createTextIndex();
    else this.#cache = { bytes: cache, since: [] };
  }

  /** The index with everything that `projection` holds. */
  open(projection: Projection): TextIndex {
    if (this.#index === undefined) {
      this.#waiting = [];
      this.#index = this.#opened(projection);
    }
    this.#takeIn();
    return this.#index;
  }

  /** Takes a change of the projection in, soon. */
  follow(delta: ProjectionDelta): void {
    this.#cache?.since.push(delta);
    if (this.#index === undefined) return;
    this.#waiting.push(delta);
    if (this.#waiting.length >= MOST_UNINDEXED) this.#takeIn();
    else this.#timer ??= setTimeout(() => this.#takeIn(), INDEX_LATER_MS).unref();
  }

  /** While the disk is busy with what is being committed, this process has time for what was committed before: not at once, as the write comes first. */
  takeInDuringSync(): void {
    if (this.#waiting.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#takeIn(), INDEX_DURING_SYNC_MS).unref();
  }

  /** What was read at the start may take seconds: others have their turns in between. */
  async takeInBySlices(): Promise<void> {
    const deltas = this.#waiting;
    this.#waiting = [];
    for (const { added, changed, removed } of deltas) {
      for (let from = 0; this.#index !== undefined && from < added.length; from += INDEX_SLICE) {
        follow(this.#index, { added: added.slice(from, from + INDEX_SLICE), changed: [], removed: [] });
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#index !== undefined) follow(this.#index, { added: [], changed, removed });
    }
  }

  /** The next search makes the index anew. */
  drop(): void {
    this.#index = undefined;
    this.#cache = undefined;
    this.#waiting = [];
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #takeIn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const deltas = this.#waiting;
    this.#waiting = [];
    if (this.#index !== undefined) for (const delta of deltas) follow(this.#index, delta);
  }

  #opened(projection: Projection): TextIndex {
    const cache = this.#cache;
    this.#cache = undefined;
    if (cache !== undefined) {
      try {
        const text = this.#parts.loadTextIndex(cache.bytes);
        for (const delta of cache.since) follow(text, delta);
        return text;
      } catch (error) {
        this.#parts.logger.log("warn", "the cached text index cannot be used; rebuilding it", { error });
      }
    }
    const text = this.#parts.createTextIndex();
    for (const { row, memory } of projection.memories()) text.add(row, textDocument(memory));
    return text;
  }
}

function follow(text: TextIndex, delta: ProjectionDelta): void {
  for (const row of delta.removed) text.remove(row);
  for (const { row, memory } of delta.added) text.add(row, textDocument(memory));
  for (const { row, memory } of delta.changed) {
    text.remove(row);
    text.add(row, textDocument(memory));
  }
}
