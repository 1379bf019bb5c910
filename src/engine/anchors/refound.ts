/** Where an anchor is in one file as that is now. */
export interface Refound {
  readonly freshness: "fresh" | "drifted";
  readonly why: string;
  /** In the same file; absent where it is where it was. */
  readonly symbol?: string;
  readonly startLine?: number;
  readonly endLine?: number;
  /** 0..1 */
  readonly likeness: number;
}

/** In steps of five: it is an estimate. */
export const percent = (share: number): string => `about ${Math.round(share * 20) * 5} %`;
