import { FRESHNESS } from "../../contract/memory.ts";
import type { KnownFreshness, RowColumns } from "../seams.ts";

/** The columns of a store, that of freshness as it is where the request stands. */
export function withFreshness(columns: RowColumns, freshness: KnownFreshness | undefined): RowColumns {
  if (freshness === undefined) return columns;
  const own = FRESHNESS.map((word, at) => columns.codeOf("freshness", word) ?? columns.codeLimit + at);
  const codeOf = (word: string): number | undefined => own[FRESHNESS.findIndex((one) => one === word)];
  const codes = columns.facet("freshness").slice();
  for (const [row, word] of freshness.words()) if (row < codes.length) codes[row] = codeOf(word) ?? 0;
  return {
    facet: (facet) => (facet === "freshness" ? codes : columns.facet(facet)),
    timestamps: columns.timestamps,
    get byTime() {
      return columns.byTime;
    },
    codeLimit: columns.codeLimit + FRESHNESS.length,
    codeOf: (facet, text) => (facet === "freshness" ? codeOf(text) : columns.codeOf(facet, text)),
    textOf: (code) => (code < columns.codeLimit ? columns.textOf(code) : FRESHNESS[code - columns.codeLimit]),
  };
}
