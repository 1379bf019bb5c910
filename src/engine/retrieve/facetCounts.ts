import type { BrowseResult, FacetCount } from "../../contract/explore.ts";
import type { RowColumns } from "../seams.ts";
import { COUNTED, type CountedFacet, NONE } from "./facetTests.ts";

const MOST_VALUES = 50;

/** How many rows of one store have each value. A row that one facet alone refuses counts for that facet: so each is counted as if it asked nothing itself. */
export class FacetCounter {
  readonly #columns: RowColumns;
  readonly #codes: readonly Uint32Array[];
  readonly #counts: readonly Uint32Array[];

  constructor(columns: RowColumns) {
    this.#columns = columns;
    this.#codes = COUNTED.map((facet) => columns.facet(facet));
    this.#counts = COUNTED.map(() => new Uint32Array(columns.codeLimit));
  }

  /** `refusing` as `FacetTests` tells it, not SEVERAL. */
  count(row: number, refusing: number): void {
    if (refusing !== NONE) {
      this.#add(refusing, row);
      return;
    }
    for (let facet = 0; facet < COUNTED.length; facet++) this.#add(facet, row);
  }

  #add(facet: number, row: number): void {
    const counts = this.#counts[facet];
    const code = this.#codes[facet]?.[row] ?? 0;
    if (counts !== undefined && code !== 0) counts[code] = (counts[code] ?? 0) + 1;
  }

  /** Adds the counts to those of other stores, by value. */
  addTo(totals: FacetTotals): void {
    for (const [at, facet] of COUNTED.entries()) {
      const counts = this.#counts[at] ?? new Uint32Array(0);
      for (let code = 1; code < counts.length; code++) {
        const count = counts[code] ?? 0;
        const value = count === 0 ? undefined : this.#columns.textOf(code);
        if (value !== undefined) totals[facet].set(value, (totals[facet].get(value) ?? 0) + count);
      }
    }
  }
}

export type FacetTotals = Readonly<Record<CountedFacet, Map<string, number>>>;

export const emptyTotals = (): FacetTotals => ({
  kind: new Map(),
  scope: new Map(),
  freshness: new Map(),
  branch: new Map(),
  agent: new Map(),
});

/** Most first, then by name, at most 50 a facet. */
export function mostCounted(totals: FacetTotals): BrowseResult["facets"] {
  const listed = (facet: CountedFacet): readonly FacetCount[] =>
    [...totals[facet]]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, MOST_VALUES);
  return {
    kind: listed("kind"),
    scope: listed("scope"),
    freshness: listed("freshness"),
    branch: listed("branch"),
    agent: listed("agent"),
  };
}
