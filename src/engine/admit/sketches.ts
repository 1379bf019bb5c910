import { mix } from "../../contract/mix.ts";
import { MOST_WORDS } from "./shortPairs.ts";
import { BANDS, minimumHashes, readBands } from "./signature.ts";
import { wordHashes } from "./words.ts";

export const SKETCH_BANDS = 10;
const BAND_ROWS = 3;
/** No text of so many UTF-16 units is short, whatever its words are. */
const LONGEST_SHORT = 500;

/**
 * What texts are compared by before they are compared in full: bands of minimum hashes as a signature has them, but blind to facts, since who
 * reviews duplicates also wants to see two that differ in a number or a name; and wider: two texts of Jaccard similarity J share a band with
 * 1 - (1 - J^3)^10, 91 % at 0.6. A short text is also compared by its words. Made of the text when first needed and kept: 44 bytes a row, and
 * 4 for each word of a short text.
 */
export class Sketches {
  #bands = new Uint32Array(0);
  /** Of the signature that the row had, so that a revised text is sketched again. */
  #marks = new Uint32Array(0);
  readonly #probe = new Uint32Array(BANDS);
  readonly #words = new Map<number, Uint32Array>();
  readonly #common: ReadonlySet<number>;

  /** `commonWords` say nothing of what a short text is about. */
  constructor(commonWords: Iterable<string> = []) {
    this.#common = new Set([...commonWords].flatMap((word) => [...wordHashes(word)]));
  }

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
    const words = this.#wordsOf(content);
    if (words === undefined) this.#words.delete(row);
    else this.#words.set(row, words);
  }

  /** Distinct hashes of the words of a short text in ascending order, without the common ones. */
  words(row: number): Uint32Array | undefined {
    return this.#words.get(row);
  }

  band(row: number, band: number): number {
    return this.#bands[row * SKETCH_BANDS + band] ?? 0;
  }

  #wordsOf(content: string): Uint32Array | undefined {
    if (content.length > LONGEST_SHORT) return undefined;
    const telling = new Set([...wordHashes(content)].filter((word) => !this.#common.has(word)));
    return telling.size === 0 || telling.size > MOST_WORDS ? undefined : Uint32Array.from(telling).sort();
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
