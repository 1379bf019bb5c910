import type { FieldCondition } from "../contract/filter.ts";
import type { Freshness, MemoryFreshness } from "../contract/freshness.ts";
import { FRESHNESS } from "../contract/memory.ts";
import { addRow, emptyRowSet, hasRow, type RowSet } from "../contract/rowSet.ts";
import { unjudged } from "./anchors/joinStates.ts";
import type { KnownFreshness, LineageView, Projection } from "./seams.ts";
import { acceptedWords } from "./store/matchCondition.ts";
import type { Comparable, TreeFreshness } from "./treeFreshness.ts";

export interface StorePart {
  readonly store: string;
  /** As it is when used: a store may start over. */
  readonly projection: () => Projection;
  readonly workspaceId: string;
}

/** The freshness of the memories of one store in one work tree. */
export class StoreFreshness implements KnownFreshness {
  readonly #tree: TreeFreshness;
  readonly #part: StorePart;

  constructor(tree: TreeFreshness, part: StorePart) {
    this.#tree = tree;
    this.#part = part;
  }

  of(row: number): Freshness {
    const known = this.#tree.stateOf(this.#part.store, row);
    return known?.freshness ?? (this.#part.projection().isAnchored(row) ? "unchecked" : "unanchored");
  }

  words(): Iterable<readonly [row: number, freshness: Freshness]> {
    return this.#tree.words(this.#part.store);
  }

  nowIn(path: string): readonly number[] {
    return this.#tree.movedTo(this.#part.store, path);
  }

  rowsWhere(condition: FieldCondition): RowSet {
    const projection = this.#part.projection();
    const accepted: ReadonlySet<Freshness> = new Set(acceptedWords(condition, FRESHNESS));
    const rows = emptyRowSet(projection.rowLimit);
    for (let row = 1; row < projection.rowLimit; row++)
      if (accepted.has(projection.isAnchored(row) ? "unchecked" : "unanchored")) addRow(rows, row);
    for (const [row, word] of this.words()) if (row < projection.rowLimit) setRow(rows, row, accepted.has(word));
    return rows;
  }

  stateOf(row: number): MemoryFreshness | undefined {
    const known = this.#tree.stateOf(this.#part.store, row);
    if (known !== undefined) return known;
    const memory = this.#part.projection().memory(row);
    return memory === undefined ? undefined : unjudged(memory);
  }

  /** Looks at those of `rows` of which it is not known, or not any more, and waits for that no longer than `patienceMs`. */
  async bring(rows: readonly number[], patienceMs: number, signal?: AbortSignal): Promise<void> {
    const those = this.#comparable(rows);
    if (those.length > 0) await this.#tree.within(those, patienceMs, signal);
  }

  /** The same to its end. */
  async bringAll(rows: readonly number[], untilMs: number): Promise<void> {
    await this.#tree.bring(this.#comparable(rows), untilMs);
  }

  /** Those that are visible and anchored, the newest first. */
  visible(view: LineageView, now: number): readonly number[] {
    const projection = this.#part.projection();
    const visible = projection.visibleRows(view, now);
    const rows: number[] = [];
    for (let row = projection.rowLimit - 1; row > 0; row--)
      if (hasRow(visible, row) && projection.isAnchored(row)) rows.push(row);
    return rows;
  }

  #comparable(rows: readonly number[]): readonly Comparable[] {
    const { store, projection, workspaceId } = this.#part;
    return rows.flatMap((row) => {
      const memory = projection().isAnchored(row) ? projection().memory(row) : undefined;
      // What a person remembers everywhere speaks of the code of one repository.
      return memory === undefined || memory.workspaceId !== workspaceId ? [] : [{ store, row, memory }];
    });
  }
}

function setRow(rows: RowSet, row: number, isIn: boolean): void {
  const word = rows[row >> 5] ?? 0;
  rows[row >> 5] = isIn ? word | (1 << (row & 31)) : word & ~(1 << (row & 31));
}
