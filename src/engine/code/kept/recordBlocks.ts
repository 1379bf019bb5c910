/** Bytes of a block; what is longer than a quarter of it has memory of its own. */
const BLOCK = 1 << 18;

/**
 * Memory for records, in blocks: allocated one by one, with all that is allocated and freed between them, they take a third more. A block goes when nobody has
 * any of its records.
 */
export class RecordBlocks {
  #block = new Uint8Array(0);
  #used = 0;

  /** Memory that nobody else has. */
  take(length: number): Uint8Array {
    if (length > BLOCK / 4) return new Uint8Array(length);
    if (this.#used + length > this.#block.length) {
      this.#block = new Uint8Array(BLOCK);
      this.#used = 0;
    }
    this.#used += length;
    return this.#block.subarray(this.#used - length, this.#used);
  }
}
