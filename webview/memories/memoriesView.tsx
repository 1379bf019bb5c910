import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MemoryRow } from "../../src/contract/explore.ts";
import type { Place } from "../app.tsx";
import { useHost } from "../host.ts";
import { countFacets, type Search } from "../pageState.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import type { BrowseSession } from "./browseSession.ts";
import { FacetPanel } from "./facetPanel.tsx";
import { forgetMemory } from "./forgetMemory.ts";
import { ForgottenList } from "./forgottenList.tsx";
import { MemoryDetail } from "./memoryDetail.tsx";
import { MemoryList } from "./memoryList.tsx";
import { NothingHere } from "./nothingHere.tsx";
import { SearchBar } from "./searchBar.tsx";

const WIDE = 860;

/** Search, facets, list and the detail of the memory that is open. */
export function MemoriesView(props: {
  readonly place: Place;
  readonly go: (change: Partial<Place>) => void;
  readonly session: BrowseSession;
  readonly branch: string | undefined;
}) {
  const { place, go, session } = props;
  const { search, openId } = place;
  const host = useHost();
  const announcer = useAnnouncer();
  const [snapshot, setSnapshot] = useState(session.snapshot);
  const [showsForgotten, setShowsForgotten] = useState(false);
  const [facetsOpen, setFacetsOpen] = useState(() => window.innerWidth >= WIDE);
  const field = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const newest = useRef(place);
  newest.current = place;
  const focusList = useRef(false);

  useLayoutEffect(() => session.attach(newest.current.search, setSnapshot), [session]);
  useLayoutEffect(() => void session.search(search), [session, search]);
  useLayoutEffect(() => host.onNotice("changed", () => session.refresh()), [host, session]);
  useSlashFocuses(field);
  // With the drawing that closes the detail, not after it: the very next key is the list's.
  useLayoutEffect(() => {
    if (openId !== undefined || !focusList.current) return;
    focusList.current = false;
    list.current?.focus();
  }, [openId]);

  const { result } = snapshot;
  const total = result?.total;
  useEffect(() => {
    if (total !== undefined) announcer.say(count(total, "memory", "memories"));
  }, [announcer, total]);

  // These stay the same while somebody types, so that only what has changed is drawn again.
  const { change, open, openFound, closeDetail, forget, show, goToSearch } = useMemo(() => {
    const closeDetail = (): void => {
      focusList.current = true;
      go({ openId: undefined });
    };
    return {
      closeDetail,
      change: (next: Partial<Search>): void => {
        setShowsForgotten(false);
        go({ search: { ...newest.current.search, ...next } });
      },
      open: (id: string): void => go({ openId: id, foundBy: undefined }),
      openFound: (id: string): void => go({ openId: id, foundBy: newest.current.search.text }),
      forget: (row: Pick<MemoryRow, "id" | "title">): void => {
        if (row.id === newest.current.openId) closeDetail();
        void forgetMemory(host, announcer, row).then(() => session.refresh(), announcer.failed);
      },
      show: (first: number, last: number): void => session.show(first, last),
      goToSearch: (): void => field.current?.focus(),
    };
  }, [go, host, announcer, session]);
  // After the first list, which does not wait for it.
  const forgotten = useAnswer("forgotten", {}, { when: result !== undefined });
  const facets = result?.facets;
  const facetPanel = useMemo(
    () => <FacetPanel chosen={search.facets} facets={facets} onChange={change} />,
    [search.facets, facets, change],
  );
  const memoryList = useMemo(
    () => (
      <MemoryList
        snapshot={snapshot}
        openId={openId}
        onOpen={openFound}
        onForget={forget}
        onShow={show}
        onSearch={goToSearch}
        listRef={list}
      />
    ),
    [snapshot, openId, openFound, forget, show, goToSearch],
  );
  const { foundBy } = place;
  const detail = useMemo(
    () =>
      openId === undefined ? (
        <EmptyState icon="layers" title="No memory is open">
          <p class="muted">Choose one in the list: arrows move, Enter opens, / searches.</p>
        </EmptyState>
      ) : (
        <MemoryDetail key={openId} id={openId} query={foundBy} open={open} onClose={closeDetail} onForget={forget} />
      ),
    [openId, foundBy, open, closeDetail, forget],
  );

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
          forgotten={forgotten.value?.length ?? 0}
          onShowForgotten={() => setShowsForgotten(true)}
          field={field}
        />
        <div class="list-columns">
          {facetsOpen && facetPanel}
          {showsForgotten ? (
            <ForgottenList
              memories={forgotten.value ?? []}
              onOpen={open}
              onClose={() => setShowsForgotten(false)}
              onChange={forgotten.retry}
            />
          ) : (
            <>
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
              {total !== undefined && total > 0 && memoryList}
            </>
          )}
        </div>
      </div>
      <div class="detail-pane">{detail} </div>
    </div>
  );
}

/** The slash key goes to the search wherever nothing is being typed. */
function useSlashFocuses(field: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(() => {
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
