/** How much of each item is shown. */
export const DETAIL_LEVELS = ["outline", "signatures", "implementation", "full"] as const;
export type Detail = (typeof DETAIL_LEVELS)[number];
