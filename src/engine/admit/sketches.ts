import { BANDS, minimumHashes, readBands } from "./signature.ts";
import { mix } from "./words.ts";

export const SKETCH_BANDS = 10;
const BAND_ROWS = 3;

/**
 * What texts are compared by before they are compared in full: bands of minimum hashes as a signature has them, but blind to facts, since who
 * reviews duplicates also wants to see two that differ in a number or a name; and wider: two texts of Jaccard similarity J share a band with
 * 1 - (1 - J^3)^10, 91 % at 0.6. Made of the text when first needed and kept: 44 bytes a row.
 */
export class Sketches {
  #bands = new Uint32Array(0);
  /** Of the signature that the row had, so that a revised text is sketched again. */
  #marks = new Uint32Array(0);
  readonly #probe = new Uint32Array(BANDS);

  /** Whether the row has a sketch of the text with this signature. */
  holds(row: number, signature: string): boolean {
    return this.#marks[row] === this.#markOf(signature);
  }

  set(row: number, signature: string, content: string): void {
    if (row >= this.#marks.length) this.#grow(row + 1);
    const minima = minimumHashes(content, SKETCH_BANDS * BAND_ROWS);
    for (let band = 0; band < SKETCH_BANDS; band++) {
      let hash = mix(band + 1);
      for (let at = band * BAND_ROWS; at < (band + 1) * BAND_ROWS; at++)
        hash = mix(Math.imul(hash, 31) ^ (minima[at] ?? 0));
      this.#bands[row * SKETCH_BANDS + band] = hash;
    }
    this.#marks[row] = this.#markOf(signature);
  }

  band(row: number, band: number): number {
    return this.#bands[row * SKETCH_BANDS + band] ?? 0;
  }

  /** Never 0, which is that of a row without a sketch. */
  #markOf(signature: string): number {
    if (!readBands(signature, this.#probe, 0)) return 1;
    return ((this.#probe[0] ?? 0) ^ (this.#probe[1] ?? 0)) >>> 0 || 1;
  }

  #grow(rows: number): void {
    const size = Math.max(1024, Math.ceil(rows * 1.5));
    const [bands, marks] = [new Uint32Array(size * SKETCH_BANDS), new Uint32Array(size)];
    bands.set(this.#bands);
    marks.set(this.#marks);
    this.#bands = bands;
    this.#marks = marks;
  }
}
