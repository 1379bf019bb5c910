/** The largest component of a stored vector, and of a query, as an integer; a product of the two has to be a 32-bit integer. */
const STORED = 127;
const ASKED = 32_767;

/** An integer vector: times `scale` it is the one that was given, but for rounding. A scale of 0 is a vector of zeros. */
export interface Quantised<Components> {
  /** Overwritten by the next one. */
  readonly components: Components;
  readonly scale: number;
}

/** Makes integers of unit vectors of one length, each with a scale of its own, so that its largest component uses all bits. */
export class Quantiser {
  readonly #stored: Int8Array;
  readonly #asked: Int16Array;
  readonly #largestAsked: number;

  constructor(dimensions: number) {
    this.#stored = new Int8Array(dimensions);
    this.#asked = new Int16Array(dimensions);
    this.#largestAsked = Math.min(ASKED, Math.floor((2 ** 31 - 1) / (STORED * dimensions)));
  }

  /** For an index: 8 bits a component, the scale a float32. */
  vector(vector: Float32Array): Quantised<Int8Array> {
    const scale = Math.fround(largestOf(vector) / STORED);
    return { components: rounded(vector, scale, this.#stored), scale };
  }

  /** To be compared with what an index holds: 16 bits a component, fewer where there are more than 516 components. */
  query(vector: Float32Array): Quantised<Int16Array> {
    const scale = largestOf(vector) / this.#largestAsked;
    return { components: rounded(vector, scale, this.#asked), scale };
  }
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (let at = 0; at < vector.length; at++) largest = Math.max(largest, Math.abs(vector[at] ?? 0));
  return largest;
}

function rounded<Components extends Int8Array | Int16Array>(
  vector: Float32Array,
  scale: number,
  into: Components,
): Components {
  const factor = scale === 0 ? 0 : 1 / scale;
  for (let at = 0; at < into.length; at++) into[at] = Math.round((vector[at] ?? 0) * factor);
  return into;
}
