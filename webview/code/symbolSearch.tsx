import { useEffect, useRef, useState } from "preact/hooks";
import type { SymbolRow } from "../../src/contract/codeExplorer.ts";
import type { IndexResult } from "../../src/contract/codeTools.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { IconButton, TextField } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { NotIndexed } from "./notIndexed.tsx";
import { qualified } from "./codeWords.ts";
import { SymbolGraph } from "./symbolGraph.tsx";
import { SymbolList } from "./symbolList.tsx";

const MOST = 100;
const DELAY = 60;

/** Symbols by name, as it is typed, and the graph around one of them. */
export function SymbolSearch(props: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly status: IndexResult;
}) {
  const { text, onText, status } = props;
  const host = useHost();
  const announcer = useAnnouncer();
  const list = useRef<HTMLUListElement>(null);
  const [turn, setTurn] = useState(0);
  /** Symbols that were in the middle of the graph, one after the other; empty: the list is shown. */
  const [centres, setCentres] = useState<readonly string[]>([]);
  // A question would have the code indexed, which somebody may just have given up.
  const asked = text.trim() !== "" && status.state !== "empty";
  const { value, error, retry } = useAnswer(
    "findSymbols",
    { text: text.trim(), limit: MOST },
    { when: asked, live: false, delay: DELAY },
  );
  // What is found may be another once more is indexed.
  const { files, lastSync } = status;
  const seen = useRef({ files, lastSync });
  useEffect(() => {
    if (seen.current.files === files && seen.current.lastSync === lastSync) return;
    seen.current = { files, lastSync };
    if (asked) retry();
  }, [files, lastSync, asked, retry]);
  const open = ({ path, startLine, endLine }: SymbolRow): void =>
    void host.request("openAnchor", { path, startLine, endLine }).catch(announcer.failed);
  const centre = centres.at(-1);
  if (centre !== undefined)
    return (
      <SymbolGraph
        target={centre}
        onCentre={(target) => setCentres([...centres, target])}
        onBack={() => setCentres(centres.slice(0, -1))}
        back={nameOf(centres.at(-2)) ?? "Symbols"}
      />
    );
  return (
    <>
      <div class="search-bar" role="search">
        <div class="search-row">
          <TextField
            label="Find a symbol"
            placeholder="Name of a function, class, test, heading…"
            icon="symbol-method"
            value={text}
            onInput={onText}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown" || event.key === "Enter") {
                event.preventDefault();
                setTurn(turn + 1);
              } else if (event.key === "Escape") onText("");
            }}
          >
            {text !== "" && (
              <span slot="content-after">
                <IconButton label="Clear the name" icon="close" onClick={() => onText("")} />
              </span>
            )}
          </TextField>
        </div>
        <div class="search-row result-line" role="status">
          <span class="result-count">
            {asked && value !== undefined ? found(value.symbols.length, value.more) : " "}
          </span>
        </div>
      </div>
      {status.state === "empty" && <NotIndexed />}
      {!asked && status.state !== "empty" && (
        <EmptyState icon="symbol-misc" title="Find a symbol">
          <p class="muted">
            Type a part of its name, or Container.name. Enter goes to the list, and again to the editor.
          </p>
        </EmptyState>
      )}
      {asked && error !== undefined && <ErrorState error={error} retry={retry} />}
      {asked && error === undefined && value === undefined && <Loading what="Looking for it…" />}
      {asked && value !== undefined && value.symbols.length === 0 && (
        <EmptyState icon="search-stop" title="No symbol has that name">
          {status.pending > 0 && <p class="muted">{`${count(status.pending, "file")} are not indexed yet.`}</p>}
        </EmptyState>
      )}
      {asked && value !== undefined && value.symbols.length > 0 && (
        <SymbolList
          symbols={value.symbols}
          listRef={list}
          focusTurn={turn}
          onOpen={open}
          onGraph={(symbol) => setCentres([`${symbol.path}#${qualified(symbol)}`])}
        />
      )}
    </>
  );
}

const found = (symbols: number, more: boolean): string =>
  more ? `The best ${symbols} symbols` : count(symbols, "symbol");

const nameOf = (target: string | undefined): string | undefined => target?.slice(target.lastIndexOf("#") + 1);
