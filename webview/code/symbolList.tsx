import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SymbolRow } from "../../src/contract/codeExplorer.ts";
import { Icon, IconButton } from "../parts/elements.tsx";
import { movedIndex } from "../parts/movedIndex.ts";
import { iconOf, qualified } from "./codeWords.ts";

const PAGE = 10;

/** Symbols with what they are and where. One tab stop; arrows move, Enter opens in the editor, Tab goes on to the graph around the symbol. */
export function SymbolList(props: {
  readonly symbols: readonly SymbolRow[];
  readonly listRef: RefObject<HTMLUListElement | null>;
  /** Another number: the list takes the focus. */
  readonly focusTurn: number;
  readonly onOpen: (symbol: SymbolRow) => void;
  readonly onGraph: (symbol: SymbolRow) => void;
}) {
  const { symbols, listRef, focusTurn } = props;
  const [active, setActive] = useState(0);
  const focus = (index: number): void => listRef.current?.querySelectorAll<HTMLElement>(".symbol-open")[index]?.focus();
  useEffect(() => setActive(0), [symbols]);
  useEffect(() => {
    if (focusTurn > 0) focus(0);
  }, [focusTurn]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = movedIndex(event.key, active, symbols.length, PAGE);
    if (to === undefined) return;
    event.preventDefault();
    setActive(to);
    focus(to);
  };
  return (
    <ul class="symbols" ref={listRef} onKeyDown={onKeyDown} aria-label="Symbols">
      {symbols.map((symbol, index) => (
        <li key={`${symbol.path}:${symbol.startLine}:${symbol.name}`} class="symbol-row">
          <button
            type="button"
            class="symbol-open"
            tabIndex={index === active ? 0 : -1}
            title={symbol.signature}
            onFocus={() => setActive(index)}
            onClick={() => props.onOpen(symbol)}
          >
            <Icon name={symbol.isTest === true ? "beaker" : iconOf(symbol.kind)} class="symbol-kind" />
            <span class="symbol-name">{qualified(symbol)}</span>
            <span class="muted symbol-what">{symbol.kind}</span>
            <span class="muted symbol-place">{`${symbol.path}:${symbol.startLine}`}</span>
          </button>
          <IconButton
            label={`Callers and callees of ${qualified(symbol)}`}
            icon="type-hierarchy"
            onClick={() => props.onGraph(symbol)}
            reachable={index === active}
          />
        </li>
      ))}
    </ul>
  );
}
