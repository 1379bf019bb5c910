import type { BrowseResult, MemoryRow } from "../../src/contract/explore.ts";
import { type ErrorShape, HeirloomError, toErrorShape } from "../../src/contract/errors.ts";
import type { Host } from "../host.ts";
import type { Search } from "../pageState.ts";

export interface BrowseSnapshot {
  readonly result?: Omit<BrowseResult, "rows">;
  /** What the result is the answer to. */
  readonly search?: Search;
  /** Rows that were sent, by their place in the result. */
  readonly rows: ReadonlyMap<number, MemoryRow>;
  readonly error?: ErrorShape;
  readonly loading: boolean;
  /** By how many rows the list has to move so that a person goes on seeing the same; counts for this snapshot only. */
  readonly shift: number;
}

const FIRST_ROWS = 60;
const WINDOW_ROWS = 100;

/**
 * Keeps the rows of one list. At most one question is under way: what is typed meanwhile waits for its answer, and only the newest of it is
 * asked, so results follow the keys as fast as the engine answers and no stale answer is ever shown.
 */
export class BrowseSession {
  snapshot: BrowseSnapshot = { rows: new Map(), loading: true, shift: 0 };
  readonly #host: Host;
  #onChange: ((snapshot: BrowseSnapshot) => void) | undefined;
  #search: Search | undefined;
  #asked: Search | undefined;
  #asking = false;
  #again = false;
  /** Some view has shown it: changes since then were not told to it. */
  #seen = false;
  #visible = { first: 0, last: 0 };
  readonly #windows = new Set<number>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Shows each snapshot to a view, and asks anew what may be old. The returned function ends it; what is known stays for the next view. */
  attach(search: Search, onChange: (snapshot: BrowseSnapshot) => void): () => void {
    this.#onChange = onChange;
    // What failed before the window was ready says nothing any more.
    const failed = this.snapshot.error !== undefined;
    if (failed) this.snapshot = { rows: new Map(), loading: true, shift: 0 };
    if (search !== this.#search) void this.search(search);
    else if (failed || this.#seen) this.refresh();
    this.#seen = true;
    onChange(this.snapshot);
    return () => (this.#onChange = undefined);
  }

  /** Resolves when it is answered, unless another question is under way: then at once. */
  async search(search: Search): Promise<void> {
    if (search === this.#search) return;
    this.#search = search;
    this.#again = true;
    await this.#ask();
  }

  /** Asks the same again, because something changed. */
  refresh(): void {
    if (this.#search === undefined) return;
    this.#again = true;
    void this.#ask();
  }

  /** Says which rows are on the screen; what is missing of them is fetched. */
  show(first: number, last: number): void {
    this.#visible = { first, last };
    const { result, rows } = this.snapshot;
    if (result === undefined) return;
    for (let index = first; index <= Math.min(last, result.total - 1); index++) {
      if (!rows.has(index)) void this.#fetch(result.resultId, Math.floor(index / WINDOW_ROWS) * WINDOW_ROWS);
    }
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again && this.#search !== undefined) {
      this.#again = false;
      const search = this.#search;
      const same = search === this.#asked;
      try {
        const { rows, ...result } = await this.#host.request("browse", { ...search, limit: FIRST_ROWS });
        const found = new Map(rows.map((row, index) => [index, row]));
        if (same) await this.#fetchVisible(result, found);
        // A newer question is waiting: its answer is shown instead, unless that would leave the screen behind for long.
        this.#asked = search;
        this.#windows.clear();
        this.#set({ result, search, rows: found, loading: this.#again, shift: same ? this.#shiftTo(found) : 0 });
      } catch (thrown) {
        this.#asked = search;
        this.#set({ rows: new Map(), error: toErrorShape(thrown), loading: false, shift: 0 });
      }
    }
    this.#asking = false;
  }

  /** After a change the rows on the screen are fetched before anything is drawn, so that nothing flickers. */
  async #fetchVisible(result: Omit<BrowseResult, "rows">, found: Map<number, MemoryRow>): Promise<void> {
    const offset = Math.max(0, this.#visible.first - WINDOW_ROWS);
    if (this.#visible.last < found.size || offset >= result.total) return;
    const limit = this.#visible.last - offset + WINDOW_ROWS;
    const rows = await this.#host.request("browseRows", { resultId: result.resultId, offset, limit });
    rows.forEach((row, index) => found.set(offset + index, row));
  }

  #shiftTo(found: ReadonlyMap<number, MemoryRow>): number {
    const { first } = this.#visible;
    const anchor = this.snapshot.rows.get(first)?.id;
    if (first === 0 || anchor === undefined) return 0;
    for (const [index, { id }] of found) if (id === anchor) return index - first;
    return 0;
  }

  async #fetch(resultId: string, offset: number): Promise<void> {
    if (this.#windows.has(offset)) return;
    this.#windows.add(offset);
    try {
      const rows = await this.#host.request("browseRows", { resultId, offset, limit: WINDOW_ROWS });
      if (this.snapshot.result?.resultId !== resultId) return;
      const all = new Map(this.snapshot.rows);
      rows.forEach((row, index) => all.set(offset + index, row));
      this.#set({ ...this.snapshot, rows: all, shift: 0 });
    } catch (thrown) {
      this.#windows.delete(offset);
      // The engine keeps a result for a minute only.
      if (thrown instanceof HeirloomError && thrown.code === "NOT_FOUND") this.refresh();
      else this.#set({ ...this.snapshot, error: toErrorShape(thrown), shift: 0 });
    }
  }

  #set(snapshot: BrowseSnapshot): void {
    this.snapshot = snapshot;
    this.#onChange?.(snapshot);
  }
}
