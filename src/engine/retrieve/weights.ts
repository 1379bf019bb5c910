/** The signals whose weight is learned. */
export const LEARNED = [
  "meaning",
  "context",
  "expansion",
  "reranker",
  "named",
  "time",
  "lasting",
  "use",
  "recency",
] as const;
export type LearnedSignal = (typeof LEARNED)[number];
/** What each weight is multiplied by. */
export type Weights = Readonly<Record<LearnedSignal, number>>;

/** As they were measured on all, before anything is learned here. */
export const MEASURED: Weights = {
  meaning: 1,
  context: 1,
  expansion: 1,
  reranker: 1,
  named: 1,
  time: 1,
  lasting: 1,
  use: 1,
  recency: 1,
};

/** How far a weight may be learned away from what was measured. */
interface Leash {
  /** Least and most that it is multiplied by, whatever outcomes say. */
  readonly least: number;
  readonly most: number;
  /** How strongly it is held to what it was: so much loss for each square of the difference of their logarithms. */
  readonly hold: number;
}

/** Measured on thousands of questions of several kinds: what is asked here will hardly differ much. */
const MEASURED_WELL: Leash = { least: 1 / 2, most: 2, hold: 0.1 };
/** Says little of what people ask for on the whole, so it breaks ties only: to one who wants decisions, or what is new, it may say much. */
const TIE_BREAKER: Leash = { least: 1 / 4, most: 8, hold: 0.005 };
/** Chosen for all, without a measure; the double of it counts what a reranker is certain of in full. */
const CHOSEN: Leash = { least: 1 / 2, most: 2, hold: 0.1 };

export const LEASHES: Readonly<Record<LearnedSignal, Leash>> = {
  meaning: MEASURED_WELL,
  context: MEASURED_WELL,
  expansion: MEASURED_WELL,
  reranker: CHOSEN,
  named: MEASURED_WELL,
  time: MEASURED_WELL,
  use: TIE_BREAKER,
  lasting: TIE_BREAKER,
  recency: TIE_BREAKER,
};
