/** No segment holds more passages, so that a passage's number within it fits in 16 bits. */
export const SEGMENT_PASSAGES = 65_536;

/** The postings of one term in one segment: entries `from` to `to`, exclusive, of two parallel arrays; passages ascend. */
export interface PostingRun {
  readonly passages: Uint16Array;
  readonly frequencies: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** The postings of one segment, by term id. */
export interface Postings {
  /** Undefined when no passage of the segment holds the term. */
  run(term: number): PostingRun | undefined;
  readonly count: number;
  readonly bytes: number;
}

/** The place of `passage` in the run, or -1. */
export function findPassage(run: PostingRun, passage: number): number {
  const place = firstAtOrAfter(run, passage);
  return place < run.to && run.passages[place] === passage ? place : -1;
}

/** The first place in the run whose passage is `passage` or a later one. */
export function firstAtOrAfter(run: PostingRun, passage: number): number {
  const passages = run.passages;
  let low = run.from;
  let high = run.to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((passages[middle] ?? 0) < passage) low = middle + 1;
    else high = middle;
  }
  return low;
}
