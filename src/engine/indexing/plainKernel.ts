import type { VectorKernel } from "./vectorKernel.ts";

const GROWTH = 1.5;

/** The kernel in JavaScript, for where there is no WebAssembly SIMD: the same results, bit for bit. */
export class PlainKernel implements VectorKernel {
  buffer = new ArrayBuffer(0);
  #bytes = new Int8Array(0);
  #halves = new Int16Array(0);
  #words = new Uint32Array(0);
  #floats = new Float32Array(0);

  reserve(bytes: number): void {
    if (bytes <= this.buffer.byteLength) return;
    const grown = new Int8Array(4 * Math.ceil(Math.max(bytes, GROWTH * this.buffer.byteLength) / 4));
    grown.set(this.#bytes);
    this.buffer = grown.buffer;
    this.#bytes = grown;
    this.#halves = new Int16Array(this.buffer);
    this.#words = new Uint32Array(this.buffer);
    this.#floats = new Float32Array(this.buffer);
  }

  wanted(rows: number, count: number, set: number, words: number, list: number): number {
    const memory = this.#words;
    let found = 0;
    for (let place = 0; place < count; place++) {
      const row = memory[rows / 4 + place] ?? 0;
      const word = row >>> 5;
      if (word >= words || (((memory[set / 4 + word] ?? 0) >>> (row & 31)) & 1) === 0) continue;
      memory[list / 4 + found++] = place;
    }
    return found;
  }

  compare(
    query: number,
    list: number,
    length: number,
    scales: number,
    vectors: number,
    dimensions: number,
    threshold: number,
    hits: number,
  ): number {
    const [bytes, halves] = [this.#bytes, this.#halves];
    let found = 0;
    for (let next = 0; next < length; next++) {
      const place = this.#words[list / 4 + next] ?? 0;
      const from = vectors + place * dimensions;
      let sum = 0;
      for (let at = 0; at < dimensions; at++) sum += (halves[query / 2 + at] ?? 0) * (bytes[from + at] ?? 0);
      const score = Math.fround(Math.fround(sum) * (this.#floats[scales / 4 + place] ?? 0));
      if (score < threshold) continue;
      this.#words[hits / 4 + 2 * found] = place;
      this.#floats[hits / 4 + 2 * found + 1] = score;
      found++;
    }
    return found;
  }
}
