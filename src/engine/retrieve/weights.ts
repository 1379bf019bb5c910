/** The signals whose weight is learned. */
export const LEARNED = ["meaning", "context", "expansion", "named", "time", "lasting", "use"] as const;
/** What each weight is multiplied by. */
export type Weights = Readonly<Record<(typeof LEARNED)[number], number>>;

/** As they were measured on all, before anything is learned here. */
export const MEASURED: Weights = { meaning: 1, context: 1, expansion: 1, named: 1, time: 1, lasting: 1, use: 1 };

/** What is learned stays within a half and the double of what was measured. */
export const LEAST = 0.5;
export const MOST = 2;
