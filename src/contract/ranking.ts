import type { IntentName } from "./intent.ts";

/** What speaks for one memory as the answer to one query. Every part is a share, 0..1. */
export interface Evidence {
  /** BM25 of its best passage as a share of the query's ceiling. */
  readonly text: number;
  /** Cosine of its best passage and the query, 0 where they point apart; absent where there are no vectors. */
  readonly meaning?: number;
  /** What stands around it in its session; absent where it stands alone. */
  readonly context?: {
    /** Text evidence of the memories right beside it, weighted by their distance. */
    readonly beside: number;
    /** BM25 of its whole session, as a share of the ceiling. */
    readonly session: number;
  };
  /** BM25 of the whole document that it is a part of, as a share of the ceiling; absent where it is the only part, or in a session. */
  readonly document?: number;
  /** Text evidence of the best other memory at one of its anchors, less the more memories are there; absent where there is none. */
  readonly atAnchor?: number;
  /** How much it holds of the words that the best results hold and the query lacks; absent where nothing was found by them. */
  readonly expansion?: number;
  /** How well it answers as a reranker reads it together with the query; absent where none read it. */
  readonly reranker?: number;
}

/** What tells memories apart that match as well. What is absent is not ranked by. */
export interface Qualities {
  /** The query names a file or symbol that the memory is about. */
  readonly isNamed?: boolean;
  /** The query names a time, and the memory is of it. */
  readonly isOfTime?: boolean;
  /** It binds an agent or trips it up: a rule, a gotcha, a decision or a preference. */
  readonly isLasting?: boolean;
  /** The code that it speaks of changed since, or is gone. */
  readonly freshness?: "drifted" | "orphaned";
  /** What became of it when it was shown, -1 (wrong or stale) to 1 (helpful). */
  readonly use?: number;
  /** Milliseconds; below 0 counts as 0. */
  readonly ageMs?: number;
}

/** One search with what came of it. No text: only how much each signal spoke for each result. */
export interface RankingExample {
  /** What the question was taken for. */
  readonly intent?: IntentName;
  /** In the order in which they were shown. */
  readonly shown: readonly ShownResult[];
}

export interface ShownResult {
  readonly evidence: Evidence;
  readonly qualities: Qualities;
  /** It was what was wanted. */
  readonly helpful: boolean;
}
