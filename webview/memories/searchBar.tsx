import type { BrowseOrder, BrowseQuery } from "../../src/contract/explore.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import type { RefObject } from "preact";
import { countFacets, type Search } from "../pageState.ts";
import { IconButton, Icon, Select, TextField } from "../parts/elements.tsx";
import { count } from "../parts/words.ts";

const VISIBILITIES: readonly {
  readonly value: BrowseQuery["visibility"];
  readonly label: string;
  readonly title: string;
}[] = [
  { value: "visible", label: "Visible", title: "What the commit that is checked out inherits" },
  { value: "hidden", label: "Hidden", title: "What other branches know and this one does not" },
  { value: "all", label: "All", title: "Everything that is remembered" },
];
type Orders = readonly { readonly value: BrowseOrder; readonly label: string }[];
const ORDERS: Orders = [
  { value: "best", label: "Best first" },
  { value: "newest", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
];
/** Where nothing is asked, nothing is better than another: `best` is the newest, what is pinned before it. */
const LIST_ORDERS: Orders = [
  { value: "best", label: "Newest first" },
  { value: "oldest", label: "Oldest first" },
];

/** What is searched for, which part of the memories is shown, in which order, and how many there are. */
export function SearchBar(props: {
  readonly search: Search;
  readonly total: number | undefined;
  readonly loading: boolean;
  readonly facetsOpen: boolean;
  readonly onChange: (change: Partial<Search>) => void;
  readonly onToggleFacets: () => void;
  /** How many can be brought back. */
  readonly forgotten: number;
  readonly onShowForgotten: () => void;
  /** Goes on to the list. */
  readonly onLeave: () => void;
  readonly field: RefObject<HTMLElement | null>;
}) {
  const { search, total, onChange } = props;
  const facets = countFacets(search.facets);
  const listing = search.text.trim() === "";
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      props.onLeave();
    } else if (event.key === "Escape") {
      if (search.text === "") props.onLeave();
      else onChange({ text: "" });
    }
  };
  return (
    <div class="search-bar" role="search">
      <div class="search-row">
        <TextField
          label="Search memories"
          placeholder="Search memories (/)"
          icon="search"
          value={search.text}
          onInput={(text) => onChange({ text })}
          onKeyDown={onKeyDown}
          ref={props.field}
        >
          {search.text !== "" && (
            <span slot="content-after">
              <IconButton label="Clear the search" icon="close" onClick={() => onChange({ text: "" })} />
            </span>
          )}
        </TextField>
        <IconButton
          label={facets === 0 ? "Filters" : `Filters, ${facets} active`}
          icon={facets === 0 ? "filter" : "filter-filled"}
          pressed={props.facetsOpen}
          onClick={props.onToggleFacets}
        />
      </div>
      <div class="search-row">
        <div class="segments" role="group" aria-label="Which memories">
          {VISIBILITIES.map(({ value, label, title }) => (
            <button
              key={value}
              type="button"
              title={title}
              aria-pressed={search.visibility === value}
              onClick={() => onChange({ visibility: value })}
            >
              {label}
            </button>
          ))}
        </div>
        <Select
          key={listing ? "listing" : "search"}
          label="Order"
          value={listing && search.order === "newest" ? "best" : search.order}
          options={listing ? LIST_ORDERS : ORDERS}
          onChange={(order) => onChange({ order })}
        />
      </div>
      <div class="search-row result-line">
        <span class={`result-count ${props.loading ? "is-loading" : ""}`}>
          {total === undefined ? " " : count(total, "memory", "memories")}
        </span>
        {search.facets.commit?.map((commit) => (
          <button
            key={commit}
            type="button"
            class="chip"
            aria-label={`Remove the filter commit ${shortCommit(commit)}`}
            onClick={() => {
              const { commit: _, ...rest } = search.facets;
              onChange({ facets: rest });
            }}
          >
            <Icon name="git-commit" />
            {shortCommit(commit)}
            <Icon name="close" />
          </button>
        ))}
        {facets > 0 && (
          <button type="button" class="link" onClick={() => onChange({ facets: {} })}>
            Clear filters
          </button>
        )}
        {props.forgotten > 0 && (
          <button type="button" class="link" title="Show what can be brought back" onClick={props.onShowForgotten}>
            {`${props.forgotten} forgotten`}
          </button>
        )}
      </div>
    </div>
  );
}
