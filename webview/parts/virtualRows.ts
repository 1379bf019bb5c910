import {
  elementScroll,
  observeElementOffset,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions,
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
  const placed = useRef(false);
  const settings: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: options.count,
    estimateSize: () => options.rowHeight,
    overscan: 4,
    getScrollElement: () => scroller.current,
    // Nothing is read from the page while it is drawn: the browser would have to lay it out an additional time.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    scrollToFn: (...to) => {
      // The first one puts a new list to where it is.
      if (placed.current) elementScroll(...to);
      placed.current = true;
    },
    observeElementRect: observeSize,
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

/** Tells the size after the browser has laid out, before it paints. */
function observeSize(
  { scrollElement }: Virtualizer<HTMLElement, HTMLElement>,
  tell: (size: { readonly width: number; readonly height: number }) => void,
): (() => void) | undefined {
  if (scrollElement === null) return undefined;
  const observer = new ResizeObserver(() =>
    tell({ width: scrollElement.clientWidth, height: scrollElement.clientHeight }),
  );
  observer.observe(scrollElement);
  return () => observer.disconnect();
}
