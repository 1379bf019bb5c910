import { MAX_LENGTH } from "./bm25.ts";

/**
 * The passages of a segment: row and weighted length of each, and which of them are removed. Passages of one row stand next to each
 * other. Numbers are the passages' places in the segment.
 */
export class PassageTable {
  /** Used up to `count`. */
  rows: Uint32Array;
  /** Weighted lengths, used up to `count`. */
  lengths: Uint16Array;
  /** Largest row up to and including a passage: ascends, so that a bound on rows is found by binary search even where rows do not. */
  #highest: Uint32Array;
  #removedBits: Uint32Array;
  /** Removed passages in the order of their removal. */
  readonly removed: number[] = [];
  #count: number;
  #livingRows = 0;
  #livingLength = 0;
  #lowestRow = Infinity;

  /** The arrays are kept, not copied, until a passage is added. */
  constructor(rows: Uint32Array = new Uint32Array(16), lengths: Uint16Array = new Uint16Array(16), count = 0) {
    this.rows = rows;
    this.lengths = lengths;
    this.#highest = new Uint32Array(rows.length);
    this.#removedBits = new Uint32Array((rows.length + 31) >> 5);
    this.#count = count;
    for (let passage = 0; passage < count; passage++) this.#note(passage);
  }

  /** All passages, removed ones too. */
  get count(): number {
    return this.#count;
  }
  get living(): number {
    return this.#count - this.removed.length;
  }
  get livingRows(): number {
    return this.#livingRows;
  }
  /** Sum of the weighted lengths of living passages. */
  get livingLength(): number {
    return this.#livingLength;
  }
  get highestRow(): number {
    return this.#count === 0 ? -1 : (this.#highest[this.#count - 1] ?? 0);
  }
  get lowestRow(): number {
    return this.#lowestRow;
  }
  get bytes(): number {
    return this.rows.byteLength + this.lengths.byteLength + this.#highest.byteLength + this.#removedBits.byteLength;
  }

  isRemoved(passage: number): boolean {
    return (((this.#removedBits[passage >> 5] ?? 0) >>> (passage & 31)) & 1) === 1;
  }

  /** Adds a passage and gives its number. */
  add(row: number, length: number): number {
    const passage = this.#count;
    if (passage === this.rows.length) this.#grow();
    this.rows[passage] = row;
    this.lengths[passage] = Math.min(length, MAX_LENGTH);
    this.#count += 1;
    this.#note(passage);
    return passage;
  }

  /** Marks the living passages of a row as removed; false when there are none. */
  remove(row: number): boolean {
    let passage = this.firstLiving(row);
    if (passage === -1) return false;
    for (; passage < this.#count && this.rows[passage] === row; passage++) {
      const word = passage >> 5;
      this.#removedBits[word] = (this.#removedBits[word] ?? 0) | (1 << (passage & 31));
      this.#livingLength -= this.lengths[passage] ?? 0;
      this.removed.push(passage);
    }
    this.#livingRows -= 1;
    return true;
  }

  /** The first passage whose row, or that of one before it, is `bound` or above: every passage before it is below the bound. */
  firstReaching(bound: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#highest[middle] ?? 0) < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Which part of its memory a living passage is. */
  partOf(passage: number): number {
    const row = this.rows[passage];
    let first = passage;
    while (first > 0 && this.rows[first - 1] === row && !this.isRemoved(first - 1)) first -= 1;
    return passage - first;
  }

  /** Whether the memory of a living passage has other passages. */
  hasSiblings(passage: number): boolean {
    const row = this.rows[passage];
    return (
      (passage > 0 && this.rows[passage - 1] === row && !this.isRemoved(passage - 1)) ||
      (passage + 1 < this.#count && this.rows[passage + 1] === row)
    );
  }

  /** The first living passage of a row, or -1. */
  firstLiving(row: number): number {
    if (row < this.#lowestRow || row > this.highestRow) return -1;
    let passage = this.firstReaching(row);
    // Where rows ascend it is right there; a row that was added again after a higher one stands further on.
    for (; passage < this.#count; passage++) {
      passage = this.rows.indexOf(row, passage);
      if (passage === -1 || passage >= this.#count) return -1;
      if (!this.isRemoved(passage)) return passage;
    }
    return -1;
  }

  #note(passage: number): void {
    const row = this.rows[passage] ?? 0;
    this.#highest[passage] = passage === 0 ? row : Math.max(row, this.#highest[passage - 1] ?? 0);
    if (row < this.#lowestRow) this.#lowestRow = row;
    if (passage === 0 || this.rows[passage - 1] !== row || this.isRemoved(passage - 1)) this.#livingRows += 1;
    this.#livingLength += this.lengths[passage] ?? 0;
  }

  #grow(): void {
    const length = Math.max(16, Math.ceil(this.rows.length * 1.5));
    const rows = new Uint32Array(length);
    rows.set(this.rows);
    this.rows = rows;
    const lengths = new Uint16Array(length);
    lengths.set(this.lengths);
    this.lengths = lengths;
    const highest = new Uint32Array(length);
    highest.set(this.#highest);
    this.#highest = highest;
    const removedBits = new Uint32Array((length + 31) >> 5);
    removedBits.set(this.#removedBits);
    this.#removedBits = removedBits;
  }
}
