import { setTimeout as sleep } from "node:timers/promises";
import { hasRow, type RowSet } from "../contract/rowSet.ts";
import type { CodeSubscription, CodeWatcher, Drafts, Logger } from "./ports.ts";
import { Quiet } from "./quiet.ts";
import type { LineageView, Projection } from "./seams.ts";
import type { Comparable, TreeFreshness } from "./treeFreshness.ts";
import type { StoreFreshness } from "./storeFreshness.ts";

export interface TreeFollowerParts {
  readonly root: string;
  readonly tree: TreeFreshness;
  readonly watcher: CodeWatcher;
  readonly drafts?: Drafts | undefined;
  readonly now: () => number;
  readonly logger: Logger;
}

/** A store as requests of one work tree see it. */
export interface FollowedStore {
  readonly store: string;
  readonly freshness: StoreFreshness;
  readonly projection: () => Projection;
  readonly view: LineageView;
}

/** Rows that are compared before what has become more urgent has its turn. */
const SLICE = 32;

/** How long comparing, and asking git, wait at most for an answer that is being given, in milliseconds. */
const PAUSE_MS = 40;
const DATE_PAUSE_MS = 200;

/** Milliseconds without a change after which what is gone is looked for. */
const FAR_MS = 2_000;
const FAR_SHARE = 20;
/** Git is asked since when something is so for no more than a tenth of the time: some processes each, of which whoever searches waits for few. */
const DATE_SHARE = 9;
/** Milliseconds after which everything is looked at again when the store holds something else: a watcher may miss something. */
const WHOLE_MS = 30_000;

interface Followed extends FollowedStore {
  /** What the version is of: a store may start over. */
  readonly asked: WeakRef<Projection>;
  readonly version: number;
}

/**
 * Compares the anchored memories of one work tree in the background: all that are visible there, then those of a file that changes, as soon as it does, and
 * when HEAD moves what it brought, and what is new or revised when the store holds something else. What is known already costs a look at the time of its file.
 */
export class TreeFollower {
  readonly #parts: TreeFollowerParts;
  readonly #stores = new Map<string, Followed>();
  /** By store, rows that wait; what is urgent goes first. */
  readonly #urgent = new Map<string, Set<number>>();
  readonly #waiting = new Map<string, number[]>();
  readonly #far = new Map<string, number[]>();
  readonly #quiet = new Quiet();
  #farTimer: NodeJS.Timeout | undefined;
  /** Milliseconds. */
  #farTook = 0;
  #subscription: CodeSubscription | undefined;
  #endDrafts: (() => void) | undefined;
  #head: string | undefined;
  /** When all that is visible was last to be compared. */
  #wholeAt = -Infinity;
  #running: Promise<void> | undefined;
  readonly #undated = new Map<string, Set<number>>();
  #dating: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(parts: TreeFollowerParts) {
    this.#parts = parts;
  }

  /** A request sees the store so now. */
  see(seen: FollowedStore): void {
    this.#quiet.asked();
    const projection = seen.projection();
    const { version } = projection;
    const known = this.#stores.get(seen.store);
    const before = known?.asked.deref() === projection ? known.version : undefined;
    if (before === version && known?.view === seen.view) return;
    if (this.#head !== seen.view.head) {
      if (this.#head !== undefined) {
        this.#parts.tree.doubtDates();
        this.#doubtFar();
      }
      this.#head = seen.view.head;
    }
    const revised = before === undefined ? undefined : projection.changedSince(before);
    this.#stores.set(seen.store, { ...seen, asked: new WeakRef(projection), version });
    this.#waiting.set(seen.store, [...this.#toCompare(seen, revised)]);
    this.#run();
  }

  /** A request was told of these as far as it is known: since when they are so is asked first, and what was found long ago is looked for again. */
  asked(those: readonly Pick<Comparable, "store" | "row">[]): void {
    const { tree } = this.#parts;
    for (const store of this.#stores.keys()) {
      const undated = those.filter((one) => one.store === store && tree.isUndated(one)).map(({ row }) => row);
      if (undated.length > 0) this.#dateSoon(store, undated, "first");
    }
    if (this.#farTimer === undefined && those.some((one) => tree.isAged(one))) this.#farSoon(WHOLE_MS);
  }

  /** More may be known of what is at this path than was. */
  changed(path: string): void {
    this.#note([path]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#quiet.end();
    clearTimeout(this.#farTimer);
    this.#subscription?.dispose();
    this.#endDrafts?.();
    await Promise.all([this.#running, this.#dating]);
  }

  /** Whether everything that is visible is compared, and what changes is told. */
  get isCurrent(): boolean {
    return this.#running === undefined && this.#subscription?.isWatching() === true;
  }

  /** What is not compared yet or was revised, as the watcher tells what changes; from time to time, and where it is not known what was, everything. */
  #toCompare(
    { store, freshness, view, projection }: FollowedStore,
    revised: ReadonlySet<number> | undefined,
  ): readonly number[] {
    const { tree, now } = this.#parts;
    const visible = freshness.visible(view, now());
    // It would be taken for compared when it is visible again.
    if (revised !== undefined) tree.forget(store, hiddenOf(revised, projection().visibleRows(view, now())));
    const waits = this.#waiting.has(store);
    if (
      revised === undefined ||
      waits ||
      this.#subscription?.isWatching() !== true ||
      performance.now() - this.#wholeAt > WHOLE_MS
    ) {
      this.#wholeAt = performance.now();
      return visible.filter((row) => !tree.isFarDoubted(store, row));
    }
    return visible.filter((row) => revised.has(row) || tree.stateOf(store, row) === undefined);
  }

  /** Something at these paths may have changed; undefined: anywhere. */
  #note(paths: readonly string[] | undefined): void {
    const { tree, now } = this.#parts;
    this.#farSoon();
    for (const { store, freshness, view } of this.#stores.values()) {
      if (paths === undefined) {
        this.#waiting.set(store, [...freshness.visible(view, now())]);
        continue;
      }
      const urgent = this.#urgent.get(store) ?? new Set();
      this.#urgent.set(store, urgent);
      for (const row of tree.affectedBy(store, paths)) urgent.add(row);
    }
    this.#run();
  }

  /**
   * What is gone from where it was may have come elsewhere. It is looked for when nothing has changed for a while, and so seldom that it takes no more than a
   * twentieth of the time.
   */
  #farSoon(leastMs = FAR_MS): void {
    if (this.#closing.signal.aborted) return;
    clearTimeout(this.#farTimer);
    this.#farTimer = setTimeout(() => this.#doubtFar(), Math.max(leastMs, FAR_SHARE * this.#farTook)).unref();
  }

  #doubtFar(): void {
    clearTimeout(this.#farTimer);
    this.#farTimer = undefined;
    this.#farTook = 0;
    for (const store of this.#stores.keys()) {
      const rows = this.#parts.tree.doubtFar(store);
      if (rows.length > 0) this.#far.set(store, [...rows]);
    }
    this.#run();
  }

  #run(): void {
    if (this.#closing.signal.aborted) return;
    this.#running ??= this.#work()
      .catch((error: unknown) =>
        this.#parts.logger.log("warn", "memories could not be compared with the code in the background", { error }),
      )
      .finally(() => {
        this.#running = undefined;
        if (this.#next() !== undefined) this.#run();
      });
  }

  async #work(): Promise<void> {
    const { root, tree, watcher, drafts } = this.#parts;
    // First: what changes while the rest is compared is told.
    this.#subscription ??= watcher.subscribe(root, (paths) => this.#note(paths));
    this.#endDrafts ??= drafts?.subscribe(root, (path) => this.#note([path]));
    if (this.#urgent.size === 0) await this.#quiet.come(PAUSE_MS);
    for (let next = this.#next(); next !== undefined && !this.#closing.signal.aborted; next = this.#next()) {
      const { store, rows } = next;
      const [started, isFar] = [performance.now(), this.#waiting.size === 0];
      const undated = (await this.#stores.get(store)?.freshness.compare(rows)) ?? [];
      if (undated.length > 0) this.#dateSoon(store, undated);
      if (isFar) this.#farTook += performance.now() - started;
      if (this.#urgent.size === 0) await this.#quiet.come(PAUSE_MS);
    }
    if (!this.#closing.signal.aborted) this.#subscription.cover(tree.folders());
  }

  /** Beside the comparing, which must not wait for git. */
  #dateSoon(store: string, rows: readonly number[], turn: "first" | "last" = "last"): void {
    const waiting = this.#undated.get(store) ?? new Set();
    this.#undated.set(store, new Set(turn === "first" ? [...rows, ...waiting] : [...waiting, ...rows]));
    this.#dating ??= this.#date()
      .catch((error: unknown) =>
        this.#parts.logger.log("warn", "git could not be asked since when memories are not what they were", { error }),
      )
      .finally(() => (this.#dating = undefined));
  }

  async #date(): Promise<void> {
    const { signal } = this.#closing;
    for (let next = this.#nextUndated(); next !== undefined && !signal.aborted; next = this.#nextUndated()) {
      await this.#quiet.come(DATE_PAUSE_MS);
      const started = performance.now();
      await this.#stores.get(next.store)?.freshness.date([next.row]);
      const pauseMs = DATE_SHARE * (performance.now() - started);
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  #nextUndated(): Pick<Comparable, "store" | "row"> | undefined {
    for (const [store, rows] of this.#undated)
      for (const row of rows) {
        rows.delete(row);
        return { store, row };
      }
    return undefined;
  }

  #next(): { readonly store: string; readonly rows: readonly number[] } | undefined {
    for (const [store, rows] of this.#urgent) {
      this.#urgent.delete(store);
      if (rows.size > 0) return { store, rows: [...rows] };
    }
    return sliceOf(this.#waiting) ?? sliceOf(this.#far);
  }
}

const hiddenOf = (rows: ReadonlySet<number>, visible: RowSet): readonly number[] =>
  [...rows].filter((row) => !hasRow(visible, row));

function sliceOf(
  queue: Map<string, number[]>,
): { readonly store: string; readonly rows: readonly number[] } | undefined {
  for (const [store, rows] of queue) {
    const some = rows.splice(0, SLICE);
    if (rows.length === 0) queue.delete(store);
    if (some.length > 0) return { store, rows: some };
  }
  return undefined;
}
