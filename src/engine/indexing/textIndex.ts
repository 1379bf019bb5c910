import type { RowSet } from "../../contract/rowSet.ts";
import type {
  FeedbackPassage,
  Sessions,
  SessionShares,
  TextDocument,
  TextHit,
  TextHits,
  TextIndex,
  TextMatches,
  TextQueryOptions,
} from "../seams.ts";
import { AllMatches } from "./allMatches.ts";
import { Analyser, type Analysis } from "./analyser.ts";
import { FIELD_WEIGHTS, MAX_FREQUENCY, saturation } from "./bm25.ts";
import { ExplainedQuery, type ExplainedWord, explainMatch, mostTelling } from "./explainMatch.ts";
import { IndexView } from "./indexView.ts";
import { joinPieces } from "./joinPieces.ts";
import { NearTerms } from "./nearTerms.ts";
import { PackedPostings } from "./packedPostings.ts";
import { FeedbackTerms } from "./feedbackTerms.ts";
import { findPassage, SEGMENT_PASSAGES } from "./postings.ts";
import { type ResolvedTerm, resolveQuery } from "./resolveQuery.ts";
import { type ScoredTerm, SegmentSearcher } from "./searchSegments.ts";
import { SessionScores } from "./sessionScores.ts";
import { emptySegment, type GrowingSegment, packSegments, type PackedSegment, Segment } from "./segment.ts";
import { TermDictionary } from "./termDictionary.ts";
import { decodeTextIndex, encodeTextIndex, type TextIndexContent } from "./textIndexFile.ts";

/** An empty index. */
export function createTextIndex(): TextIndex {
  return new SegmentedTextIndex({ dictionary: new TermDictionary(), largest: new Uint8Array(0), segments: [] });
}

/** An index that was saved. The bytes are used in place and must not be changed after. UNSUPPORTED_VERSION, STORE_CORRUPT. */
export function loadTextIndex(bytes: Uint8Array): TextIndex {
  return new SegmentedTextIndex(decodeTextIndex(bytes));
}

/**
 * Inverted index in segments of at most 65,536 passages: packed ones, and one that grows. Removal marks passages; a segment that is
 * one fifth removed is packed anew, and saving leaves nothing of what was removed.
 */
class SegmentedTextIndex implements TextIndex {
  readonly #analyser = new Analyser();
  readonly #searcher = new SegmentSearcher();
  readonly #matcher = new AllMatches();
  readonly #sessions = new SessionScores();
  readonly #feedback = new FeedbackTerms(this.#analyser);
  /** Counts what was added and removed. */
  #changes = 0;
  #dictionary: TermDictionary;
  #near: NearTerms;
  /** What was asked last, until something changes: one question is estimated, searched and explained. */
  #prepared: readonly PreparedQuery[] = [];
  /** By term, the largest weighted frequency that any passage has or had: bounds what the term can add. */
  #largest: Uint8Array;
  #packed: PackedSegment[];
  #growing: GrowingSegment = emptySegment();
  /** By term, weighted frequency in the passage that is being added; 0 between passages. */
  #frequencies: Uint8Array;

  constructor({ dictionary, largest, segments }: TextIndexContent) {
    this.#dictionary = dictionary;
    this.#near = new NearTerms(dictionary);
    this.#largest = enlarged(largest, dictionary.size + 256);
    this.#frequencies = new Uint8Array(this.#largest.length);
    this.#packed = [...segments];
  }

  add(row: number, document: TextDocument): void {
    this.remove(row);
    const passages = passagesOf(document);
    if (this.#growing.passages.count + passages.length > SEGMENT_PASSAGES) {
      const former = this.#growing;
      this.#pack();
      this.#growing = emptySegment(former);
    }
    for (const passage of passages) this.#addPassage(row, document, passage);
  }

  remove(row: number): void {
    this.#changes++;
    this.#prepared = [];
    if (this.#growing.passages.remove(row)) {
      if (isWorn(this.#growing)) this.#pack();
      return;
    }
    const at = this.#packed.findIndex((segment) => segment.passages.remove(row));
    const segment = this.#packed[at];
    if (segment !== undefined && isWorn(segment)) this.#repack(at);
  }

  search(query: string, options: TextQueryOptions): TextHits {
    const { view, resolved, terms } = this.#prepare(query, options.rowBound ?? Infinity);
    const found = this.#searcher.search({
      view,
      terms,
      limit: Math.min(options.limit, view.passages),
      rows: options.rows,
    });
    return {
      hits: found.hits,
      ceiling: resolved.reduce((sum, { worth }) => sum + worth, 0),
      terms: resolved.map(({ term, holding, lookups }) => ({
        term,
        documents: holding,
        expandedTo: holding > 0 ? [] : lookups.map((lookup) => lookup.term),
      })),
      visited: found.visited,
      workingBytes: this.#searcher.bytes,
    };
  }

  matches(query: string, rows: RowSet): TextMatches {
    const view = new IndexView(this.#segments(), Infinity);
    const resolved = resolveQuery(query, this.#analyser, this.#near, view, true);
    return this.#matcher.match(view, resolved, this.#scoredTerms(resolved, view), rows);
  }

  sessionShares(query: string, sessions: Sessions, rows: RowSet, rowBound = Infinity): SessionShares {
    const { view, resolved } = this.#prepare(query, rowBound);
    return this.#sessions.shares(view, resolved, sessions, rows, this.#changes);
  }

  feedback(query: string, passages: readonly FeedbackPassage[], options: TextQueryOptions): readonly TextHit[] {
    const { view, resolved } = this.#prepare(query, options.rowBound ?? Infinity);
    const terms = this.#feedback.choose(resolved, passages, this.#dictionary, view);
    const ceiling = terms.reduce((sum, { worth }) => sum + worth, 0);
    const found = this.#searcher.search({
      view,
      terms: terms.map(({ id, worth }) => this.#scoredTerm(id, worth, view)),
      limit: Math.min(options.limit, view.passages),
      rows: options.rows,
    });
    return found.hits.map(({ row, part, score }) => ({ row, part, score: score / ceiling }));
  }

  estimate(query: string): number {
    const { view, resolved } = this.#prepare(query, Infinity);
    if (view.passages === 0) return 0;
    // As if the terms were independent of one another.
    let without = 1;
    for (const { lookups } of resolved) {
      for (const { id } of lookups) without *= 1 - view.holding(id) / view.passages;
    }
    return Math.round((1 - without) * this.#livingRows());
  }

  explain(query: string, document: TextDocument, at?: Pick<TextHit, "row" | "part">): readonly string[] {
    const prepared = this.#prepare(query, Infinity);
    const explained = (prepared.explained ??= new ExplainedQuery(prepared.resolved));
    return explainMatch(
      explained,
      document,
      this.#analyser,
      at === undefined ? undefined : this.#heldBy(at, explained),
    );
  }

  /** The words of a query that a passage holds and that its reasons would name; undefined when it is not here. */
  #heldBy({ row, part }: Pick<TextHit, "row" | "part">, query: ExplainedQuery): ReadonlySet<ExplainedWord> | undefined {
    for (const { passages, postings } of this.#segments()) {
      const first = passages.firstLiving(row);
      if (first === -1) continue;
      const holds = (id: number): boolean => {
        const run = postings.run(id);
        return run !== undefined && findPassage(run, first + part) !== -1;
      };
      return new Set(mostTelling(query.words.filter(({ ids }) => ids.some(holds))));
    }
    return undefined;
  }

  stats(): { readonly documents: number; readonly terms: number; readonly postings: number; readonly bytes: number } {
    let postings = 0;
    let bytes =
      this.#dictionary.bytes +
      this.#near.bytes +
      this.#largest.byteLength +
      this.#frequencies.byteLength +
      this.#searcher.bytes +
      this.#matcher.bytes +
      this.#sessions.bytes +
      this.#feedback.bytes;
    for (const segment of this.#segments()) {
      postings += segment.postings.count;
      bytes += segment.postings.bytes + segment.passages.bytes;
    }
    return { documents: this.#livingRows(), terms: this.#dictionary.size, postings, bytes };
  }

  save(): Uint8Array {
    return joinPieces(this.pieces());
  }

  pieces(): readonly Uint8Array[] {
    this.#prepared = [];
    this.#pack();
    for (let at = this.#packed.length - 1; at >= 0; at--) {
      if ((this.#packed[at]?.passages.removed.length ?? 0) > 0) this.#repack(at);
    }
    this.#dropUnusedTerms();
    return encodeTextIndex({
      dictionary: this.#dictionary,
      largest: this.#largest.subarray(0, this.#dictionary.size),
      segments: this.#packed,
    });
  }

  #addPassage(row: number, document: TextDocument, passage: Passage): void {
    const terms: number[] = [];
    let length = this.#count(document.title, FIELD_WEIGHTS.title, terms);
    for (const heading of passage.headings) length += this.#count(heading, FIELD_WEIGHTS.title, terms);
    for (const tag of document.tags) length += this.#count(tag, FIELD_WEIGHTS.tags, terms);
    for (const anchor of document.anchors) length += this.#count(anchor, FIELD_WEIGHTS.anchors, terms);
    length += this.#count(passage.text, FIELD_WEIGHTS.body, terms);

    const number = this.#growing.passages.add(row, length);
    for (const term of terms) {
      const frequency = this.#frequencies[term] ?? 0;
      this.#frequencies[term] = 0;
      this.#growing.postings.append(term, number, frequency);
      if (frequency > (this.#largest[term] ?? 0)) this.#largest[term] = frequency;
    }
  }

  /** Counts the terms of a text, notes in `terms` those that are new to the passage, and gives the weighted length. */
  #count(text: string, weight: number, terms: number[]): number {
    let length = 0;
    this.#analyser.scan(text, (analysis) => {
      for (const id of this.#idsOf(analysis)) {
        const before = this.#frequencies[id] ?? 0;
        if (before === 0) terms.push(id);
        this.#frequencies[id] = Math.min(MAX_FREQUENCY, before + weight);
      }
      length += weight * analysis.terms.length;
    });
    return length;
  }

  #idsOf(analysis: Analysis): readonly number[] {
    const dictionary = this.#dictionary;
    if (analysis.numbered?.dictionary === dictionary) return analysis.numbered.ids;
    const ids = analysis.terms.map((term) => dictionary.intern(term));
    if (dictionary.size > this.#frequencies.length) this.#growTerms();
    analysis.numbered = { dictionary, ids };
    return ids;
  }

  #growTerms(): void {
    const length = Math.ceil(this.#dictionary.size * 1.5) + 256;
    this.#frequencies = enlarged(this.#frequencies, length);
    this.#largest = enlarged(this.#largest, length);
  }

  #scoredTerms(resolved: readonly ResolvedTerm[], view: IndexView): readonly ScoredTerm[] {
    /** Two words may be expanded to one term: it counts once, for the one that it serves best. */
    const worths = new Map<number, number>();
    for (const { worth, lookups } of resolved) {
      for (const { id, weight } of lookups) worths.set(id, Math.max(worths.get(id) ?? 0, weight * worth));
    }
    return [...worths].map(([id, worth]) => this.#scoredTerm(id, worth, view));
  }

  #scoredTerm(id: number, worth: number, view: IndexView): ScoredTerm {
    const largest = this.#largest[id] ?? MAX_FREQUENCY;
    return { id, worth, most: (worth * largest) / (largest + saturation(view.meanLength).base) };
  }

  #prepare(query: string, bound: number): PreparedQuery {
    const known = this.#prepared.find((prepared) => prepared.query === query && prepared.bound === bound);
    if (known !== undefined) return known;
    const view = new IndexView(this.#segments(), bound);
    const resolved = resolveQuery(query, this.#analyser, this.#near, view);
    const prepared = { query, bound, view, resolved, terms: this.#scoredTerms(resolved, view) };
    this.#prepared = [prepared, ...this.#prepared.slice(0, MOST_PREPARED - 1)];
    return prepared;
  }

  #segments(): readonly Segment[] {
    return [...this.#packed, this.#growing];
  }

  #livingRows(): number {
    return this.#segments().reduce((sum, { passages }) => sum + passages.livingRows, 0);
  }

  /** Packs the growing segment, together with the packed ones before it that are not much larger and fit in. */
  #pack(): void {
    if (this.#growing.passages.count === 0) return;
    const sources: Segment[] = [this.#growing];
    let living = this.#growing.passages.living;
    for (;;) {
      const before = this.#packed.at(-1);
      if (before === undefined || before.passages.living + living > SEGMENT_PASSAGES) break;
      if (before.passages.living > 2 * living && this.#packed.length < FEW_SEGMENTS) break;
      sources.unshift(before);
      living += before.passages.living;
      this.#packed.pop();
    }
    this.#growing = emptySegment();
    if (living > 0) this.#packed.push(packSegments(sources, this.#dictionary.size));
  }

  #repack(at: number): void {
    const segment = this.#packed[at];
    if (segment === undefined) return;
    const packed = segment.passages.living === 0 ? [] : [packSegments([segment], this.#dictionary.size)];
    this.#packed.splice(at, 1, ...packed);
  }

  /** Terms that only removed passages held leave the dictionary. */
  #dropUnusedTerms(): void {
    const used = new Uint8Array(this.#dictionary.size);
    for (const { postings } of this.#packed) {
      for (let term = 0; term < used.length; term++) if (postings.run(term) !== undefined) used[term] = 1;
    }
    if (!used.includes(0)) return;
    const kept = Array.from(used.keys()).filter((term) => used[term] === 1);
    this.#dictionary = this.#dictionary.filtered((term) => used[term] === 1);
    this.#near = new NearTerms(this.#dictionary);
    this.#largest = enlarged(
      Uint8Array.from(kept, (term) => this.#largest[term] ?? 0),
      kept.length + 256,
    );
    this.#frequencies = new Uint8Array(this.#largest.length);
    this.#packed = this.#packed.map(({ passages, postings }) => {
      const offsets = Uint32Array.from([...kept, used.length], (term) => postings.offsets[term] ?? postings.count);
      return new Segment(passages, new PackedPostings(offsets, postings.passages, postings.frequencies));
    });
  }
}

/** A later page is searched with a bound on rows, and estimated and explained without. */
const MOST_PREPARED = 2;

/** A query with everything about it that depends on the index alone. */
interface PreparedQuery {
  readonly query: string;
  readonly bound: number;
  readonly view: IndexView;
  readonly resolved: readonly ResolvedTerm[];
  readonly terms: readonly ScoredTerm[];
  explained?: ExplainedQuery;
}

/** While there are no more packed segments than this, a small one is not merged into a large one. */
const FEW_SEGMENTS = 4;

interface Passage {
  readonly text: string;
  readonly headings: readonly string[];
}

/** The parts of a document; the whole body when it has none, or more than a segment may hold. */
function passagesOf({ body, parts }: TextDocument): readonly Passage[] {
  if (parts.length === 0 || parts.length > SEGMENT_PASSAGES) return [{ text: body, headings: [] }];
  return parts.map(({ start, end, headings }) => ({ text: body.slice(start, end), headings }));
}

/** Whether so much of a segment is removed that it is worth packing anew: a fifth, and not only a few. */
function isWorn({ passages }: Segment): boolean {
  return passages.removed.length >= 256 && passages.removed.length * 5 > passages.count;
}

function enlarged(array: Uint8Array, length: number): Uint8Array {
  const grown = new Uint8Array(Math.max(length, array.length));
  grown.set(array);
  return grown;
}
