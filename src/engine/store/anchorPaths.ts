import type { SqlDatabase } from "./sqlEngine.ts";

/** Changes from which on all is read anew, in one pass. */
const MOST_CHANGED = 4_096;

/** A row and the code of a file that it is anchored to. */
type AnchorPair = readonly [row: number, code: number];

/** The files that each row is anchored to, by their codes, known without reading a memory. 4 bytes a row and 4 an anchor. */
export class AnchorPaths {
  /** By row, where its codes begin. */
  readonly #from: Uint32Array;
  readonly #codes: Uint32Array;
  /** Codes of rows that changed since. */
  readonly #changed = new Map<number, Uint32Array>();

  private constructor(pairs: readonly AnchorPair[], rowLimit: number) {
    this.#from = new Uint32Array(rowLimit + 1);
    this.#codes = new Uint32Array(pairs.length);
    for (const [row] of pairs) this.#from[row + 1] = (this.#from[row + 1] ?? 0) + 1;
    for (let row = 1; row <= rowLimit; row++) this.#from[row] = (this.#from[row] ?? 0) + (this.#from[row - 1] ?? 0);
    const next = this.#from.slice();
    for (const [row, code] of pairs) {
      const place = next[row] ?? 0;
      this.#codes[place] = code;
      next[row] = place + 1;
    }
  }

  static read(database: SqlDatabase, rowLimit: number): AnchorPaths {
    // One text instead of a step a row, as a call into SQLite costs more than reading a number.
    const listed = database.first("SELECT group_concat(row || ' ' || word, char(10)) FROM anchor")?.[0];
    return new AnchorPaths(typeof listed === "string" ? listed.split("\n").map(pairOf) : [], rowLimit);
  }

  /** So much changed that it is better made anew. */
  get isWorn(): boolean {
    return this.#changed.size >= MOST_CHANGED;
  }

  of(row: number): Uint32Array {
    const changed = this.#changed.get(row);
    if (changed !== undefined) return changed;
    const from = this.#from[row] ?? 0;
    const to = this.#from[row + 1] ?? 0;
    return to > from ? this.#codes.subarray(from, to) : NONE;
  }

  set(row: number, codes: readonly number[]): void {
    if (codes.length > 0 || this.of(row).length > 0) this.#changed.set(row, Uint32Array.from(codes));
  }
}

const NONE = new Uint32Array(0);

function pairOf(line: string): AnchorPair {
  const space = line.indexOf(" ");
  return [Number(line.slice(0, space)), Number(line.slice(space + 1))];
}
