import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MemoryRow } from "../../src/contract/explore.ts";
import type { Place } from "../app.tsx";
import { useHost } from "../host.ts";
import { countFacets, type Search } from "../pageState.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { BrowseSession } from "./browseSession.ts";
import { FacetPanel } from "./facetPanel.tsx";
import { forgetMemory } from "./forgetMemory.ts";
import { MemoryDetail } from "./memoryDetail.tsx";
import { MemoryList } from "./memoryList.tsx";
import { NothingHere } from "./nothingHere.tsx";
import { SearchBar } from "./searchBar.tsx";

const WIDE = 860;

/** Search, facets, list and the detail of the memory that is open. */
export function MemoriesView(props: {
  readonly place: Place;
  readonly go: (change: Partial<Place>) => void;
  readonly branch: string | undefined;
}) {
  const { place, go } = props;
  const { search, openId } = place;
  const host = useHost();
  const announcer = useAnnouncer();
  const [snapshot, setSnapshot] = useState<BrowseSession["snapshot"]>({ rows: new Map(), loading: true, shift: 0 });
  const session = useMemo(() => new BrowseSession(host, setSnapshot), [host]);
  const [facetsOpen, setFacetsOpen] = useState(() => window.innerWidth >= WIDE);
  const field = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => session.search(search), [session, search]);
  useEffect(() => {
    const ends = [host.onNotice("changed", () => session.refresh()), () => session.end()];
    return () => ends.forEach((end) => end());
  }, [host, session]);
  useSlashFocuses(field);

  const { result } = snapshot;
  const total = result?.total;
  useEffect(() => {
    if (total !== undefined) announcer.say(count(total, "memory", "memories"));
  }, [announcer, total]);

  const change = (next: Partial<Search>): void => go({ search: { ...search, ...next } });
  const open = (id: string): void => go({ openId: id });
  const closeDetail = (): void => {
    go({ openId: undefined });
    requestAnimationFrame(() => list.current?.focus());
  };
  const forget = (row: Pick<MemoryRow, "id" | "title">): void => {
    if (row.id === openId) closeDetail();
    void forgetMemory(host, announcer, row).then(() => session.refresh(), announcer.failed);
  };

  return (
    <div class={`memories ${openId === undefined ? "" : "has-detail"} ${facetsOpen ? "has-facets" : ""}`}>
      <div class="list-pane">
        <SearchBar
          search={search}
          total={total}
          loading={snapshot.loading}
          facetsOpen={facetsOpen}
          onChange={change}
          onToggleFacets={() => setFacetsOpen(!facetsOpen)}
          onLeave={() => list.current?.focus()}
          field={field}
        />
        <div class="list-columns">
          {facetsOpen && <FacetPanel search={search} facets={result?.facets} onChange={change} />}
          {snapshot.error !== undefined && <ErrorState error={snapshot.error} retry={() => session.refresh()} />}
          {snapshot.error === undefined && result === undefined && <Loading what="Reading memories…" />}
          {result !== undefined && total === 0 && (
            <NothingHere
              search={search}
              filtered={countFacets(search.facets) > 0}
              branch={props.branch}
              onChange={change}
            />
          )}
          {total !== undefined && total > 0 && (
            <MemoryList
              snapshot={snapshot}
              openId={openId}
              onOpen={open}
              onForget={forget}
              onShow={(first, last) => session.show(first, last)}
              onSearch={() => field.current?.focus()}
              listRef={list}
            />
          )}
        </div>
      </div>
      <div class="detail-pane">
        {openId === undefined ? (
          <EmptyState icon="layers" title="No memory is open">
            <p class="muted">Choose one in the list: arrows move, Enter opens, / searches.</p>
          </EmptyState>
        ) : (
          <MemoryDetail key={openId} id={openId} open={open} onClose={closeDetail} onForget={forget} />
        )}
      </div>
    </div>
  );
}

/** The slash key goes to the search wherever nothing is being typed. */
function useSlashFocuses(field: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.composedPath()[0];
      const typing =
        target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey;
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [field]);
}
