import type { JournalEvent, RecordedEvent } from "../contract/events.ts";
import { HeirloomError } from "../contract/errors.ts";
import { DerivedState, type DerivedStateParts, drifted } from "./derivedState.ts";
import type { IndexKind } from "./followingIndex.ts";
import type { SavedVectors } from "./modelVectors.ts";
import type { Clock, Files, Logger, PeerAddress, ProcessIdentity } from "./ports.ts";
import type {
  DuplicateIndex,
  Journal,
  JournalCursor,
  JournalDamage,
  JournalRead,
  JournalWriter,
  Projection,
  TextIndex,
} from "./seams.ts";
import { dropStoreCache, readStoreCache, type StoreCache, writeStoreCache } from "./storeCache.ts";
import { claimOrRead, fenceOf, keepsFromWriting, type OwnerRole, release, type StoreRole } from "./storeRole.ts";
import type { StoreVectors } from "./storeVectors.ts";
import { CACHE_LAG, StoreUpkeep } from "./storeUpkeep.ts";

export interface StoreParts {
  readonly folder: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openJournal: (fence: () => boolean) => Promise<Journal>;
  readonly openProjection: (image?: Uint8Array) => Projection;
  readonly textIndex: IndexKind<TextIndex>;
  /** Absent, or gives undefined, where nothing is compared by meaning. `onProgress` is called when vectors are worth keeping. */
  readonly openVectors?: (
    saved: readonly SavedVectors[],
    projection: () => Projection,
    onProgress: () => void,
  ) => StoreVectors | undefined;
  readonly createDuplicateIndex: () => DuplicateIndex;
  /** Becomes the owner where nobody is, else says who is. */
  readonly claim: () => Promise<StoreRole>;
  readonly probe: (identity: ProcessIdentity, address: PeerAddress) => Promise<"alive" | "stopped" | "dead">;
  readonly forgetGraceHours: number;
}

const HOUR = 3_600_000;
/** Every owner starts a segment, and opening reads them all: commands that ran alone leave so many before they are compacted. */
const MOST_SEGMENTS = 64;

/**
 * One store as this process has it open: the journal, and the projection and indexes that follow it. It owns them all and disposes them.
 * What it serves is always at least as new as what any process had acknowledged when `sync` was called.
 */
export class MemoryStore {
  readonly folder: string;
  readonly #parts: StoreParts;
  readonly #damage: JournalDamage[] = [];
  #role: StoreRole;
  #journal: Journal;
  #writer: JournalWriter | undefined;
  readonly #derived: DerivedState;
  readonly #upkeep: StoreUpkeep;
  #cursor: JournalCursor | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Whatever writes or removes the cache takes turns: an older image must not come after a newer one. */
  #cacheTurn: Promise<unknown> = Promise.resolve();
  /** A claim that was won and could not be used. Others take its holder for the owner, so it is kept for the next try. */
  #won: OwnerRole | undefined;
  #closed = false;

  private constructor(parts: StoreParts, role: StoreRole, journal: Journal, cache: StoreCache | undefined) {
    this.#parts = parts;
    this.folder = parts.folder;
    this.#role = role;
    this.#journal = journal;
    const image = cache === undefined ? undefined : { ...cache, seq: cache.cursor.seq };
    const openVectors: DerivedStateParts["openVectors"] = (saved, projection) =>
      parts.openVectors?.(saved, projection, () => void this.#keepVectors());
    this.#derived = new DerivedState({ ...parts, openVectors, readAll: () => this.#journal.read() }, image);
    if (this.#derived.fromImage) this.#cursor = cache?.cursor;
    this.#upkeep = new StoreUpkeep({
      logger: parts.logger,
      progress: () => ({ lastSeq: this.projection.lastSeq, cachedSeq: this.#derived.cachedSeq }),
      sizes: () => this.sizes(),
      forgottenDue: () => this.#forgottenDue(),
      compact: () => this.compact({ purge: false }),
      saveCache: () => this.saveCache(),
    });
  }

  /**
   * `rebuild` makes the projection and the indexes anew from the journal, and saves what can be read of one without a valid snapshot.
   * STORE_CORRUPT, UNSUPPORTED_VERSION, FORBIDDEN_PATH, STORAGE_FULL.
   */
  static async open(parts: StoreParts, options: { readonly rebuild?: boolean } = {}): Promise<MemoryStore> {
    const rebuild = options.rebuild === true;
    const role = await claimOrRead(parts.claim);
    try {
      const journal = await parts.openJournal(fenceOf(role));
      const cache = rebuild ? undefined : await readStoreCache(parts.files, parts.folder, parts.logger);
      const store = new MemoryStore(parts, role, journal, cache);
      await store.#start(rebuild);
      return store;
    } catch (error) {
      if (role.role === "owner") await release(role, parts.logger);
      throw error;
    }
  }

  async #start(rebuild: boolean): Promise<void> {
    const salvaged = await this.#readOrSalvage(rebuild);
    await this.#derived.indexInSlices();
    if (this.#role.role !== "owner") return;
    await this.#own(this.#role);
    if (this.#writer === undefined) {
      // What was salvaged is only shown when it is written down as well.
      if (salvaged && "why" in this.#role) throw this.#role.why;
      return;
    }
    // What the journal has lost is still in the projection: written down at once, it is safe again.
    if (salvaged || this.#damage.some(isLost)) await this.compact({ purge: false });
    else if (rebuild) await this.saveCache();
    this.#upkeep.consider();
  }

  async #readOrSalvage(rebuild: boolean): Promise<boolean> {
    try {
      await this.#read();
      return false;
    } catch (error) {
      const owner = this.#role.role === "owner";
      if (!rebuild || !owner || !(error instanceof HeirloomError) || error.code !== "STORE_CORRUPT") throw error;
      this.#take(await this.#journal.salvage());
      return true;
    }
  }

  get role(): StoreRole {
    return this.#role;
  }

  get epoch(): number {
    if (this.#role.role === "reader") return 0;
    return this.#role.role === "owner" ? this.#role.epoch : this.#role.owner.epoch;
  }

  /** Whether this process may write now: the owner until another process takes the store over. */
  get owns(): boolean {
    return this.#role.role === "owner" && this.#writer !== undefined && this.#role.claim.fence();
  }

  /** Whether the owner, this process or another, can take a write; `none` where nobody can own the store. */
  async ownerState(): Promise<"self" | "alive" | "stopped" | "dead" | "none"> {
    if (this.#role.role === "owner") return "self";
    if (this.#role.role === "reader") return "none";
    const { identity, address } = this.#role.owner;
    return this.#parts.probe(identity, address);
  }

  get projection(): Projection {
    return this.#derived.projection;
  }

  get damage(): readonly JournalDamage[] {
    return this.#damage;
  }

  get text(): TextIndex {
    return this.#derived.text;
  }

  /** Undefined where nothing is compared by meaning. */
  get vectors(): StoreVectors | undefined {
    return this.#derived.vectors;
  }

  /** For the owner: near-duplicates of what is stored. Built when the first capture needs it. */
  get duplicates(): DuplicateIndex {
    return this.#derived.duplicates;
  }

  /** Takes in what other processes wrote. Costs a stat or two when that is nothing. */
  async sync(): Promise<void> {
    if (this.#closed) return;
    if (this.#role.role === "owner") {
      if (this.#role.claim.fence()) return;
      await this.reclaim();
    }
    if (this.#role.role === "owner" || this.#cursor === undefined || !this.#journal.moved(this.#cursor)) return;
    await this.#exclusively(() => this.#read());
  }

  /** For the owner: resolves when the events are durable and visible here. */
  async commit(events: readonly JournalEvent[]): Promise<readonly RecordedEvent[]> {
    if (events.length === 0) return [];
    const writer = this.#writer;
    if (writer === undefined || this.#closed) {
      throw new HeirloomError(
        "OWNER_UNREACHABLE",
        "This process does not write this store; send the write to its owner.",
      );
    }
    const appending = writer.append(events);
    this.#derived.indexDuringSync();
    const recorded = await appending;
    await this.#derived.arrive(recorded);
    this.#upkeep.consider();
    return recorded;
  }

  /**
   * Asks for the place of the owner: a follower whose owner died, a reader when it may have become possible, and an owner that was replaced
   * and has to find out by whom. Returns the role that this process has now.
   */
  async reclaim(): Promise<StoreRole> {
    return this.#exclusively(async () => {
      if (this.#closed || this.owns) return this.#role;
      if (this.#role.role === "owner") await this.#stepDown();
      const role = this.#won?.claim.fence() === true ? this.#won : await claimOrRead(this.#parts.claim);
      if (role.role !== "owner") {
        this.#role = role;
        return role;
      }
      this.#won = role;
      this.#journal = await this.#parts.openJournal(fenceOf(role));
      const known = this.#damage.length;
      await this.#read();
      await this.#own(role);
      if (this.#writer !== undefined && this.#damage.slice(known).some(isLost)) await this.compact({ purge: false });
      this.#upkeep.consider();
      return this.#role;
    });
  }

  /** Begins to write. Where the disk does not let it this process reads, until it is asked to try again. */
  async #own(role: OwnerRole): Promise<void> {
    try {
      await this.#startWriting(role);
      this.#won = undefined;
      this.#role = role;
    } catch (error) {
      if (!keepsFromWriting(error)) throw error;
      this.#won = role;
      this.#role = { role: "reader", why: error };
    }
  }

  /** Another process took the store over, or somebody removed its claim: this one goes on from what it has acknowledged. */
  async #stepDown(): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    this.#parts.logger.log("warn", "this process does not own the store any more", { folder: this.folder });
    await writer.close();
    this.#derived.applyArrived();
    this.#cursor = writer.cursor;
    // One that has never written looks at the files for what is new.
    this.#journal = await this.#parts.openJournal(() => false);
  }

  /** For the owner: writes a snapshot; with `purge` nothing that was forgotten for good stays on disk. */
  async compact(options: { readonly purge: boolean }): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) throw new HeirloomError("OWNER_UNREACHABLE", "Only the owner of a store compacts it.");
    const keepSince = this.#keepForgottenSince();
    const drop = (this.projection.oldestForgotten() ?? Infinity) <= keepSince;
    const purge = options.purge || drop;
    const state = (): ReturnType<Projection["living"]> => {
      this.#derived.applyArrived();
      if (!this.#derived.isWhole) throw drifted();
      return this.projection.living(keepSince);
    };
    await this.#inCacheTurn(async () => {
      // First: a crash after the journal is rid of a text must not leave it in the cache.
      if (purge) await dropStoreCache(this.#parts.files, this.folder);
      if (purge) this.#derived.cachedSeq = 0;
      await writer.compact(state, { purge });
      this.#cursor = writer.cursor;
      try {
        await this.#writeCache(keepSince);
      } catch (error) {
        this.#parts.logger.log("warn", "the store's cache could not be written; the next start is slower", { error });
      }
    });
  }

  /** Whether what was written at this time, milliseconds since the epoch, may still be taken back. */
  mayUndo(at: number): boolean {
    return at > this.#keepForgottenSince();
  }

  /** Milliseconds since the epoch: what was forgotten then or before is past bringing back. */
  #keepForgottenSince(): number {
    return this.#parts.clock.now() - this.#parts.forgetGraceHours * HOUR;
  }

  /** As upkeep asks it; nothing is due where this process cannot do it. */
  #forgottenDue(): number | undefined {
    const oldest = this.#writer === undefined ? undefined : this.projection.oldestForgotten();
    return oldest === undefined ? undefined : Math.max(0, oldest - this.#keepForgottenSince());
  }

  sizes(): ReturnType<Journal["sizes"]> {
    return this.#journal.sizes();
  }

  verify(): Promise<readonly JournalDamage[]> {
    return this.#journal.verify();
  }

  /** Paths of what recovery put aside because it could not be read, below the store's folder. */
  async quarantined(): Promise<readonly string[]> {
    const below = "journal/quarantine";
    return (await this.#parts.files.list(`${this.folder}/${below}`)).map((name) => `${below}/${name}`);
  }

  /** Compacts instead when forgotten text is due: an image without it would hide from later compactions that the journal still has it. */
  saveCache(): Promise<void> {
    const keepSince = this.#keepForgottenSince();
    if (this.#forgottenDue() === 0) return this.compact({ purge: true });
    return this.#inCacheTurn(() => this.#writeCache(keepSince));
  }

  /** `keepSince` as the journal was compacted with, or so early that nothing was forgotten by then. */
  async #writeCache(keepSince: number): Promise<void> {
    if (this.#role.role !== "owner" || this.#writer === undefined) return;
    const cursor = this.#writer.cursor;
    // A commit that is durable but not applied yet would make the cursor newer than the image.
    this.#derived.applyArrived();
    if (this.projection.lastSeq !== cursor.seq || !this.#derived.isWhole) return;
    await writeStoreCache(this.#parts.files, this.folder, {
      cursor,
      projection: this.projection.image(keepSince),
      text: this.text.save(),
      vectors: this.vectors?.save() ?? [],
    });
    this.#derived.cachedSeq = cursor.seq;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#derived.stopIndexing();
    await this.#upkeep.close();
    await this.#turn;
    if (this.#role.role === "owner") {
      try {
        const { segments } = await this.sizes();
        if (segments > MOST_SEGMENTS || this.#forgottenDue() === 0) await this.compact({ purge: false });
        else if (this.#isCacheOld()) await this.saveCache();
      } catch (error) {
        this.#parts.logger.log("warn", "the store's cache could not be written; the next start is slower", { error });
      }
      await this.#writer?.close();
    }
    const held = this.#role.role === "owner" ? this.#role : this.#won;
    if (held !== undefined) await release(held, this.#parts.logger);
    await this.#cacheTurn;
    this.#derived.close();
  }

  #isCacheOld(): boolean {
    return this.projection.lastSeq - this.#derived.cachedSeq >= CACHE_LAG || this.vectors?.hasUnkept === true;
  }

  /** What a model took minutes for is not to be lost with this process. */
  async #keepVectors(): Promise<void> {
    try {
      if (!this.#closed) await this.saveCache();
    } catch (error) {
      this.#parts.logger.log("warn", "the vectors could not be kept; they are made again at the next start", { error });
    }
  }

  async #startWriting(role: OwnerRole): Promise<void> {
    if (this.#cursor === undefined) throw new HeirloomError("INTERNAL", "The journal was not read before writing.");
    this.#writer = await this.#journal.startWriting(role.epoch, this.#cursor);
    this.#cursor = this.#writer.cursor;
    this.#damage.push(
      ...this.#writer.recovered.filter((one) => !this.#damage.some((known) => isSamePlace(one, known))),
    );
  }

  async #read(): Promise<void> {
    this.#take(await this.#journal.read(this.#cursor));
  }

  #take(read: JournalRead): void {
    this.#damage.push(...read.damage);
    for (const damage of read.damage)
      this.#parts.logger.log("warn", "the journal is damaged in one place", { ...damage });
    this.#derived.take(read);
    this.#cursor = read.cursor;
  }

  #inCacheTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#cacheTurn.then(work);
    this.#cacheTurn = result.catch(() => undefined);
    return result;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

const isSamePlace = (a: JournalDamage, b: JournalDamage): boolean => a.file === b.file && a.offset === b.offset;

const isLost = ({ what }: JournalDamage): boolean => what === "missing-file";
