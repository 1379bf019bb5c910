import { HeirloomError } from "../contract/errors.ts";
import type { RecordedEvent } from "../contract/events.ts";
import { FollowingIndex, type IndexKind } from "./followingIndex.ts";
import type { SavedVectors } from "./modelVectors.ts";
import type { Logger } from "./ports.ts";
import type { DuplicateIndex, JournalRead, Projection, TextIndex } from "./seams.ts";
import type { StoreVectors } from "./storeVectors.ts";

export interface DerivedStateParts {
  readonly logger: Logger;
  readonly textIndex: IndexKind<TextIndex>;
  /** Gives undefined where nothing is compared by meaning. */
  readonly openVectors: (saved: readonly SavedVectors[], projection: () => Projection) => StoreVectors | undefined;
  readonly openProjection: (image?: Uint8Array) => Projection;
  readonly createDuplicateIndex: () => DuplicateIndex;
  /** Everything that the journal holds: what the state is made of when it has to be made anew. */
  readonly readAll: () => Promise<JournalRead>;
}

/** What a cache holds: the projection at event `seq`, and the indexes of it. */
export interface DerivedImage {
  readonly projection: Uint8Array;
  readonly text: Uint8Array;
  readonly vectors: readonly SavedVectors[];
  readonly seq: number;
}

/**
 * Everything that is derived from a store's journal, and how it follows it: the projection, the text index, the vectors, the
 * duplicate index.
 */
export class DerivedState {
  readonly #parts: DerivedStateParts;
  readonly #text: FollowingIndex<TextIndex>;
  /** Undefined where nothing is compared by meaning. */
  readonly vectors: StoreVectors | undefined;
  #projection: Projection;
  #duplicates: DuplicateIndex | undefined;
  /** Durable, and not applied yet. */
  #arrived: RecordedEvent[] = [];
  /** While the projection is made anew because durable events could not be applied; what arrives meanwhile waits in `#arrived`. */
  #mending: Promise<void> | undefined;
  /** The projection lacks something durable and could not be mended: nothing may be derived from it. */
  #drifted = false;
  /** The last event that the cache on disk holds; 0 when there is none that is of use. */
  cachedSeq = 0;
  /** Whether it began as the image that was given. */
  readonly fromImage: boolean;

  constructor(parts: DerivedStateParts, image: DerivedImage | undefined) {
    this.#parts = parts;
    const cached = image === undefined ? undefined : cachedProjection(parts, image.projection);
    this.fromImage = cached !== undefined;
    this.#projection = cached ?? parts.openProjection();
    const { textIndex, logger } = parts;
    this.#text = new FollowingIndex(textIndex, logger, cached === undefined ? undefined : image?.text, true);
    const saved = cached === undefined ? [] : (image?.vectors ?? []);
    this.vectors = parts.openVectors(saved, () => this.#projection);
    if (cached !== undefined) this.cachedSeq = image?.seq ?? 0;
  }

  get projection(): Projection {
    return this.#projection;
  }

  get text(): TextIndex {
    return this.#text.open(this.#projection);
  }

  get duplicates(): DuplicateIndex {
    if (this.#duplicates === undefined) {
      this.#duplicates = this.#parts.createDuplicateIndex();
      for (const { row, signature } of this.#projection.signatures()) this.#duplicates.add(row, signature);
    }
    return this.#duplicates;
  }

  /** Whether it holds everything that was given to it, so that something may be derived from it in turn. */
  get isWhole(): boolean {
    return this.#mending === undefined && !this.#drifted;
  }

  take(read: JournalRead): void {
    if (read.reset) this.#startOver(this.#parts.openProjection());
    this.#apply(read.events);
  }

  /**
   * Takes in what was committed: at the end of this turn, or with whoever comes first. Writers that shared one fsync continue in the same turn,
   * and their events are applied in one transaction. STORE_CORRUPT when what is durable cannot be applied.
   */
  async arrive(recorded: readonly RecordedEvent[]): Promise<void> {
    if (this.#arrived.push(...recorded) === recorded.length) queueMicrotask(() => this.applyArrived());
    await Promise.resolve();
    this.applyArrived();
    if (this.#mending !== undefined) await this.#mending;
  }

  applyArrived(): void {
    if (this.#arrived.length === 0 || this.#mending !== undefined) return;
    const events = this.#arrived;
    this.#arrived = [];
    try {
      this.#apply(events);
    } catch (error) {
      this.#parts.logger.log("error", "durable events could not be applied; making the projection anew", { error });
      this.#mending = this.#mend();
      // The failure is thrown where the commit waits for it.
      this.#mending.catch(() => undefined);
    }
  }

  indexDuringSync(): void {
    this.#text.takeInDuringSync();
    this.vectors?.takeInDuringSync();
  }

  indexInSlices(): Promise<void> {
    return this.#text.takeInBySlices();
  }

  stopIndexing(): void {
    this.#text.close();
    this.vectors?.close();
  }

  close(): void {
    this.#projection.close();
  }

  /** The journal is the truth: what is durable and was not applied is read from it. STORE_CORRUPT when it cannot be applied at all. */
  async #mend(): Promise<void> {
    try {
      this.#drifted = true;
      const read = await this.#parts.readAll();
      const projection = this.#parts.openProjection();
      try {
        projection.apply(read.events);
      } catch (error) {
        projection.close();
        throw drifted(error);
      }
      this.#startOver(projection);
      this.#drifted = false;
    } finally {
      this.#mending = undefined;
      this.applyArrived();
    }
  }

  /** Everything that was derived goes; `projection` is what to derive it from now. */
  #startOver(projection: Projection): void {
    this.#projection.close();
    this.#projection = projection;
    this.#text.drop();
    this.vectors?.drop();
    this.#duplicates = undefined;
    this.cachedSeq = 0;
  }

  #apply(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    const delta = this.#projection.apply(events);
    this.#text.follow(delta);
    this.vectors?.follow(delta);
    if (this.#duplicates === undefined) return;
    for (const row of delta.removed) this.#duplicates.remove(row);
    for (const { row } of delta.changed) this.#duplicates.remove(row);
    for (const { row, memory } of [...delta.added, ...delta.changed]) this.#duplicates.add(row, memory.signature);
  }
}

/** Undefined when the image is of another version or damaged: the journal has everything. */
function cachedProjection(parts: DerivedStateParts, image: Uint8Array): Projection | undefined {
  try {
    return parts.openProjection(image);
  } catch (error) {
    parts.logger.log("warn", "the cached projection cannot be used; rebuilding from the journal", { error });
    return undefined;
  }
}

/** STORE_CORRUPT: the projection lacks something that is durable. */
export function drifted(cause?: unknown): HeirloomError {
  const message =
    "The store cannot show all that its journal holds: start again, and if that fails run `heirloom doctor --rebuild`.";
  return new HeirloomError("STORE_CORRUPT", message, undefined, { cause });
}
