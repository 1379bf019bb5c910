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
  readonly #found = new Found();

  get bytes(): number {
    return this.#scores.byteLength + this.#words.byteLength + this.#found.bytes;
  }

  match(view: IndexView, resolved: readonly ResolvedTerm[], terms: readonly ScoredTerm[], rows: RowSet): TextMatches {
    const words = wordsOf(resolved);
    const found = this.#found;
    found.clear(view.passages);
    for (const { segment } of view.segments) this.#matchSegment(segment, view, words, terms, rows, found);
    let every = 0;
    for (const bits of words.values()) every |= bits;
    return { ...found.relevant(every), ceiling: resolved.reduce((sum, { worth }) => sum + worth, 0) };
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
    collect(segment, scores, held, wanted, found);
  }

  #reserve(passages: number): void {
    if (passages <= this.#scores.length) return;
    const length = Math.min(SEGMENT_PASSAGES, Math.max(1024, 2 ** Math.ceil(Math.log2(passages))));
    this.#scores = new Float64Array(length);
    this.#words = new Uint32Array(length);
  }
}

/** One match a row, by its best passage: the passages of a row stand next to each other. */
function collect(
  { passages: table }: Segment,
  scores: Float64Array,
  held: Uint32Array,
  wanted: RowSet,
  found: Found,
): void {
  const { rows, count } = table;
  const anyRemoved = table.removed.length > 0;
  let last = -1;
  let first = 0;
  for (let passage = 0; passage < count; passage++) {
    const row = rows[passage] ?? 0;
    if (anyRemoved && table.isRemoved(passage)) continue;
    if (row !== last) {
      first = passage;
      last = row;
    }
    const score = scores[passage] ?? 0;
    if (score === 0 || (((wanted[row >> 5] ?? 0) >>> (row & 31)) & 1) === 0) continue;
    found.add(row, passage - first, score, held[passage] ?? 0);
  }
}

/** Matches of the segments that were gone through, in parallel arrays that are kept from one search to the next. */
class Found {
  #rows = new Uint32Array(0);
  #parts = new Uint16Array(0);
  #scores = new Float32Array(0);
  #words = new Uint32Array(0);
  #count = 0;
  #best = 0;

  get bytes(): number {
    return this.#rows.byteLength + this.#parts.byteLength + this.#scores.byteLength + this.#words.byteLength;
  }

  /** Room for so many. */
  clear(most: number): void {
    this.#count = 0;
    this.#best = 0;
    if (most <= this.#rows.length) return;
    this.#rows = new Uint32Array(most);
    this.#parts = new Uint16Array(most);
    this.#scores = new Float32Array(most);
    this.#words = new Uint32Array(most);
  }

  add(row: number, part: number, score: number, words: number): void {
    const last = this.#count - 1;
    const again = last >= 0 && this.#rows[last] === row;
    const at = again ? last : this.#count++;
    this.#words[at] = again ? (this.#words[at] ?? 0) | words : words;
    if (score > this.#best) this.#best = score;
    if (again && score <= (this.#scores[at] ?? 0)) return;
    this.#rows[at] = row;
    this.#parts[at] = part;
    this.#scores[at] = score;
  }

  /** Those that hold every word, and those that come near the best. Moves them to the front. */
  relevant(every: number): Pick<TextMatches, "rows" | "parts" | "scores"> {
    const [rows, parts, scores, words] = [this.#rows, this.#parts, this.#scores, this.#words];
    const least = RELEVANT * this.#best;
    let kept = 0;
    for (let at = 0; at < this.#count; at++) {
      const score = scores[at] ?? 0;
      if (words[at] !== every && score < least) continue;
      rows[kept] = rows[at] ?? 0;
      parts[kept] = parts[at] ?? 0;
      scores[kept++] = score;
    }
    return { rows: rows.slice(0, kept), parts: parts.slice(0, kept), scores: scores.slice(0, kept) };
  }
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
