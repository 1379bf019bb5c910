/** The rows of a model, and where those are listed whose sum is wanted. */
export interface RowTable {
  /** As long as the table: a row is listed once. */
  readonly list: Uint32Array;
  readonly weights: Float32Array;
  /** Sum of the first `length` rows of the list, each times its weight, rounded to float32 at every step. Overwritten by the next one. */
  sum(length: number): Float32Array;
}

/**
 * Holds a copy of rows of `dimensions` components: two nibbles a byte, value + 8, low nibble first. In WebAssembly SIMD where the bytes of
 * vectorScan.wasm are given and the machine can run them; the sums are the same.
 */
export function makeRowTable(nibbles: Uint8Array, dimensions: number, wasm: Uint8Array | undefined): RowTable {
  const simd = wasm !== undefined && dimensions % 32 === 0 && WebAssembly.validate(wasm);
  return simd ? new SimdRowTable(nibbles, dimensions, wasm) : new PlainRowTable(nibbles, dimensions);
}

class PlainRowTable implements RowTable {
  readonly list: Uint32Array;
  readonly weights: Float32Array;
  readonly #nibbles: Uint8Array;
  readonly #sums: Float32Array;

  constructor(nibbles: Uint8Array, dimensions: number) {
    const rows = Math.floor((2 * nibbles.length) / dimensions);
    this.list = new Uint32Array(rows);
    this.weights = new Float32Array(rows);
    this.#nibbles = new Uint8Array(nibbles);
    this.#sums = new Float32Array(dimensions);
  }

  sum(length: number): Float32Array {
    const [nibbles, sums] = [this.#nibbles, this.#sums];
    sums.fill(0);
    for (let next = 0; next < length; next++) {
      const weight = this.weights[next] ?? 0;
      const from = (this.list[next] ?? 0) * sums.length;
      for (let at = 0; at < sums.length; at++) {
        const pair = nibbles[(from + at) >> 1] ?? 0;
        const component = (((from + at) & 1) === 0 ? pair & 15 : pair >> 4) - 8;
        sums[at] = (sums[at] ?? 0) + Math.fround(weight * component);
      }
    }
    return sums;
  }
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  /** See rowSum/sum.as.ts. */
  readonly sum: (rows: number, dimensions: number, list: number, weights: number, length: number, sums: number) => void;
}

const PAGE = 65_536;
/** What AssemblyScript keeps for itself ends below. */
const HEAP = 1024;

class SimdRowTable implements RowTable {
  readonly list: Uint32Array;
  readonly weights: Float32Array;
  readonly #sum: Exports["sum"];
  readonly #dimensions: number;
  readonly #sums: Float32Array;
  readonly #rowsAt: number;

  constructor(nibbles: Uint8Array, dimensions: number, wasm: Uint8Array) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), { env: { abort: unreachable } });
    const { memory, sum } = instance.exports as unknown as Exports;
    const rows = Math.floor((2 * nibbles.length) / dimensions);
    this.#sum = sum;
    this.#dimensions = dimensions;
    const listAt = HEAP + 4 * dimensions;
    const weightsAt = listAt + 4 * rows;
    this.#rowsAt = weightsAt + 4 * rows;
    memory.grow(Math.ceil((this.#rowsAt + nibbles.length - memory.buffer.byteLength) / PAGE));
    this.#sums = new Float32Array(memory.buffer, HEAP, dimensions);
    this.list = new Uint32Array(memory.buffer, listAt, rows);
    this.weights = new Float32Array(memory.buffer, weightsAt, rows);
    new Uint8Array(memory.buffer, this.#rowsAt).set(nibbles);
  }

  sum(length: number): Float32Array {
    const { list, weights } = this;
    this.#sum(this.#rowsAt, this.#dimensions, list.byteOffset, weights.byteOffset, length, this.#sums.byteOffset);
    return this.#sums;
  }
}

function unreachable(): never {
  throw new Error("The sum of rows aborted.");
}
