import { GrowingPostings } from "./growingPostings.ts";
import { PackedPostings } from "./packedPostings.ts";
import { PassageTable } from "./passageTable.ts";
import { findPassage, firstAtOrAfter, type PostingRun, type Postings } from "./postings.ts";

/** What part of a segment counts for a query with a bound on rows. */
export interface SegmentScope {
  /** Living passages below the bound, and the sum of their lengths. */
  readonly passages: number;
  readonly length: number;
  /** Passages from here on have to be compared with the bound one by one. */
  readonly checkFrom: number;
}

/** A run of passages with their postings. Only removal changes a packed one. */
export class Segment<P extends Postings = Postings> {
  readonly passages: PassageTable;
  readonly postings: P;
  /** By term: how many of its passages are among the first `seen` removed ones. Filled for the terms that are asked for. */
  readonly #removedHolding = new Map<number, { seen: number; holding: number }>();

  constructor(passages: PassageTable, postings: P) {
    this.passages = passages;
    this.postings = postings;
  }

  /** Rows at or above `bound` do not count. Undefined when nothing in the segment counts. */
  scope(bound: number): SegmentScope | undefined {
    const table = this.passages;
    if (table.living === 0 || table.lowestRow >= bound) return undefined;
    if (table.highestRow < bound) {
      return { passages: table.living, length: table.livingLength, checkFrom: table.count };
    }
    const checkFrom = table.firstReaching(bound);
    let passages = table.living;
    let length = table.livingLength;
    for (let passage = checkFrom; passage < table.count; passage++) {
      if ((table.rows[passage] ?? 0) < bound || table.isRemoved(passage)) continue;
      passages -= 1;
      length -= table.lengths[passage] ?? 0;
    }
    return passages === 0 ? undefined : { passages, length, checkFrom };
  }

  /** How many living passages below the bound hold the term. */
  holding(term: number, bound: number, scope: SegmentScope): number {
    const run = this.postings.run(term);
    if (run === undefined) return 0;
    let holding = run.to - run.from - this.#removedOf(term, run);
    if (scope.checkFrom === this.passages.count) return holding;
    for (let place = firstAtOrAfter(run, scope.checkFrom); place < run.to; place++) {
      const passage = run.passages[place] ?? 0;
      if ((this.passages.rows[passage] ?? 0) >= bound && !this.passages.isRemoved(passage)) holding -= 1;
    }
    return holding;
  }

  /** Each pair of a removed passage and a term that is asked for is looked at once. */
  #removedOf(term: number, run: PostingRun): number {
    const removed = this.passages.removed;
    if (removed.length === 0) return 0;
    let known = this.#removedHolding.get(term);
    if (known === undefined) {
      if (this.#removedHolding.size >= REMOVED_HOLDING_TERMS) this.#removedHolding.clear();
      known = { seen: 0, holding: 0 };
      this.#removedHolding.set(term, known);
    }
    const length = run.to - run.from;
    if (known.seen === 0 && removed.length * Math.log2(length + 1) > length) {
      for (let place = run.from; place < run.to; place++) {
        if (this.passages.isRemoved(run.passages[place] ?? 0)) known.holding += 1;
      }
      known.seen = removed.length;
    }
    for (; known.seen < removed.length; known.seen++) {
      if (findPassage(run, removed[known.seen] ?? 0) !== -1) known.holding += 1;
    }
    return known.holding;
  }
}

const REMOVED_HOLDING_TERMS = 4096;

export type PackedSegment = Segment<PackedPostings>;
export type GrowingSegment = Segment<GrowingPostings>;

/** `former` was packed: its memory is used again. */
export function emptySegment(former?: GrowingSegment): GrowingSegment {
  return new Segment(new PassageTable(), new GrowingPostings(former?.postings));
}

/**
 * One packed segment of the living passages of `sources`, in their order. `terms` is the size of the dictionary. The caller sees to it
 * that they are no more than a segment may hold.
 */
export function packSegments(sources: readonly Segment[], terms: number): PackedSegment {
  const living = sources.reduce((sum, source) => sum + source.passages.living, 0);
  const rows = new Uint32Array(living);
  const lengths = new Uint16Array(living);
  let next = 0;
  const numbers = sources.map((source) => {
    const table = source.passages;
    const number = new Int32Array(table.count).fill(-1);
    for (let passage = 0; passage < table.count; passage++) {
      if (table.isRemoved(passage)) continue;
      rows[next] = table.rows[passage] ?? 0;
      lengths[next] = table.lengths[passage] ?? 0;
      number[passage] = next++;
    }
    return number;
  });

  const most = sources.reduce((sum, source) => sum + source.postings.count, 0);
  const offsets = new Uint32Array(terms + 1);
  const passages = new Uint16Array(most);
  const frequencies = new Uint8Array(most);
  let at = 0;
  for (let term = 0; term < terms; term++) {
    offsets[term] = at;
    for (const [index, source] of sources.entries()) {
      const run = source.postings.run(term);
      const number = numbers[index];
      if (run === undefined || number === undefined) continue;
      for (let place = run.from; place < run.to; place++) {
        const passage = number[run.passages[place] ?? 0] ?? -1;
        if (passage === -1) continue;
        passages[at] = passage;
        frequencies[at++] = run.frequencies[place] ?? 0;
      }
    }
  }
  offsets[terms] = at;
  const tight = at === most;
  return new Segment(
    new PassageTable(rows, lengths, living),
    new PackedPostings(
      offsets,
      tight ? passages : passages.slice(0, at),
      tight ? frequencies : frequencies.slice(0, at),
    ),
  );
}
