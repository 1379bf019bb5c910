import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MemoryRow } from "../../src/contract/explore.ts";
import { movedIndex } from "../parts/movedIndex.ts";
import { useVirtualRows } from "../parts/virtualRows.ts";
import type { BrowseSnapshot } from "./browseSession.ts";
import { RowContent } from "./rowContent.tsx";
import { rowStates } from "../parts/words.ts";

/** Pixels; explorer.css draws rows of this height. */
const ROW_HEIGHT = 46;

/** The rows of a result; only those on the screen are in the page. One tab stop, arrows move, Enter opens, Delete forgets. */
export function MemoryList(props: {
  readonly snapshot: BrowseSnapshot;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly onForget: (row: MemoryRow) => void;
  readonly onShow: (first: number, last: number) => void;
  readonly onSearch: () => void;
  readonly listRef: RefObject<HTMLDivElement | null>;
}) {
  const { snapshot, openId, onShow, listRef } = props;
  const total = snapshot.result?.total ?? 0;
  const rows = useVirtualRows(listRef, { count: total, rowHeight: ROW_HEIGHT });
  const [active, setActive] = useState(0);
  const activeId = useRef<string | undefined>(undefined);
  const search = useRef(snapshot.search);

  // Another question starts at the top; the same one asked again goes on where it was.
  useLayoutEffect(() => {
    const scroller = listRef.current;
    if (scroller === null) return;
    if (search.current !== snapshot.search) {
      search.current = snapshot.search;
      scroller.scrollTop = 0;
      setActive(0);
      return;
    }
    if (snapshot.shift !== 0) scroller.scrollTop += snapshot.shift * ROW_HEIGHT;
    for (const [index, row] of snapshot.rows) if (row.id === activeId.current) setActive(index);
  }, [snapshot, listRef]);

  const row = snapshot.rows.get(active);
  useLayoutEffect(() => {
    if (row !== undefined) activeId.current = row.id;
  }, [row]);

  const scroller = listRef.current;
  const first = Math.floor((scroller?.scrollTop ?? 0) / ROW_HEIGHT);
  const last = Math.max(rows.items.at(-1)?.index ?? 0, first);
  useLayoutEffect(() => onShow(first, last), [onShow, first, last, snapshot.result?.resultId]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const to = movedIndex(event.key, active, total, page);
    if (event.key === "ArrowUp" && active === 0) props.onSearch();
    else if (to !== undefined) {
      setActive(to);
      activeId.current = snapshot.rows.get(to)?.id;
      rows.scrollTo(to);
    } else if ((event.key === "Enter" || event.key === " ") && row !== undefined) props.onOpen(row.id);
    else if (event.key === "Delete" && row !== undefined) props.onForget(row);
    else return;
    event.preventDefault();
  };

  const drawn = rows.items.some(({ index }) => index === active);
  return (
    <div
      class="list"
      role="listbox"
      aria-label="Memories"
      tabIndex={0}
      ref={listRef}
      onKeyDown={onKeyDown}
      {...(drawn ? { "aria-activedescendant": `row-${active}` } : {})}
    >
      <div class="list-height" role="presentation" style={{ height: `${rows.height}px` }}>
        {rows.items.map(({ index, start }) => {
          const shown = snapshot.rows.get(index);
          return (
            <div
              key={index}
              id={`row-${index}`}
              class={`row ${index === active ? "is-active" : ""} ${shown?.visibility === "hidden" ? "is-hidden" : ""}`}
              role="option"
              aria-selected={shown !== undefined && shown.id === openId}
              aria-setsize={total}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                setActive(index);
                activeId.current = shown?.id;
                if (shown !== undefined) props.onOpen(shown.id);
              }}
            >
              {shown === undefined ? (
                <span class="row-loading">…</span>
              ) : (
                <>
                  <RowContent row={shown} />
                  <span class="visually-hidden">{rowStates(shown).join(", ")}</span>
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
