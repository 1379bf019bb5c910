import type { RowSet } from "../../contract/rowSet.ts";
import type { TextHit } from "../seams.ts";
import { saturation } from "./bm25.ts";
import type { IndexView } from "./indexView.ts";
import { findPassage, type PostingRun, SEGMENT_PASSAGES } from "./postings.ts";
import type { Segment, SegmentScope } from "./segment.ts";
import { TopRows } from "./topRows.ts";

/** A term to score by. */
export interface ScoredTerm {
  readonly id: number;
  /** Weight times idf: what a saturated occurrence is worth. */
  readonly worth: number;
  /** No passage gets more than this for the term. */
  readonly most: number;
}

export interface SegmentSearch {
  readonly view: IndexView;
  readonly terms: readonly ScoredTerm[];
  readonly limit: number;
  readonly rows: RowSet | undefined;
}

/**
 * Exact best rows, term at a time with the pruning of MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).
 * Terms are taken in the order of the most that they can add. While the terms that are left could still lift an unseen passage into the
 * result, a term's postings are added up; after that the rest of the terms is only looked up for the passages that can still get there.
 *
 * Accumulators are kept between searches; an accumulator of 0 was not touched, and one of -Infinity belongs to a passage that may not be
 * a hit, so that filter, bound and removal are tested once a passage. So are the lists that may be long: what a search leaves
 * behind is collected while another one is waited for.
 */
export class SegmentSearcher {
  #accumulators = new Float64Array(0);
  #touched = new Uint16Array(0);
  #candidates = new Uint16Array(0);
  /** Scratch of `Collector.threshold`. */
  #best = new Float64Array(0);
  #visited = 0;

  get bytes(): number {
    return (
      this.#accumulators.byteLength + this.#touched.byteLength + this.#candidates.byteLength + this.#best.byteLength
    );
  }

  search(query: SegmentSearch): { readonly hits: readonly TextHit[]; readonly visited: number } {
    this.#visited = 0;
    if (query.limit === 0) return { hits: [], visited: 0 };
    const top = new TopRows(query.limit);
    const terms = [...query.terms].sort((a, b) => b.most - a.most || a.id - b.id);
    /** By term: the most that it and the terms after it can add. */
    const rest = new Float64Array(terms.length + 1);
    for (let index = terms.length - 1; index >= 0; index--)
      rest[index] = (rest[index + 1] ?? 0) + (terms[index]?.most ?? 0);
    const { segments } = query.view;
    if (this.#best.length < query.limit) this.#best = new Float64Array(query.limit);
    for (let number = 0; number < segments.length; number++) this.#searchSegment(query, terms, rest, number, top);
    const hits = top.sorted((row, passage, score) => {
      const table = segments[Math.floor(passage / SEGMENT_PASSAGES)]?.segment.passages;
      return { row, part: table?.partOf(passage % SEGMENT_PASSAGES) ?? 0, score };
    });
    return { hits, visited: this.#visited };
  }

  #searchSegment(
    query: SegmentSearch,
    terms: readonly ScoredTerm[],
    rest: Float64Array,
    number: number,
    top: TopRows,
  ): void {
    const part = query.view.segments[number];
    if (part === undefined) return;
    const { segment, scope } = part;
    this.#reserve(segment.passages.count);
    const runs = terms.map((term) => segment.postings.run(term.id));
    const collector = new Collector(query, segment, scope, this.#best);
    let touched = 0;
    let threshold = top.threshold;
    let next = 0;
    for (; next < terms.length; next++) {
      const left = rest[next] ?? 0;
      if (cannotReach(left, threshold)) break;
      const run = runs[next];
      if (run === undefined) continue;
      // What was added up so far may be enough to stop; finding out costs less than to go on.
      if (touched >= query.limit && touched < 2 * (run.to - run.from) && (rest[0] ?? 0) - left > left) {
        threshold = Math.max(threshold, collector.threshold(this.#accumulators, this.#touched, touched));
        if (cannotReach(left, threshold)) break;
      }
      touched = this.#accumulate(run, terms[next]?.worth ?? 0, collector, touched);
    }

    const accumulators = this.#accumulators;
    const candidates = this.#candidates;
    let count = 0;
    const left = rest[next] ?? 0;
    for (let place = 0; place < touched; place++) {
      const passage = this.#touched[place] ?? 0;
      if (!cannotReach((accumulators[passage] ?? 0) + left, threshold)) candidates[count++] = passage;
    }
    count = this.#complete(terms, runs, rest, next, count, threshold, collector);
    const table = segment.passages;
    for (let place = 0; place < count; place++) {
      const passage = candidates[place] ?? 0;
      const score = accumulators[passage] ?? 0;
      if (score < top.threshold || score === -Infinity) continue;
      top.offer(score, table.rows[passage] ?? 0, number * SEGMENT_PASSAGES + passage, table.hasSiblings(passage));
    }
    for (let place = 0; place < touched; place++) accumulators[this.#touched[place] ?? 0] = 0;
  }

  #accumulate(run: PostingRun, worth: number, collector: Collector, already: number): number {
    const { passages, frequencies, to } = run;
    const { lengths, base, slope } = collector;
    const accumulators = this.#accumulators;
    const list = this.#touched;
    let touched = already;
    for (let place = run.from; place < to; place++) {
      const passage = passages[place] ?? 0;
      const before = accumulators[passage] ?? 0;
      if (before === 0) {
        list[touched++] = passage;
        if (!collector.admits(passage)) {
          accumulators[passage] = -Infinity;
          continue;
        }
      }
      const frequency = frequencies[place] ?? 0;
      accumulators[passage] = before + (worth * frequency) / (frequency + base + slope * (lengths[passage] ?? 0));
    }
    this.#visited += to - run.from;
    return touched;
  }

  /** Adds the terms from `next` on to the first `many` candidates alone; those that fall behind leave the list. How many are left. */
  #complete(
    terms: readonly ScoredTerm[],
    runs: readonly (PostingRun | undefined)[],
    rest: Float64Array,
    next: number,
    many: number,
    reached: number,
    collector: Collector,
  ): number {
    const [accumulators, candidates] = [this.#accumulators, this.#candidates];
    let count = many;
    let threshold = reached;
    for (let index = next; index < terms.length; index++) {
      const run = runs[index];
      if (run === undefined) continue;
      const worth = terms[index]?.worth ?? 0;
      if (run.to - run.from < count * LOOKUP_COST) this.#addToTouched(run, worth, collector);
      else this.#lookUp(run, worth, collector, count);
      if (count > collector.limit)
        threshold = Math.max(threshold, collector.threshold(accumulators, candidates, count));
      const after = rest[index + 1] ?? 0;
      let kept = 0;
      for (let place = 0; place < count; place++) {
        const passage = candidates[place] ?? 0;
        if (!cannotReach((accumulators[passage] ?? 0) + after, threshold)) candidates[kept++] = passage;
      }
      count = kept;
    }
    return count;
  }

  /** Goes through a whole run and adds it to the passages that were met before. */
  #addToTouched(run: PostingRun, worth: number, { lengths, base, slope }: Collector): void {
    const { passages, frequencies, to } = run;
    const accumulators = this.#accumulators;
    for (let place = run.from; place < to; place++) {
      const passage = passages[place] ?? 0;
      const before = accumulators[passage] ?? 0;
      if (before <= 0) continue;
      const frequency = frequencies[place] ?? 0;
      accumulators[passage] = before + (worth * frequency) / (frequency + base + slope * (lengths[passage] ?? 0));
    }
    this.#visited += to - run.from;
  }

  #lookUp(run: PostingRun, worth: number, { lengths, base, slope }: Collector, count: number): void {
    const [accumulators, candidates] = [this.#accumulators, this.#candidates];
    for (let at = 0; at < count; at++) {
      const passage = candidates[at] ?? 0;
      const place = findPassage(run, passage);
      if (place === -1) continue;
      const frequency = run.frequencies[place] ?? 0;
      const before = accumulators[passage] ?? 0;
      accumulators[passage] = before + (worth * frequency) / (frequency + base + slope * (lengths[passage] ?? 0));
    }
    this.#visited += count;
  }

  #reserve(passages: number): void {
    if (passages <= this.#accumulators.length) return;
    const length = Math.min(SEGMENT_PASSAGES, Math.max(1024, 2 ** Math.ceil(Math.log2(passages))));
    this.#accumulators = new Float64Array(length);
    this.#touched = new Uint16Array(length);
    this.#candidates = new Uint16Array(length);
  }
}

/** What the inner loops need to know of one segment. */
class Collector {
  readonly lengths: Uint16Array;
  readonly base: number;
  readonly slope: number;
  readonly #segment: Segment;
  readonly #checkFrom: number;
  readonly #anyRemoved: boolean;
  readonly #rowBound: number;
  readonly #rows: RowSet | undefined;
  readonly limit: number;
  readonly #best: Float64Array;

  /** `best`: scratch for as many scores as are wanted. */
  constructor(query: SegmentSearch, segment: Segment, scope: SegmentScope, best: Float64Array) {
    this.lengths = segment.passages.lengths;
    const { base, slope } = saturation(query.view.meanLength);
    this.base = base;
    this.slope = slope;
    this.#segment = segment;
    this.#checkFrom = scope.checkFrom;
    this.#anyRemoved = segment.passages.removed.length > 0;
    this.#rowBound = query.view.bound;
    this.#rows = query.rows;
    this.limit = query.limit;
    this.#best = best;
  }

  admits(passage: number): boolean {
    const table = this.#segment.passages;
    if (this.#anyRemoved && table.isRemoved(passage)) return false;
    const row = table.rows[passage] ?? 0;
    if (passage >= this.#checkFrom && row >= this.#rowBound) return false;
    return this.#rows === undefined || (((this.#rows[row >> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /**
   * A score that as many rows as are wanted have already: a lower bound of the final threshold. Of a row with several passages only the first
   * is looked at.
   */
  threshold(accumulators: Float64Array, passages: Uint16Array, count: number): number {
    const best = this.#best;
    const limit = this.limit;
    const rows = this.#segment.passages.rows;
    let taken = 0;
    let worst = 0;
    for (let place = 0; place < count; place++) {
      const passage = passages[place] ?? 0;
      const score = accumulators[passage] ?? 0;
      if (score <= worst || (passage > 0 && rows[passage - 1] === rows[passage])) continue;
      if (taken < limit) rise(best, taken++, score);
      else sink(best, limit, score);
      if (taken === limit) worst = best[0] ?? 0;
    }
    return taken < limit ? 0 : worst;
  }
}

/** Puts a score into a heap of `count` scores whose root is the least. */
function rise(heap: Float64Array, count: number, score: number): void {
  let place = count;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above] ?? 0;
    if (score >= parent) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = score;
}

/** Replaces the least score of a full heap. */
function sink(heap: Float64Array, count: number, score: number): void {
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    if (below >= count) break;
    if (below + 1 < count && (heap[below + 1] ?? 0) < (heap[below] ?? 0)) below += 1;
    const child = heap[below] ?? 0;
    if (child >= score) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = score;
}

/** A binary search in a run costs about as much as this many entries of going through it. */
const LOOKUP_COST = 24;

/** Sums of the same numbers in another order differ in the last bits; the margin keeps pruning exact. */
function cannotReach(score: number, threshold: number): boolean {
  return score < threshold * (1 - 1e-9);
}
