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
  /** Whether all that is visible is compared already. */
  readonly isCurrent: () => boolean;
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

  /** All that are visible. */
  async bringVisible(view: LineageView, now: number, patienceMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.#part.isCurrent()) await this.bring(this.visible(view, now), patienceMs, signal);
  }

  /** Compares them to the end; gives those of which it is not known since when they are so. */
  async compare(rows: readonly number[]): Promise<readonly number[]> {
    await this.#tree.compare(this.#comparable(rows), Infinity);
    return rows.filter((row) => this.#tree.isUndated({ store: this.#part.store, row }));
  }

  /** Asks since when they are so, to the end. */
  async date(rows: readonly number[]): Promise<void> {
    await this.#tree.date(this.#comparable(rows), Infinity);
  }

  /** Those that are visible and anchored, by file: each is read once. */
  visible(view: LineageView, now: number): readonly number[] {
    const projection = this.#part.projection();
    const visible = projection.visibleRows(view, now);
    const rows: number[] = [];
    for (let row = projection.rowLimit - 1; row > 0; row--)
      if (hasRow(visible, row) && projection.isAnchored(row)) rows.push(row);
    return rows.sort((a, b) => (projection.anchorsOf(a)[0] ?? 0) - (projection.anchorsOf(b)[0] ?? 0));
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
