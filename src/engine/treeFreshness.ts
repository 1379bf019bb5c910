import { setImmediate } from "node:timers/promises";
import { anchorKey, type AnchorState, type Freshness, type MemoryFreshness } from "../contract/freshness.ts";
import type { Anchor, Memory } from "../contract/memory.ts";
import { isCompared, joinStates, unjudged } from "./anchors/joinStates.ts";
import { judgeAnchor } from "./anchors/judgeAnchor.ts";
import type { Fingerprints } from "./anchorReader.ts";
import type { Clock, Logger } from "./ports.ts";
import type { TreeSources } from "./treeSources.ts";

export interface TreeFreshnessParts {
  readonly sources: TreeSources;
  /** Since which commit an anchor is not what it was; undefined where git cannot say. */
  readonly since: (state: AnchorState, memory: Memory) => Promise<AnchorState["since"]>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One memory of a store, to be compared. */
export interface Comparable {
  /** Tells stores apart. */
  readonly store: string;
  readonly row: number;
  readonly memory: Memory;
  /** What was read of the repository for those of its anchors that have no fingerprint. */
  readonly filled?: Fingerprints;
}

/** What was looked for all over the tree is looked for again after so long, in milliseconds. */
const FAR_MS = 10_000;
/** Milliseconds after which whoever else waits has a turn. */
const TURN_MS = 8;

interface Entry {
  readonly key: string;
  readonly state: MemoryFreshness;
  /** By path that it depends on, what was there. */
  readonly stamps: readonly (readonly [path: string, stamp: string])[];
  readonly isFar: boolean;
  readonly at: number;
}

/** What became of anchored memories in one work tree: kept by what they spoke of and by what is in the files, so that it costs nothing again. */
export class TreeFreshness {
  readonly #parts: TreeFreshnessParts;
  readonly #entries = new Map<string, Map<number, Entry>>();
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

  /** Memories whose freshness something at one of these paths, or below, may change; those that were looked for everywhere are among them. */
  affectedBy(paths: readonly string[]): readonly { readonly store: string; readonly row: number }[] {
    const isAt = (path: string): boolean =>
      paths.some((one) => one === "" || one === path || path.startsWith(`${one}/`));
    return [...this.#entries].flatMap(([store, entries]) =>
      [...entries].flatMap(([row, { stamps, isFar }]) =>
        isFar || stamps.some(([path]) => isAt(path)) ? [{ store, row }] : [],
      ),
    );
  }

  /** As `bring`; what is waited for when the time is over, such as a parser, is not waited for any more. */
  async within(those: readonly Comparable[], patienceMs: number, signal?: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    const brought = this.bring(those, this.#parts.clock.monotonic() + patienceMs, signal);
    await Promise.race([brought, late]).finally(() => clearTimeout(timer));
    // It may go on, and then nobody waits for it.
    brought.catch(() => undefined);
  }

  /** Compares those of which it is not known, or not any more, until the time is over; gives how many are left. Throws nothing but what `signal` says. */
  async bring(those: readonly Comparable[], untilMs: number, signal?: AbortSignal): Promise<number> {
    const { clock, logger } = this.#parts;
    const stamps = new Map<string, string>();
    let turn = clock.monotonic();
    for (const [at, one] of those.entries()) {
      signal?.throwIfAborted();
      if (!this.#isValid(one, stamps)) {
        if (clock.monotonic() >= untilMs) return those.length - at;
        try {
          await this.#judge(one);
        } catch (error) {
          logger.log("warn", "an anchor could not be compared with the code", { error });
        }
      }
      if (clock.monotonic() - turn < TURN_MS) continue;
      await setImmediate();
      turn = clock.monotonic();
    }
    return 0;
  }

  /** Looks anew at what was looked for all over the tree. */
  doubtFar(): void {
    this.#parts.sources.forgetMoves();
    for (const entries of this.#entries.values())
      for (const [row, entry] of entries) if (entry.isFar) entries.set(row, { ...entry, at: -Infinity });
  }

  #isValid({ store, row, memory, filled }: Comparable, stamps: Map<string, string>): boolean {
    const entry = this.#entries.get(store)?.get(row);
    if (entry === undefined || entry.key !== keyOf(memory, filled)) return false;
    if (entry.isFar && this.#parts.clock.monotonic() - entry.at > FAR_MS) return false;
    return entry.stamps.every(([path, before]) => {
      const now = stamps.get(path) ?? this.#parts.sources.stamp(path);
      stamps.set(path, now);
      return now === before;
    });
  }

  async #judge({ store, row, memory, filled }: Comparable): Promise<void> {
    const { sources, since, clock } = this.#parts;
    const key = keyOf(memory, filled);
    if (!isCompared(memory)) {
      this.#keep(store, row, { key, state: unjudged(memory), stamps: [], isFar: false, at: clock.monotonic() });
      return;
    }
    const states: AnchorState[] = [];
    const stamps = new Map<string, string>();
    let isFar = false;
    for (const anchor of memory.anchors) {
      // Taken before it is read: what is written meanwhile is another content.
      const before = sources.isRacy(anchor.path) ? "racy" : sources.stamp(anchor.path);
      const print = printOf(anchor, memory, filled);
      const verdict = await judgeAnchor({ anchor, print, commit: memory.provenance.commit }, sources);
      stamps.set(anchor.path, before);
      for (const path of verdict.paths)
        if (path !== anchor.path) stamps.set(path, sources.isRacy(path) ? "racy" : sources.stamp(path));
      isFar ||= verdict.isFar;
      states.push(await this.#dated(verdict.state, memory, since));
    }
    this.#keep(store, row, { key, state: joinStates(states), stamps: [...stamps], isFar, at: clock.monotonic() });
  }

  async #dated(state: AnchorState, memory: Memory, since: TreeFreshnessParts["since"]): Promise<AnchorState> {
    if (state.freshness !== "drifted" && state.freshness !== "orphaned") return state;
    const when = await since(state, memory);
    return when === undefined ? state : { ...state, since: when };
  }

  #keep(store: string, row: number, entry: Entry): void {
    const entries = this.#entries.get(store) ?? new Map<number, Entry>();
    this.#entries.set(store, entries);
    const before = entries.get(row)?.state;
    entries.set(row, entry);
    if (before?.freshness !== entry.state.freshness || before.why !== entry.state.why) this.#version++;
  }
}

export function printOf(anchor: Anchor, memory: Memory, filled?: Fingerprints): Fingerprints[string] | undefined {
  const key = anchorKey(anchor);
  for (const prints of [memory.fingerprints, filled])
    if (prints !== undefined && Object.hasOwn(prints, key)) return prints[key];
  return undefined;
}

/** Another one is another question: anchors were revised, or what they spoke of was read. */
const keyOf = (memory: Memory, filled: Fingerprints | undefined): string =>
  memory.anchors
    .map((anchor) => {
      const print = printOf(anchor, memory, filled);
      return `${anchorKey(anchor)} ${print?.hash ?? ""} ${print?.blob ?? ""}`;
    })
    .join("\n");
