import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import {
  anchorKey,
  type AnchorState,
  type Fingerprint,
  type Freshness,
  type MemoryFreshness,
} from "../contract/freshness.ts";
import type { Anchor, Memory } from "../contract/memory.ts";
import type { Fingerprints } from "./anchorReader.ts";
import type { AnchorSources } from "./anchors/anchorSources.ts";
import { isCompared, joinStates, unjudged } from "./anchors/joinStates.ts";
import { judgeAnchor } from "./anchors/judgeAnchor.ts";
import type { Clock, Logger } from "./ports.ts";
import type { TreeSources } from "./treeSources.ts";

export interface TreeFreshnessParts {
  readonly sources: TreeSources;
  /** Since which commit an anchor is not what it was; undefined where git cannot say. */
  readonly since: (state: AnchorState, memory: Memory, print: Fingerprint) => Promise<AnchorState["since"]>;
  /** What the repository has of what these spoke of when they were captured, in their order. */
  readonly fill: (memories: readonly Memory[]) => Promise<readonly Fingerprints[]>;
  /** Told what `fill` found, to be kept. */
  readonly filled?: (store: string, id: string, fingerprints: Fingerprints) => void;
  /** Told what was asked for, where somebody sees later to what nobody has to wait for: `isUndated` and `isAged` say what that is. */
  readonly later?: (those: readonly Comparable[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One memory of a store, to be compared. */
export interface Comparable {
  /** Tells stores apart. */
  readonly store: string;
  readonly row: number;
  readonly memory: Memory;
}

/** What was looked for all over the tree is looked for again after so long, in milliseconds. */
const FAR_MS = 10_000;
/** Milliseconds after which whoever else waits has a turn. */
const TURN_MS = 8;
/** Memories whose fingerprints are asked of git at once. */
const FILLED_AT_ONCE = 50;

interface Entry {
  readonly key: string;
  readonly state: MemoryFreshness;
  /** By path that it depends on, what was there. */
  readonly stamps: readonly (readonly [path: string, stamp: string])[];
  readonly isFar: boolean;
  /** Whether it was asked since when it is so. */
  readonly isDated: boolean;
  readonly at: number;
}

/** What became of anchored memories in one work tree: kept by what they spoke of and by what is in the files, so that it costs nothing again. */
export class TreeFreshness {
  readonly #parts: TreeFreshnessParts;
  readonly #entries = new Map<string, Map<number, Entry>>();
  /** By store and row, what git had of those that were captured without fingerprints; empty where it had nothing. */
  readonly #filled = new Map<string, Map<number, Fingerprints>>();
  /** Goes up when some memory is something else. */
  #version = 0;

  constructor(parts: TreeFreshnessParts) {
    this.#parts = parts;
  }

  get version(): number {
    return this.#version;
  }

  /** As it was found last; undefined where it was not looked for. */
  stateOf(store: string, row: number): MemoryFreshness | undefined {
    return this.#entries.get(store)?.get(row)?.state;
  }

  /** Of these rows it is not known any more what became of them. */
  forget(store: string, rows: Iterable<number>): void {
    for (const row of rows) if (this.#entries.get(store)?.delete(row) === true) this.#version++;
  }

  /** By row of a store, of those that were compared. */
  *words(store: string): Iterable<readonly [row: number, freshness: Freshness]> {
    for (const [row, { state }] of this.#entries.get(store) ?? []) yield [row, state.freshness];
  }

  /** Rows with anchors that are in this file now and were not when they were captured. */
  movedTo(store: string, path: string): readonly number[] {
    return [...(this.#entries.get(store) ?? [])].flatMap(([row, { state }]) =>
      state.anchors.some(({ anchor, now }) => now?.path === path && anchor.path !== path) ? [row] : [],
    );
  }

  /** Rows whose freshness depends on what is at one of these paths, or below. */
  affectedBy(store: string, paths: readonly string[]): readonly number[] {
    const isAt = (path: string): boolean =>
      paths.some((one) => one === "" || one === path || path.startsWith(`${one}/`));
    return [...(this.#entries.get(store) ?? [])].flatMap(([row, { stamps }]) =>
      stamps.some(([path]) => isAt(path)) ? [row] : [],
    );
  }

  /** Rows of what was looked for all over the tree; it will be looked for again. */
  doubtFar(store: string): readonly number[] {
    this.#parts.sources.forgetMoves();
    const entries = this.#entries.get(store) ?? new Map<number, Entry>();
    const far = [...entries].filter(([, { isFar }]) => isFar);
    for (const [row, entry] of far) entries.set(row, { ...entry, at: -Infinity });
    return far.map(([row]) => row);
  }

  /** Whether it is to be looked for all over the tree again. */
  isFarDoubted(store: string, row: number): boolean {
    const entry = this.#entries.get(store)?.get(row);
    return entry?.isFar === true && entry.at === -Infinity;
  }

  /** HEAD moved: what was not committed may be, and the commit that was told may not be inherited any more. */
  doubtDates(): void {
    for (const entries of this.#entries.values())
      for (const [row, entry] of entries)
        // Another object: what git is being asked of it was asked of the HEAD that was.
        if (entry.state.anchors.some(isChanged)) entries.set(row, { ...entry, isDated: false });
  }

  /** Folders of the files that the answers depend on. */
  folders(): ReadonlySet<string> {
    const folders = new Set<string>();
    for (const entries of this.#entries.values())
      for (const { stamps } of entries.values())
        for (const [path] of stamps) folders.add(path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    return folders;
  }

  /** As `#bring`; what is waited for when the time is over, such as a parser, is not waited for any more, and what others see to not at all. */
  async within(those: readonly Comparable[], patienceMs: number, signal?: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    const stamps = new Map<string, string>();
    const brought = this.#bring(those, this.#parts.clock.monotonic() + patienceMs, signal, stamps);
    await Promise.race([brought, late]).finally(() => clearTimeout(timer));
    // It may go on, and then nobody waits for it.
    brought.catch(() => undefined);
    for (const one of those) if (!this.#isValid(one, stamps)) this.#giveUp(one, stamps);
  }

  /** `compare`, then `date`, or without what others see to. `stamps`: what is known to be at paths, filled on the way. */
  async #bring(
    those: readonly Comparable[],
    untilMs: number,
    signal: AbortSignal | undefined,
    stamps: Map<string, string>,
  ): Promise<void> {
    const { later } = this.#parts;
    const unknown = those.filter((one) => !this.#isValid(one, stamps) || (later === undefined && this.isAged(one)));
    await this.#compare(unknown, untilMs, signal);
    if (later === undefined) await this.date(those, untilMs, signal);
    else later(those);
  }

  /** Asks since when those are so that have changed. Git is asked for each: it takes longer than comparing. */
  async date(those: readonly Comparable[], untilMs: number, signal?: AbortSignal): Promise<void> {
    await this.#each(those, untilMs, signal, (one) => this.#date(one));
  }

  /** Whether it was not asked yet since when something is so that has changed. */
  isUndated({ store, row }: Pick<Comparable, "store" | "row">): boolean {
    const entry = this.#entries.get(store)?.get(row);
    return entry?.isDated === false && entry.state.anchors.some(isChanged);
  }

  /** Compares those of which it is not known, or not any more, until the time is over. Throws nothing but what `signal` says. */
  async compare(those: readonly Comparable[], untilMs: number): Promise<void> {
    const stamps = new Map<string, string>();
    const unknown = those.filter((one) => this.isAged(one) || !this.#isValid(one, stamps));
    await this.#compare(unknown, untilMs);
  }

  async #compare(those: readonly Comparable[], untilMs: number, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const unknown = this.#nearFirst(those);
    for (let at = 0; at < unknown.length && clock.monotonic() < untilMs; at += FILLED_AT_ONCE) {
      const some = unknown.slice(at, at + FILLED_AT_ONCE);
      await this.#fill(some);
      await this.#each(some, untilMs, signal, (one) => this.#judge(one));
    }
  }

  /** What is looked for all over the tree is not called fresh meanwhile: whatever might be goes first. */
  #nearFirst(those: readonly Comparable[]): readonly Comparable[] {
    const isFar = ({ store, row }: Comparable): boolean => this.#entries.get(store)?.get(row)?.isFar === true;
    return [...those.filter((one) => !isFar(one)), ...those.filter(isFar)];
  }

  async #each(
    those: readonly Comparable[],
    untilMs: number,
    signal: AbortSignal | undefined,
    work: (one: Comparable) => Promise<void> | undefined,
  ): Promise<void> {
    const { clock, logger } = this.#parts;
    let turn = clock.monotonic();
    for (const one of those) {
      signal?.throwIfAborted();
      if (clock.monotonic() >= untilMs) return;
      try {
        await work(one);
      } catch (error) {
        logger.log("warn", "an anchor could not be compared with the code", { error });
      }
      if (clock.monotonic() - turn < TURN_MS) continue;
      await setImmediate();
      turn = clock.monotonic();
    }
  }

  #isValid({ store, row, memory }: Comparable, stamps: Map<string, string>): boolean {
    const entry = this.#entries.get(store)?.get(row);
    if (entry === undefined || entry.key !== this.#keyOf(store, row, memory)) return false;
    return this.#isUntouched(entry, stamps);
  }

  /** Whether the files that it depends on are as they were. */
  #isUntouched(entry: Pick<Entry, "stamps">, stamps: Map<string, string>): boolean {
    return entry.stamps.every(([path, before]) => {
      const now = stamps.get(path) ?? this.#parts.sources.stamp(path);
      stamps.set(path, now);
      return now === before;
    });
  }

  /** Whether it was looked for all over the tree, and a while ago. */
  isAged({ store, row }: Pick<Comparable, "store" | "row">): boolean {
    const entry = this.#entries.get(store)?.get(row);
    return entry?.isFar === true && this.#parts.clock.monotonic() - entry.at > FAR_MS;
  }

  /**
   * What was found in files that are others now says nothing of them: what is late is not known. What is gone from its own file stays so as long as that is
   * as it was; it may have come elsewhere, and is warned of until that is known.
   */
  #giveUp({ store, row, memory }: Comparable, stamps: Map<string, string>): void {
    const entries = this.#entries.get(store);
    const entry = entries?.get(row);
    if (entry === undefined || this.#isUntouched(entry, stamps)) return;
    const own = new Set(memory.anchors.map(({ path }) => path));
    const isGone = entry.isFar && entry.state.freshness !== "fresh";
    if (isGone && this.#isUntouched({ stamps: entry.stamps.filter(([path]) => own.has(path)) }, stamps)) return;
    entries?.delete(row);
    this.#version += 1;
  }

  /** Asks git, once, for what those spoke of that nobody read. */
  async #fill(those: readonly Comparable[]): Promise<void> {
    const { fill, filled, logger } = this.#parts;
    const missing = those.filter(
      ({ store, row, memory }) =>
        isCompared(memory) &&
        this.#filled.get(store)?.has(row) !== true &&
        memory.anchors.some((anchor) => this.#printOf(store, row, memory, anchor) === undefined),
    );
    if (missing.length === 0) return;
    const found = await fill(missing.map(({ memory }) => memory)).catch((error: unknown) => {
      logger.log("debug", "git could not be asked for what anchors spoke of", { error });
      return [];
    });
    for (const [at, { store, row, memory }] of missing.entries()) {
      const rows = this.#filled.get(store) ?? new Map<number, Fingerprints>();
      this.#filled.set(store, rows);
      const prints = found[at] ?? {};
      rows.set(row, prints);
      if (Object.keys(prints).length > 0) filled?.(store, memory.id, prints);
    }
  }

  async #judge({ store, row, memory }: Comparable): Promise<void> {
    const { sources, clock } = this.#parts;
    const key = this.#keyOf(store, row, memory);
    const states: AnchorState[] = [];
    const stamps = new Map<string, string>();
    const stamping: AnchorSources = {
      read: (path) => {
        // Taken before it is read: what is written meanwhile is another content.
        if (!stamps.has(path)) stamps.set(path, stampOf(sources, path));
        return sources.read(path);
      },
      symbols: (file) => sources.symbols(file),
      renamed: (path, commit) => sources.renamed(path, commit),
      named: (anchor) => sources.named(anchor),
      candidates: (anchor, print, commit) => sources.candidates(anchor, print, commit),
    };
    let isFar = false;
    for (const anchor of isCompared(memory) ? memory.anchors : []) {
      const print = this.#printOf(store, row, memory, anchor);
      const verdict = await judgeAnchor({ anchor, print, commit: memory.provenance.commit }, stamping);
      isFar ||= verdict.isFar;
      states.push(this.#told(verdict.state));
    }
    const known = this.#entries.get(store)?.get(row);
    const dates = known?.key === key && known.isDated ? sameDates(known.state.anchors, states) : undefined;
    const state = isCompared(memory) ? joinStates(dates ?? states) : unjudged(memory);
    const isDated = dates !== undefined;
    this.#keep(store, row, { key, state, stamps: [...stamps], isFar, isDated, at: clock.monotonic() });
  }

  /** Who reads the file must know that it is not what was compared. */
  #told(state: AnchorState): AnchorState {
    const { path } = state.now ?? state.anchor;
    return isChanged(state) && this.#parts.sources.isDraft(path)
      ? { ...state, why: `${state.why} (in text that is not saved)` }
      : state;
  }

  /** Undefined where there is nothing to ask. */
  #date({ store, row, memory }: Comparable): Promise<void> | undefined {
    const entry = this.#entries.get(store)?.get(row);
    if (entry === undefined || entry.isDated || !entry.state.anchors.some(isChanged)) return undefined;
    return (async () => {
      const states: AnchorState[] = [];
      for (const state of entry.state.anchors) {
        const { since: _, ...undated } = state;
        const print = this.#printOf(store, row, memory, state.anchor);
        const since =
          print !== undefined && isChanged(state) ? await this.#parts.since(state, memory, print) : undefined;
        states.push(since === undefined ? undated : { ...undated, since });
      }
      // What was judged anew meanwhile is dated by whoever did that.
      if (this.#entries.get(store)?.get(row) === entry)
        this.#keep(store, row, { ...entry, state: joinStates(states), isDated: true });
    })();
  }

  #keep(store: string, row: number, entry: Entry): void {
    const entries = this.#entries.get(store) ?? new Map<number, Entry>();
    this.#entries.set(store, entries);
    const before = entries.get(row)?.state;
    const isSame =
      before?.freshness === entry.state.freshness && JSON.stringify(before) === JSON.stringify(entry.state);
    entries.set(row, isSame ? { ...entry, state: before } : entry);
    if (!isSame) this.#version++;
  }

  #printOf(store: string, row: number, memory: Memory, anchor: Anchor): Fingerprint | undefined {
    const key = anchorKey(anchor);
    for (const prints of [memory.fingerprints, this.#filled.get(store)?.get(row)])
      if (prints !== undefined && Object.hasOwn(prints, key)) return prints[key];
    return undefined;
  }

  /** Another one is another question: anchors were revised, or what they spoke of was read. */
  #keyOf(store: string, row: number, memory: Memory): string {
    const filled = this.#filled.get(store)?.has(row) === true ? "filled" : "";
    const parts = memory.anchors.map((anchor) => {
      const print = this.#printOf(store, row, memory, anchor);
      return `${anchorKey(anchor)} ${print?.hash ?? ""} ${print?.blob ?? ""}`;
    });
    return `${filled}\n${parts.join("\n")}`;
  }
}

const isChanged = ({ freshness }: AnchorState): boolean => freshness === "drifted" || freshness === "orphaned";

/** What was found again, with since when it is so as that was told before; undefined where something else was found. */
function sameDates(before: readonly AnchorState[], states: readonly AnchorState[]): readonly AnchorState[] | undefined {
  const undated = before.map(({ since: _, ...state }) => state);
  return isDeepStrictEqual(undated, states) ? before : undefined;
}

/** What was written just now may be written again without another stamp: it is not vouched for. */
const stampOf = (sources: TreeSources, path: string): string => (sources.isRacy(path) ? "racy" : sources.stamp(path));
