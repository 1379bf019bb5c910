import { hasRow, type RowSet } from "../../contract/rowSet.ts";
import type { Sessions, SessionShares } from "../seams.ts";
import { FUNCTION_WORD_WEIGHT, inverseDocumentFrequency, saturation } from "./bm25.ts";
import { isFunctionWord } from "./functionWords.ts";
import type { IndexView } from "./indexView.ts";
import type { ResolvedTerm } from "./resolveQuery.ts";

/** Weighted lengths of the sessions of some rows. */
interface Lengths {
  readonly rows: RowSet;
  readonly sessions: Uint32Array;
  readonly changes: number;
  readonly lengths: Float64Array;
  readonly mean: number;
  /** Sessions that hold any passage. */
  readonly count: number;
}

/**
 * BM25 of sessions, each taken as one long document. What a session is about tells which of its memories a question means, where the
 * memory itself says it in other words.
 */
export class SessionScores {
  #lengths: Lengths | undefined;
  #frequencies = new Float64Array(0);

  get bytes(): number {
    return this.#frequencies.byteLength + (this.#lengths?.lengths.byteLength ?? 0);
  }

  /** `changes` counts the changes of the index: lengths are added up once for each state of it. */
  shares(
    view: IndexView,
    resolved: readonly ResolvedTerm[],
    sessions: Sessions,
    rows: RowSet,
    changes: number,
  ): SessionShares {
    const scores = new Map<number, number>();
    const lengths = this.#lengthsOf(view, sessions, rows, changes);
    if (lengths.count === 0) return scores;
    if (this.#frequencies.length < sessions.limit) this.#frequencies = new Float64Array(sessions.limit);
    const { base, slope } = saturation(Math.max(1, lengths.mean));
    let ceiling = 0;
    for (const { lookups, word } of resolved) {
      const touched = this.#count(view, lookups, sessions, rows);
      const worth =
        inverseDocumentFrequency(lengths.count, touched.length) * (isFunctionWord(word) ? FUNCTION_WORD_WEIGHT : 1);
      ceiling += worth;
      for (const session of touched) {
        const frequency = this.#frequencies[session] ?? 0;
        this.#frequencies[session] = 0;
        const gained = (worth * frequency) / (frequency + base + slope * (lengths.lengths[session] ?? 0));
        scores.set(session, (scores.get(session) ?? 0) + gained);
      }
    }
    for (const [session, score] of scores) scores.set(session, score / ceiling);
    return scores;
  }

  /** Adds up how often each session holds a term, and gives the sessions that do. */
  #count(view: IndexView, lookups: ResolvedTerm["lookups"], sessions: Sessions, rows: RowSet): readonly number[] {
    const touched: number[] = [];
    const frequencies = this.#frequencies;
    for (const { segment, scope } of view.segments) {
      const table = segment.passages;
      const anyRemoved = table.removed.length > 0;
      for (const { id, weight } of lookups) {
        const run = segment.postings.run(id);
        if (run === undefined) continue;
        for (let place = run.from; place < run.to; place++) {
          const passage = run.passages[place] ?? 0;
          const row = table.rows[passage] ?? 0;
          const session = sessions.of[row] ?? 0;
          if (session === 0 || !hasRow(rows, row) || (anyRemoved && table.isRemoved(passage))) continue;
          if (passage >= scope.checkFrom && row >= view.bound) continue;
          const before = frequencies[session] ?? 0;
          if (before === 0) touched.push(session);
          frequencies[session] = before + weight * (run.frequencies[place] ?? 0);
        }
      }
    }
    return touched;
  }

  #lengthsOf(view: IndexView, sessions: Sessions, rows: RowSet, changes: number): Lengths {
    const known = this.#lengths;
    if (known !== undefined && known.rows === rows && known.sessions === sessions.of && known.changes === changes)
      return known;
    const lengths = new Float64Array(sessions.limit);
    for (const { segment } of view.segments) {
      const table = segment.passages;
      const anyRemoved = table.removed.length > 0;
      for (let passage = 0; passage < table.count; passage++) {
        const row = table.rows[passage] ?? 0;
        const session = sessions.of[row] ?? 0;
        if (session === 0 || !hasRow(rows, row) || (anyRemoved && table.isRemoved(passage))) continue;
        lengths[session] = (lengths[session] ?? 0) + (table.lengths[passage] ?? 0);
      }
    }
    let count = 0;
    let sum = 0;
    for (const length of lengths) {
      if (length === 0) continue;
      count++;
      sum += length;
    }
    this.#lengths = { rows, sessions: sessions.of, changes, lengths, mean: sum / Math.max(1, count), count };
    return this.#lengths;
  }
}
