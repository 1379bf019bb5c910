import type { SqlDatabase } from "./sqlEngine.ts";

/** Changes from which on all is read anew, in one pass. */
const MOST_CHANGED = 4_096;

/** A row and the code of a file that it is anchored to. */
type AnchorPair = readonly [row: number, code: number];

/** The files that each row is anchored to, by their codes, and the rows of each file, known without a step into SQL. 4 bytes a row and 8 an anchor. */
export class AnchorPaths {
  /** By row, where its codes begin. */
  readonly #from: Uint32Array;
  readonly #codes: Uint32Array;
  /** Rows of a file, ascending, next to each other. */
  readonly #rows: Uint32Array;
  /** By code, where its rows begin and end. */
  readonly #runs = new Map<number, { readonly from: number; to: number }>();
  /** Codes of rows that changed since. */
  readonly #changed = new Map<number, Uint32Array>();
  /** By code, the rows that came to it since, ascending. */
  readonly #added = new Map<number, number[]>();

  /** `pairs` in order of code, then of row. */
  private constructor(pairs: readonly AnchorPair[], rowLimit: number) {
    this.#from = new Uint32Array(rowLimit + 1);
    this.#codes = new Uint32Array(pairs.length);
    this.#rows = Uint32Array.from(pairs, ([row]) => row);
    for (const [at, [, code]] of pairs.entries()) {
      const run = this.#runs.get(code);
      if (run === undefined) this.#runs.set(code, { from: at, to: at + 1 });
      else run.to = at + 1;
    }
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
    const listed = database.first(LISTED)?.[0];
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

  /** Up to `limit` rows of a file below `bound`, the newest first. */
  newest(code: number, limit: number, bound: number): readonly number[] {
    const added = this.#added.get(code) ?? [];
    const newest: number[] = [];
    let next = added.length - 1;
    const { from, to } = this.#runs.get(code) ?? { from: 0, to: 0 };
    let place = to - 1;
    while (newest.length < limit) {
      const late = added[next] ?? 0;
      const early = place < from ? 0 : (this.#rows[place] ?? 0);
      const row = Math.max(late, early);
      if (row === 0) break;
      if (row === late) next--;
      if (row === early) place--;
      if (row < bound && this.of(row).includes(code)) newest.push(row);
    }
    return newest;
  }

  set(row: number, codes: readonly number[]): void {
    const before = this.of(row);
    if (codes.length === 0 && before.length === 0) return;
    this.#changed.set(row, Uint32Array.from(codes));
    for (const code of codes) {
      if (before.includes(code)) continue;
      const added = this.#added.get(code) ?? [];
      const place = added.findLastIndex((other) => other <= row);
      if (added[place] !== row) added.splice(place + 1, 0, row);
      this.#added.set(code, added);
    }
  }
}

const NONE = new Uint32Array(0);

function pairOf(line: string): AnchorPair {
  const space = line.indexOf(" ");
  return [Number(line.slice(0, space)), Number(line.slice(space + 1))];
}

const LISTED =
  "SELECT group_concat(row || ' ' || word, char(10)) FROM (SELECT row, word FROM anchor ORDER BY word, row)";
