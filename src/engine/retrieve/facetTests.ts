import type { BrowseFacets, Facet } from "../../contract/explore.ts";
import type { RowColumns } from "../seams.ts";

/** The facets whose values are counted. */
export const COUNTED = ["kind", "scope", "freshness", "branch", "agent"] as const;
export type CountedFacet = (typeof COUNTED)[number];

/** No test fails, or more than one does. */
export const NONE = -1;
export const SEVERAL = -2;

/** What a person narrows by, as tests of the rows of one store. */
export class FacetTests {
  readonly #tests: readonly FacetTest[];
  readonly #timestamps: Float64Array;
  readonly #from: number;
  readonly #to: number;

  constructor(columns: RowColumns, facets: BrowseFacets) {
    const asked: readonly (readonly [Facet, readonly string[] | undefined])[] = [
      ...COUNTED.map((facet) => [facet, facets[facet]] as const),
      ["commit", facets.commit],
      ["pinned", facets.pinned === true ? ["true"] : undefined],
    ];
    this.#tests = asked.flatMap(([facet, values]) => {
      if (values === undefined || values.length === 0) return [];
      const accepted = new Uint8Array(columns.codeLimit);
      for (const value of values) {
        const code = columns.codeOf(facet, value);
        if (code !== undefined) accepted[code] = 1;
      }
      return [{ counted: COUNTED.findIndex((one) => one === facet), codes: columns.facet(facet), accepted }];
    });
    this.#timestamps = columns.timestamps;
    this.#from = facets.time?.from ?? -Infinity;
    this.#to = facets.time?.to ?? Infinity;
  }

  /** The place in `COUNTED` of the one facet that refuses the row; NONE when it is in the result, SEVERAL when it counts nowhere. */
  refusing(row: number): number {
    const timestamp = this.#timestamps[row] ?? 0;
    if (timestamp < this.#from || timestamp > this.#to) return SEVERAL;
    let refusing = NONE;
    for (const { counted, codes, accepted } of this.#tests) {
      if (accepted[codes[row] ?? 0] === 1) continue;
      if (refusing !== NONE || counted === -1) return SEVERAL;
      refusing = counted;
    }
    return refusing;
  }
}

interface FacetTest {
  /** Place in `COUNTED`, -1 for one that is not counted. */
  readonly counted: number;
  readonly codes: Uint32Array;
  readonly accepted: Uint8Array;
}
