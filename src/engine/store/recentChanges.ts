import { keepNewest } from "../../contract/keepNewest.ts";

const MOST = 1_000;

/** Which rows of a store changed lately. */
export class RecentChanges {
  /** By row the version that it changed at, the last one last. */
  readonly #versions = new Map<number, number>();
  /** What changed up to this version is not known any more. */
  #unknownUpTo = 0;

  note(rows: Iterable<number>, version: number): void {
    for (const row of rows) {
      this.#versions.delete(row);
      this.#versions.set(row, version);
    }
    if (this.#versions.size <= MOST) return;
    keepNewest(this.#versions, MOST);
    // Others of the oldest that is left may be gone.
    for (const [, oldest] of this.#versions) {
      this.#unknownUpTo = oldest;
      break;
    }
  }

  /** Rows that changed after that version; undefined where that is not known any more. */
  since(version: number): ReadonlySet<number> | undefined {
    if (version < this.#unknownUpTo) return undefined;
    const rows = new Set<number>();
    for (const [row, at] of this.#versions) if (at > version) rows.add(row);
    return rows;
  }
}
