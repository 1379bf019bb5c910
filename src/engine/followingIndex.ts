import type { Memory } from "../contract/memory.ts";
import type { Logger } from "./ports.ts";
import type { Projection, ProjectionDelta } from "./seams.ts";

/** An index over the memories of a store, as what follows the projection needs to know it. */
export interface IndexKind<Index> {
  /** For the log. */
  readonly name: string;
  create(): Index;
  /** What was saved in a cache; throws where it cannot be used. */
  load(bytes: Uint8Array): Index;
  add(index: Index, row: number, memory: Memory): void;
  remove(index: Index, row: number): void;
}

/** So many changes at most wait for the index, and so long, in milliseconds; whoever searches has them taken in at once. */
const MOST_UNINDEXED = 64;
const INDEX_LATER_MS = 20;
const INDEX_DURING_SYNC_MS = 2;
/** Memories that are indexed without a pause: about 30 ms. */
const INDEX_SLICE = 512;
/** So many memories at most are indexed while a search waits. */
const FEW_ROWS = 2_048;

interface Filling {
  readonly since: ProjectionDelta[];
}

/** One index of one store: opened when somebody searches, and filled when the process has time for it. */
export class FollowingIndex<Index> {
  readonly #kind: IndexKind<Index>;
  readonly #logger: Logger;
  #index: Index | undefined;
  /** Bytes of the cached index, and what changed since, until somebody searches. */
  #cache: { readonly bytes: Uint8Array; readonly since: ProjectionDelta[] } | undefined;
  /** Changes that the index, which is open, has not taken in yet. */
  #waiting: ProjectionDelta[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** While the index is being filled: what changes meanwhile. */
  #filling: Filling | undefined;

  /**
   * `atOnce`: without a cache the index is open from the start, as filling it with what is read anyway is cheaper than reading it all again for
   * the first search.
   */
  constructor(kind: IndexKind<Index>, logger: Logger, cache: Uint8Array | undefined, atOnce: boolean) {
    this.#kind = kind;
    this.#logger = logger;
    if (cache !== undefined) this.#cache = { bytes: cache, since: [] };
    else if (atOnce) this.#index = kind.create();
  }

  /** The index with everything that `projection` holds. */
  open(projection: Projection): Index {
    if (this.#index === undefined) {
      this.#waiting = [];
      this.#index = this.#opened(projection);
    }
    this.#takeIn();
    return this.#index;
  }

  /**
   * For an index that a search can do without: the index where it is open or opened in a moment; otherwise undefined, and it is filled while
   * others have their turns in between.
   */
  openSoon(projection: Projection): Index | undefined {
    this.#index ??= this.#cached();
    const made = this.#index !== undefined || this.#filling !== undefined;
    if (!made && projection.rowLimit > FEW_ROWS) {
      const filling: Filling = { since: [] };
      this.#filling = filling;
      this.#fill(projection, filling).catch((error: unknown) => {
        this.#logger.log("warn", `the ${this.#kind.name} could not be made`, { error });
        if (this.#filling === filling) this.#filling = undefined;
      });
    }
    return this.#filling === undefined ? this.open(projection) : undefined;
  }

  /** As bytes for a cache; undefined where it was never made. */
  save(projection: Projection, bytesOf: (index: Index) => Uint8Array): Uint8Array | undefined {
    const made = this.#index !== undefined || this.#cache !== undefined;
    return made ? bytesOf(this.open(projection)) : undefined;
  }

  /** Takes a change of the projection in, soon. */
  follow(delta: ProjectionDelta): void {
    (this.#filling ?? this.#cache)?.since.push(delta);
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
        this.#follow(this.#index, { added: added.slice(from, from + INDEX_SLICE), changed: [], removed: [] });
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#index !== undefined) this.#follow(this.#index, { added: [], changed, removed });
    }
  }

  /** The next search makes the index anew. */
  drop(): void {
    this.#filling = undefined;
    this.#index = undefined;
    this.#cache = undefined;
    this.#waiting = [];
  }

  close(): void {
    this.#filling = undefined;
    clearTimeout(this.#timer);
  }

  /** Ends without an index where it was dropped or closed meanwhile. */
  async #fill(projection: Projection, filling: Filling): Promise<void> {
    const index = this.#kind.create();
    let taken = 0;
    for (const { row, memory } of projection.memories()) {
      this.#kind.add(index, row, memory);
      if (++taken % INDEX_SLICE > 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#filling !== filling) return;
    }
    // What changed is taken in after what was there already.
    for (const delta of filling.since) this.#follow(index, delta);
    this.#index = index;
    this.#filling = undefined;
  }

  #takeIn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const deltas = this.#waiting;
    this.#waiting = [];
    if (this.#index !== undefined) for (const delta of deltas) this.#follow(this.#index, delta);
  }

  #follow(index: Index, { added, changed, removed }: ProjectionDelta): void {
    for (const row of removed) this.#kind.remove(index, row);
    for (const { row, memory } of added) this.#kind.add(index, row, memory);
    for (const { row, memory } of changed) {
      this.#kind.remove(index, row);
      this.#kind.add(index, row, memory);
    }
  }

  #opened(projection: Projection): Index {
    const cached = this.#cached();
    if (cached !== undefined) return cached;
    const index = this.#kind.create();
    for (const { row, memory } of projection.memories()) this.#kind.add(index, row, memory);
    return index;
  }

  /** The index of the cache, with what changed since. A cache that cannot be used, as after an update, is as none. */
  #cached(): Index | undefined {
    const cache = this.#cache;
    this.#cache = undefined;
    if (cache === undefined) return undefined;
    try {
      const index = this.#kind.load(cache.bytes);
      for (const delta of cache.since) this.#follow(index, delta);
      return index;
    } catch (error) {
      this.#logger.log("warn", `the cached ${this.#kind.name} cannot be used; making it anew`, { error });
      return undefined;
    }
  }
}
