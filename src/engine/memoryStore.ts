import type { JournalEvent, RecordedEvent } from "../contract/events.ts";
import { HeirloomError } from "../contract/errors.ts";
import type { Memory } from "../contract/memory.ts";
import type { Clock, Files, Logger, PeerAddress, ProcessIdentity } from "./ports.ts";
import type {
  DuplicateIndex,
  Journal,
  JournalCursor,
  JournalDamage,
  JournalRead,
  JournalWriter,
  Projection,
  ProjectionDelta,
  TextDocument,
  TextIndex,
} from "./seams.ts";
import { dropStoreCache, readStoreCache, writeStoreCache } from "./storeCache.ts";
import { claimOrRead, fenceOf, keepsFromWriting, type OwnerRole, release, type StoreRole } from "./storeRole.ts";

export interface StoreParts {
  readonly folder: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openJournal: (fence: () => boolean) => Promise<Journal>;
  readonly openProjection: (image?: Uint8Array) => Projection;
  readonly createTextIndex: () => TextIndex;
  readonly loadTextIndex: (bytes: Uint8Array) => TextIndex;
  readonly createDuplicateIndex: () => DuplicateIndex;
  /** Becomes the owner where nobody is, else says who is. */
  readonly claim: () => Promise<StoreRole>;
  readonly probe: (identity: ProcessIdentity, address: PeerAddress) => Promise<"alive" | "stopped" | "dead">;
  readonly forgetGraceHours: number;
}

/** Events that a cache may lag behind before it is written again: about 50 ms of replay. */
const CACHE_LAG = 1_000;
const HOUR = 3_600_000;
/** A journal that is this much larger than its snapshot, and at least this large, is compacted. */
const COMPACT_RATIO = 2;
const COMPACT_BYTES = 16_777_216;
/** The same in the middle of writing, when compaction is in the way. */
const COMPACT_BUSY_BYTES = 16 * COMPACT_BYTES;
/** A store that nothing was written to for so long, in milliseconds, is quiet. */
const QUIET_MS = 2_000;
/** So many changes at most wait for the text index, and so long, in milliseconds; whoever searches has them taken in at once. */
const MOST_UNINDEXED = 64;
const INDEX_LATER_MS = 20;
const INDEX_DURING_SYNC_MS = 2;
/** Memories that are indexed without a pause: about 30 ms. */
const INDEX_SLICE = 512;

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
  #projection: Projection;
  #cursor: JournalCursor | undefined;
  #text: TextIndex | undefined;
  /** Bytes of the cached text index, and what changed since, until somebody searches. */
  #textCache: { readonly bytes: Uint8Array; readonly since: ProjectionDelta[] } | undefined;
  /** Changes that the text index, which is open, has not taken in yet. */
  #unindexed: ProjectionDelta[] = [];
  #indexing: NodeJS.Timeout | undefined;
  #duplicates: DuplicateIndex | undefined;
  #cachedSeq = 0;
  #arrived: RecordedEvent[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #upkeep: Promise<void> | undefined;
  #quiet: NodeJS.Timeout | undefined;
  /** Whatever writes or removes the cache takes turns: an older image must not come after a newer one. */
  #cacheTurn: Promise<unknown> = Promise.resolve();
  /** A claim that was won and could not be used. Others take its holder for the owner, so it is kept for the next try. */
  #won: OwnerRole | undefined;
  /** While the projection is made anew because durable events could not be applied; what arrives meanwhile waits in `#arrived`. */
  #mending: Promise<void> | undefined;
  /** The projection lacks something durable and could not be mended: nothing may be derived from it. */
  #drifted = false;
  #closed = false;

  private constructor(parts: StoreParts, role: StoreRole, journal: Journal, projection: Projection) {
    this.#parts = parts;
    this.folder = parts.folder;
    this.#role = role;
    this.#journal = journal;
    this.#projection = projection;
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
      const projection = cache === undefined ? undefined : cachedProjection(parts, cache.projection);
      const store = new MemoryStore(parts, role, journal, projection ?? parts.openProjection());
      if (cache !== undefined && projection !== undefined) {
        store.#cursor = cache.cursor;
        store.#cachedSeq = cache.cursor.seq;
        store.#textCache = { bytes: cache.text, since: [] };
      }
      await store.#start(rebuild);
      return store;
    } catch (error) {
      if (role.role === "owner") await release(role, parts.logger);
      throw error;
    }
  }

  async #start(rebuild: boolean): Promise<void> {
    // Filling it with what is read anyway is cheaper than reading it all again for the first search, and no search has to wait for it.
    if (this.#textCache === undefined) this.#text = this.#parts.createTextIndex();
    const salvaged = await this.#readOrSalvage(rebuild);
    await this.#indexInSlices();
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
    else this.#maintain();
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
    return this.#projection;
  }

  get damage(): readonly JournalDamage[] {
    return this.#damage;
  }

  get text(): TextIndex {
    if (this.#text === undefined) {
      this.#unindexed = [];
      this.#text = this.#openText();
    }
    this.#index();
    return this.#text;
  }

  /** For the owner: near-duplicates of what is stored. Built when the first capture needs it. */
  get duplicates(): DuplicateIndex {
    if (this.#duplicates === undefined) {
      this.#duplicates = this.#parts.createDuplicateIndex();
      for (const { row, signature } of this.#projection.signatures()) this.#duplicates.add(row, signature);
    }
    return this.#duplicates;
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
    this.#indexDuringSync();
    const recorded = await appending;
    // Writers that shared one fsync continue in the same turn: their events are applied in one transaction.
    if (this.#arrived.push(...recorded) === recorded.length) queueMicrotask(() => this.#applyArrived());
    await Promise.resolve();
    this.#applyArrived();
    if (this.#mending !== undefined) await this.#mending;
    this.#maintain();
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
    this.#applyArrived();
    this.#cursor = writer.cursor;
    // One that has never written looks at the files for what is new.
    this.#journal = await this.#parts.openJournal(() => false);
  }

  /** For the owner: writes a snapshot; with `purge` nothing that was forgotten for good stays on disk. */
  async compact(options: { readonly purge: boolean }): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) throw new HeirloomError("OWNER_UNREACHABLE", "Only the owner of a store compacts it.");
    const keepSince = this.#keepForgottenSince();
    const drop = (this.#projection.oldestForgotten() ?? Infinity) < keepSince;
    const purge = options.purge || drop;
    const state = (): ReturnType<Projection["living"]> => {
      this.#applyArrived();
      if (this.#mending !== undefined || this.#drifted) throw drifted();
      return this.#projection.living(keepSince);
    };
    await this.#inCacheTurn(async () => {
      // First: a crash after the journal is rid of a text must not leave it in the cache.
      if (purge) await dropStoreCache(this.#parts.files, this.folder);
      if (purge) this.#cachedSeq = 0;
      await writer.compact(state, { purge });
      this.#cursor = writer.cursor;
      try {
        await this.#writeCache();
      } catch (error) {
        this.#parts.logger.log("warn", "the store's cache could not be written; the next start is slower", { error });
      }
    });
  }

  /** Milliseconds since the epoch: what was forgotten before is past bringing back. */
  #keepForgottenSince(): number {
    return this.#parts.clock.now() - this.#parts.forgetGraceHours * HOUR;
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

  saveCache(): Promise<void> {
    return this.#inCacheTurn(() => this.#writeCache());
  }

  async #writeCache(): Promise<void> {
    if (this.#role.role !== "owner" || this.#writer === undefined) return;
    const cursor = this.#writer.cursor;
    // A commit that is durable but not applied yet would make the cursor newer than the image.
    this.#applyArrived();
    if (this.#projection.lastSeq !== cursor.seq || this.#mending !== undefined || this.#drifted) return;
    await writeStoreCache(this.#parts.files, this.folder, {
      cursor,
      projection: this.#projection.image(this.#keepForgottenSince()),
      text: this.text.save(),
    });
    this.#cachedSeq = cursor.seq;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#indexing);
    await this.#upkeep;
    await this.#turn;
    if (this.#role.role === "owner") {
      try {
        const { segments } = await this.sizes();
        if (segments > MOST_SEGMENTS) await this.compact({ purge: false });
        else if (this.#projection.lastSeq - this.#cachedSeq >= CACHE_LAG) await this.saveCache();
      } catch (error) {
        this.#parts.logger.log("warn", "the store's cache could not be written; the next start is slower", { error });
      }
      await this.#writer?.close();
    }
    const held = this.#role.role === "owner" ? this.#role : this.#won;
    if (held !== undefined) await release(held, this.#parts.logger);
    await this.#cacheTurn;
    this.#projection.close();
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
    if (read.reset) this.#startOver(this.#parts.openProjection());
    this.#damage.push(...read.damage);
    for (const damage of read.damage)
      this.#parts.logger.log("warn", "the journal is damaged in one place", { ...damage });
    this.#apply(read.events);
    this.#cursor = read.cursor;
  }

  /** Everything that was derived goes; `projection` is what to derive it from now. */
  #startOver(projection: Projection): void {
    this.#projection.close();
    this.#projection = projection;
    this.#text = undefined;
    this.#textCache = undefined;
    this.#unindexed = [];
    this.#duplicates = undefined;
    this.#cachedSeq = 0;
  }

  #applyArrived(): void {
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

  /** The journal is the truth: what is durable and was not applied is read from it. STORE_CORRUPT when it cannot be applied at all. */
  async #mend(): Promise<void> {
    try {
      this.#drifted = true;
      const read = await this.#journal.read();
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
      this.#applyArrived();
    }
  }

  #apply(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    const delta = this.#projection.apply(events);
    this.#textCache?.since.push(delta);
    if (this.#text !== undefined) this.#indexLater(delta);
    if (this.#duplicates !== undefined) {
      for (const row of delta.removed) this.#duplicates.remove(row);
      for (const { row } of delta.changed) this.#duplicates.remove(row);
      for (const { row, memory } of [...delta.added, ...delta.changed]) this.#duplicates.add(row, memory.signature);
    }
  }

  #indexLater(delta: ProjectionDelta): void {
    this.#unindexed.push(delta);
    if (this.#unindexed.length >= MOST_UNINDEXED) this.#index();
    else this.#indexing ??= setTimeout(() => this.#index(), INDEX_LATER_MS).unref();
  }

  /** While the disk is busy with what is being committed, this process has time for what was committed before: not at once, as the write comes first. */
  #indexDuringSync(): void {
    if (this.#unindexed.length === 0) return;
    clearTimeout(this.#indexing);
    this.#indexing = setTimeout(() => this.#index(), INDEX_DURING_SYNC_MS).unref();
  }

  #index(): void {
    clearTimeout(this.#indexing);
    this.#indexing = undefined;
    const deltas = this.#unindexed;
    this.#unindexed = [];
    if (this.#text !== undefined) for (const delta of deltas) follow(this.#text, delta);
  }

  /** What was read at the start may take seconds: others have their turns in between. */
  async #indexInSlices(): Promise<void> {
    const deltas = this.#unindexed;
    this.#unindexed = [];
    for (const { added, changed, removed } of deltas) {
      for (let from = 0; this.#text !== undefined && from < added.length; from += INDEX_SLICE) {
        follow(this.#text, { added: added.slice(from, from + INDEX_SLICE), changed: [], removed: [] });
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (this.#text !== undefined) follow(this.#text, { added: [], changed, removed });
    }
  }

  #openText(): TextIndex {
    const cache = this.#textCache;
    this.#textCache = undefined;
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
    for (const { row, memory } of this.#projection.memories()) text.add(row, textDocument(memory));
    return text;
  }

  /**
   * Compaction and cache-writing in the background, one at a time, once enough has come together and the store is quiet: they would only be in
   * the way of an import, and have to be done again after it. While it never is quiet, each time that the store has doubled.
   */
  #maintain(): void {
    if (this.#upkeep !== undefined || this.#closed) return;
    const { lastSeq } = this.#projection;
    const lag = lastSeq - this.#cachedSeq;
    if (lag < Math.max(5 * CACHE_LAG, lastSeq / 4)) return;
    if (lag >= Math.max(20 * CACHE_LAG, lastSeq / 2)) this.#keepUp(COMPACT_BUSY_BYTES);
    else if (this.#quiet === undefined) this.#quiet = setTimeout(() => this.#whenQuiet(lastSeq), QUIET_MS).unref();
  }

  /** `before` is the last event when the time began: when there are more by now, the store is not quiet yet. */
  #whenQuiet(before: number): void {
    this.#quiet = undefined;
    if (this.#closed || this.#upkeep !== undefined) return;
    const { lastSeq } = this.#projection;
    if (lastSeq === before) this.#keepUp(COMPACT_BYTES);
    else this.#quiet = setTimeout(() => this.#whenQuiet(lastSeq), QUIET_MS).unref();
  }

  #keepUp(compactBytes: number): void {
    this.#upkeep = (async () => {
      const { journalBytes, snapshotBytes } = await this.sizes();
      if (journalBytes > Math.max(compactBytes, COMPACT_RATIO * snapshotBytes)) await this.compact({ purge: false });
      else await this.saveCache();
    })()
      .catch((error: unknown) =>
        this.#parts.logger.log("warn", "upkeep of the store failed; it is tried again later", { error }),
      )
      .finally(() => (this.#upkeep = undefined));
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

/** Undefined when the image is of another version or damaged: the journal has everything. */
function cachedProjection(parts: StoreParts, image: Uint8Array): Projection | undefined {
  try {
    return parts.openProjection(image);
  } catch (error) {
    parts.logger.log("warn", "the cached projection cannot be used; rebuilding from the journal", { error });
    return undefined;
  }
}

const isLost = ({ what }: JournalDamage): boolean => what === "missing-file";

function drifted(cause?: unknown): HeirloomError {
  const message =
    "The store cannot show all that its journal holds: start again, and if that fails run `heirloom doctor --rebuild`.";
  return new HeirloomError("STORE_CORRUPT", message, undefined, { cause });
}

function follow(text: TextIndex, delta: ProjectionDelta): void {
  for (const row of delta.removed) text.remove(row);
  for (const { row, memory } of delta.added) text.add(row, textDocument(memory));
  for (const { row, memory } of delta.changed) {
    text.remove(row);
    text.add(row, textDocument(memory));
  }
}

/** The words of a memory, by field, as text search sees them. */
export function textDocument(memory: Memory): TextDocument {
  return {
    title: memory.title ?? "",
    body: memory.content,
    tags: memory.tags,
    anchors: memory.anchors.map(({ path, symbol }) => (symbol === undefined ? path : `${path} ${symbol}`)),
    parts: memory.parts,
  };
}
