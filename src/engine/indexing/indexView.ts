import { inverseDocumentFrequency } from "./bm25.ts";
import type { Segment, SegmentScope } from "./segment.ts";

/** The statistics of an index as of a bound on rows: what was added with rows at or above it does not count. */
export class IndexView {
  readonly segments: readonly { readonly segment: Segment; readonly scope: SegmentScope }[];
  readonly bound: number;
  /** Living passages. */
  readonly passages: number;
  /** Mean weighted length of a passage, at least 1. */
  readonly meanLength: number;

  constructor(segments: readonly Segment[], bound: number) {
    this.bound = bound;
    this.segments = segments.flatMap((segment) => {
      const scope = segment.scope(bound);
      return scope === undefined ? [] : [{ segment, scope }];
    });
    this.passages = this.segments.reduce((sum, { scope }) => sum + scope.passages, 0);
    const length = this.segments.reduce((sum, { scope }) => sum + scope.length, 0);
    this.meanLength = Math.max(1, length / Math.max(1, this.passages));
  }

  /** Living passages that hold the term. */
  holding(term: number): number {
    let holding = 0;
    for (const { segment, scope } of this.segments) holding += segment.holding(term, this.bound, scope);
    return holding;
  }

  inverseDocumentFrequency(holding: number): number {
    return inverseDocumentFrequency(this.passages, holding);
  }
}
