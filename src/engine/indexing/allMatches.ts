import type { RowSet } from "../../contract/rowSet.ts";
import type { TextMatches } from "../seams.ts";
import { saturation } from "./bm25.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { IndexView } from "./indexView.ts";
import { SEGMENT_PASSAGES } from "./postings.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";
import type { ScoredTerm } from "./searchSegments.ts";
import type { Segment } from "./segment.ts";

/** A row that does not hold every word of the query needs this share of the best row's score. */
const RELEVANT = 0.35;
/** Words of a query that are told apart, as bits; the rest of a longer one count as one. */
const MOST_WORDS = 31;

/**
 * Every match with its score, term at a time: without a bound on their number there is nothing to prune, and typed arrays are faster than a
 * heap of the best. Arrays are kept between searches.
 */
export class AllMatches {
  #scores = new Float64Array(0);
  #words = new Uint32Array(0);

  match(view: IndexView, resolved: readonly ResolvedTerm[], terms: readonly ScoredTerm[], rows: RowSet): TextMatches {
    const words = wordsOf(resolved);
    const found: Found = { rows: [], parts: [], scores: [], words: [] };
    for (const { segment } of view.segments) this.#matchSegment(segment, view, words, terms, rows, found);
    let every = 0;
    for (const bits of words.values()) every |= bits;
    const best = found.scores.reduce((most, score) => Math.max(most, score), 0);
    const kept: number[] = [];
    for (let at = 0; at < found.rows.length; at++)
      if (found.words[at] === every || (found.scores[at] ?? 0) >= RELEVANT * best) kept.push(at);
    return {
      rows: Uint32Array.from(kept, (at) => found.rows[at] ?? 0),
      parts: Uint16Array.from(kept, (at) => found.parts[at] ?? 0),
      scores: Float32Array.from(kept, (at) => found.scores[at] ?? 0),
      ceiling: resolved.reduce((sum, { worth }) => sum + worth, 0),
    };
  }

  #matchSegment(
    segment: Segment,
    view: IndexView,
    words: WordBits,
    terms: readonly ScoredTerm[],
    wanted: RowSet,
    found: Found,
  ): void {
    const { passages: table, postings } = segment;
    this.#reserve(table.count);
    const scores = this.#scores.fill(0, 0, table.count);
    const held = this.#words.fill(0, 0, table.count);
    const { base, slope } = saturation(view.meanLength);
    const { lengths } = table;
    for (const { id, worth } of terms) {
      const run = postings.run(id);
      if (run === undefined) continue;
      const bits = words.get(id) ?? 0;
      const { passages, frequencies, to } = run;
      for (let place = run.from; place < to; place++) {
        const passage = passages[place] ?? 0;
        const frequency = frequencies[place] ?? 0;
        const gained = (worth * frequency) / (frequency + base + slope * (lengths[passage] ?? 0));
        scores[passage] = (scores[passage] ?? 0) + gained;
        held[passage] = (held[passage] ?? 0) | bits;
      }
    }
    this.#collect(segment, wanted, found);
  }

  /** One match a row, by its best passage: the passages of a row stand next to each other. */
  #collect({ passages: table }: Segment, wanted: RowSet, found: Found): void {
    const anyRemoved = table.removed.length > 0;
    let last = -1;
    let first = 0;
    for (let passage = 0; passage < table.count; passage++) {
      const score = this.#scores[passage] ?? 0;
      const row = table.rows[passage] ?? 0;
      if (anyRemoved && table.isRemoved(passage)) continue;
      if (row !== last) {
        first = passage;
        last = row;
      }
      if (score === 0 || (((wanted[row >> 5] ?? 0) >>> (row & 31)) & 1) === 0) continue;
      const at = found.rows.length - 1;
      const words = this.#words[passage] ?? 0;
      if (found.rows[at] !== row) {
        found.rows.push(row);
        found.parts.push(passage - first);
        found.scores.push(score);
        found.words.push(words);
        continue;
      }
      found.words[at] = (found.words[at] ?? 0) | words;
      if (score <= (found.scores[at] ?? 0)) continue;
      found.scores[at] = score;
      found.parts[at] = passage - first;
    }
  }

  #reserve(passages: number): void {
    if (passages <= this.#scores.length) return;
    const length = Math.min(SEGMENT_PASSAGES, Math.max(1024, 2 ** Math.ceil(Math.log2(passages))));
    this.#scores = new Float64Array(length);
    this.#words = new Uint32Array(length);
  }
}

interface Found {
  readonly rows: number[];
  readonly parts: number[];
  readonly scores: number[];
  readonly words: number[];
}

/** By term id, the bits of the query's words that it stands for. */
type WordBits = ReadonlyMap<number, number>;

/** The words of a query that a match has to hold: function words count only where there are no others. */
function wordsOf(resolved: readonly ResolvedTerm[]): WordBits {
  const content = resolved.filter(({ word }) => !isFunctionWord(word));
  const wanted = content.length > 0 ? content : resolved;
  const bits = new Map<number, number>();
  const places = new Map<string, number>();
  for (const { word, lookups } of wanted) {
    if (!places.has(word)) places.set(word, Math.min(places.size, MOST_WORDS - 1));
    for (const { id } of lookups) bits.set(id, (bits.get(id) ?? 0) | (1 << (places.get(word) ?? 0)));
  }
  // A word that nothing stands for makes that nothing holds every word.
  const missing = wanted.some(({ lookups }) => lookups.length === 0);
  if (missing) bits.set(NOTHING, 1 << MOST_WORDS);
  return bits;
}

const NOTHING = -1;
