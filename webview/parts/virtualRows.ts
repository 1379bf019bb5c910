import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from "@tanstack/virtual-core";
import { type RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef } from "preact/hooks";

export interface VirtualRows {
  readonly items: readonly VirtualItem[];
  /** Pixels of all rows together. */
  readonly height: number;
  scrollTo(index: number): void;
}

/** Which of `count` rows of one height (pixels) are to be drawn in a scrolling element. */
export function useVirtualRows(
  scroller: RefObject<HTMLElement | null>,
  options: { readonly count: number; readonly rowHeight: number },
): VirtualRows {
  const [, redraw] = useReducer<number, undefined>((turn) => turn + 1, 0);
  const kept = useRef<Virtualizer<HTMLElement, HTMLElement> | undefined>(undefined);
  const settings = {
    count: options.count,
    estimateSize: () => options.rowHeight,
    overscan: 8,
    getScrollElement: () => scroller.current,
    initialRect: { width: 300, height: 600 },
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  kept.current ??= new Virtualizer<HTMLElement, HTMLElement>(settings);
  const virtualizer = kept.current;
  virtualizer.setOptions(settings);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
