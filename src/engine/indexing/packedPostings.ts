import type { PostingRun, Postings } from "./postings.ts";

/** Postings that are no longer added to, without a gap: three bytes each, and four bytes a term. */
export class PackedPostings implements Postings {
  /** By term, where its entries start; one more entry ends the last. Terms that were added later are past the end and have none. */
  readonly offsets: Uint32Array;
  readonly passages: Uint16Array;
  readonly frequencies: Uint8Array;

  constructor(offsets: Uint32Array, passages: Uint16Array, frequencies: Uint8Array) {
    this.offsets = offsets;
    this.passages = passages;
    this.frequencies = frequencies;
  }

  get count(): number {
    return this.passages.length;
  }

  get bytes(): number {
    return this.offsets.byteLength + this.passages.byteLength + this.frequencies.byteLength;
  }

  run(term: number): PostingRun | undefined {
    const from = this.offsets[term];
    const to = this.offsets[term + 1];
    if (from === undefined || to === undefined || from === to) return undefined;
    return { passages: this.passages, frequencies: this.frequencies, from, to };
  }
}
