import type { BrowseFacets, BrowseOrder, BrowseQuery } from "../src/contract/explore.ts";
import type { ExplorerView } from "../src/contract/explorer.ts";
import type { BuildContextInput } from "../src/contract/tools.ts";

/** What the page remembers while it is hidden or the window is reloaded. */
export interface PageState {
  readonly version: 1;
  readonly view: ExplorerView;
  readonly search: Search;
  readonly openId?: string | undefined;
  /** The text whose search led to the memory that is open. */
  readonly foundBy?: string | undefined;
  /** Which part of the code view is shown, and the name that is looked for. */
  readonly code: { readonly part: CodePart; readonly text: string };
  readonly question: { readonly text: string; readonly budget: number; readonly detail: Detail };
  /** Pairs of the review that a person wants to keep both, `a b` by id. */
  readonly keptPairs: readonly string[];
  /** What somebody was typing and has not sent, by what it is about; the oldest first. */
  readonly drafts: Readonly<Record<string, unknown>>;
}

export interface Search {
  readonly text: string;
  readonly facets: BrowseFacets;
  readonly visibility: BrowseQuery["visibility"];
  readonly order: BrowseOrder;
}
export type CodePart = "symbols" | "question";
export type Detail = NonNullable<BuildContextInput["detail"]>;

export const emptySearch: Search = { text: "", facets: {}, visibility: "visible", order: "best" };

export const emptyPageState: PageState = {
  version: 1,
  view: "memories",
  search: emptySearch,
  code: { part: "symbols", text: "" },
  question: { text: "", budget: 4000, detail: "implementation" },
  keptPairs: [],
  drafts: {},
};

/** The state that an earlier page of this version saved; undefined for anything else. */
export function readPageState(state: unknown): PageState | undefined {
  if (typeof state !== "object" || state === null) return undefined;
  if ((state as { version?: unknown }).version !== 1) return undefined;
  return { ...emptyPageState, ...(state as Partial<PageState>) };
}

/** The number of values that the facets ask for. */
export function countFacets(facets: BrowseFacets): number {
  return Object.values(facets).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : value === undefined ? 0 : 1),
    0,
  );
}
