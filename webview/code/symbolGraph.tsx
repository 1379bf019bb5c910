import { useEffect, useRef, useState } from "preact/hooks";
import type { AnalyzeResult } from "../../src/contract/analyze.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon, IconButton } from "../parts/elements.tsx";
import { ErrorState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { iconOf } from "./codeWords.ts";
import { columnHeight, GraphLines, NODE_HEIGHT } from "./graphLines.tsx";
import { type GraphModel, graphModel, type GraphNode } from "./graphModel.ts";
import { movedInGraph, type GraphPlace } from "./movedInGraph.ts";

/** Tokens of an analysis: a picture holds more than an agent is told at once. */
const BUDGET = 12_000;

/** A symbol with what depends on it at its left, and what it depends on at its right. A click on one of them puts that into the middle. */
export function SymbolGraph(props: {
  readonly target: string;
  readonly onCentre: (target: string) => void;
  /** Where one comes from: the symbol that was in the middle before, or the list. */
  readonly onBack: () => void;
  readonly back: string;
}) {
  const { target, onCentre, onBack } = props;
  const { value, error, loading, retry } = useAnswer("analyze", { target, budget: BUDGET }, { live: false });
  return (
    <div class="graph" role="group" aria-label="What a symbol has to do with">
      <div class="graph-head">
        <Button secondary icon="arrow-left" onClick={onBack}>
          {props.back}
        </Button>
      </div>
      {error !== undefined && <ErrorState error={error} retry={retry} />}
      {error === undefined && value === undefined && <Loading what="Looking at what calls it…" />}
      {value !== undefined && (
        <div class={`graph-page ${loading ? "is-stale" : ""}`}>
          <Drawing key={value.target} result={value} onCentre={onCentre} onBack={onBack} />
        </div>
      )}
    </div>
  );
}

function Drawing(props: {
  readonly result: AnalyzeResult;
  readonly onCentre: (target: string) => void;
  readonly onBack: () => void;
}) {
  const { result, onCentre, onBack } = props;
  const host = useHost();
  const announcer = useAnnouncer();
  const box = useRef<HTMLDivElement>(null);
  const model = graphModel(result);
  const [active, setActive] = useState<GraphPlace>({ column: "centre", index: 0 });
  const height = Math.max(columnHeight(model.left.length), columnHeight(model.right.length), NODE_HEIGHT);
  const focus = ({ column, index }: GraphPlace): void =>
    box.current?.querySelector<HTMLElement>(`[data-place="${column}-${index}"]`)?.focus();
  // Who comes here by a key goes on from the middle.
  useEffect(() => focus({ column: "centre", index: 0 }), []);
  const open = (path: string, startLine: number, endLine?: number): void =>
    void host
      .request("openAnchor", { path, startLine, ...(endLine === undefined ? {} : { endLine }) })
      .catch(announcer.failed);
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = movedInGraph(event.key, active, { left: model.left.length, centre: 1, right: model.right.length });
    if (event.key === "Escape" || event.key === "Backspace") onBack();
    else if (to !== undefined) focus(to);
    else return;
    event.preventDefault();
  };
  const { path, startLine, endLine } = result.definition;
  const column = (side: "left" | "right"): Parameters<typeof Column>[0] => ({
    ...{ side, model, active, onActive: setActive, onCentre },
    onOpen: (node) => open(node.path, node.line),
  });
  return (
    <>
      <div class="graph-columns" ref={box} onKeyDown={onKeyDown}>
        <Column {...column("left")} />
        <GraphLines nodes={model.left} height={height} side="left" />
        <section class="graph-centre" aria-label="In the middle">
          <Centre
            result={result}
            isActive={active.column === "centre"}
            onActive={() => setActive({ column: "centre", index: 0 })}
            onOpen={() => open(path, startLine, endLine)}
          />
        </section>
        <GraphLines nodes={model.right} height={height} side="right" />
        <Column {...column("right")} />
      </div>
      <p class="muted graph-foot">
        {[
          ...(result.impact.symbols === 0
            ? []
            : [
                `A change reaches ${count(result.impact.symbols, "symbol")} in ${count(result.impact.files, "file")}${result.impact.isCut ? ", or more" : ""}.`,
              ]),
          ...result.dropped.map(({ what, count: missing }) => `Not drawn: ${missing} ${what.toLowerCase()}.`),
          ...(result.paused ? ["Indexing is paused: what changed since is not drawn."] : []),
        ].join(" ")}
      </p>
    </>
  );
}

function Centre(props: {
  readonly result: AnalyzeResult;
  readonly isActive: boolean;
  readonly onActive: () => void;
  readonly onOpen: () => void;
}) {
  const { definition } = props.result;
  const { kind, name, path, startLine, signature } = definition;
  return (
    <button
      type="button"
      class="graph-middle"
      data-place="centre-0"
      tabIndex={props.isActive ? 0 : -1}
      title={`Open ${path}:${startLine}`}
      onFocus={props.onActive}
      onClick={props.onOpen}
    >
      <span class="graph-name">
        <Icon name={iconOf(kind)} /> <strong>{name}</strong>
      </span>
      {signature !== undefined && <code class="graph-signature">{signature}</code>}
      <span class="muted graph-place">{`${path}:${startLine}`}</span>
    </button>
  );
}

const COLUMNS = {
  left: { title: "Depends on it", none: "Nothing here calls it.", icon: "call-incoming" },
  right: { title: "It depends on", none: "It calls nothing of this folder.", icon: "call-outgoing" },
} as const;
const TIES: Readonly<Record<GraphNode["tie"], { readonly icon: string; readonly word: string } | undefined>> = {
  call: undefined,
  import: { icon: "package", word: "imports it" },
  test: { icon: "beaker", word: "test" },
  inheritance: { icon: "type-hierarchy", word: "inheritance" },
};

function Column(props: {
  readonly side: "left" | "right";
  readonly model: GraphModel;
  readonly active: GraphPlace;
  readonly onActive: (place: GraphPlace) => void;
  readonly onCentre: (target: string) => void;
  readonly onOpen: (node: GraphNode) => void;
}) {
  const { side, active } = props;
  const nodes = props.model[side];
  const { title, none, icon } = COLUMNS[side];
  return (
    <section class={`graph-column is-${side}`} aria-label={title}>
      <h3>
        <Icon name={icon} /> {title} <span class="section-count">{nodes.length}</span>
      </h3>
      {nodes.length === 0 && <p class="muted graph-none">{none}</p>}
      <ul>
        {nodes.map((node, index) => {
          const tie = TIES[node.tie];
          const isActive = active.column === side && active.index === index;
          return (
            <li key={node.target} class={`graph-node is-${node.tie} ${node.isSure ? "" : "is-unsure"}`}>
              <button
                type="button"
                class="graph-open"
                data-place={`${side}-${index}`}
                tabIndex={isActive ? 0 : -1}
                title={`${node.label}: ${node.why}`}
                onFocus={() => props.onActive({ column: side, index })}
                onClick={() => props.onCentre(node.target)}
              >
                <span class="graph-label">
                  {tie !== undefined && <Icon name={tie.icon} />}
                  <span class="graph-text">{node.label}</span>
                  {tie !== undefined && <span class="visually-hidden">{`, ${tie.word}`}</span>}
                  {!node.isSure && <span class="visually-hidden">{`, ${node.why}`}</span>}
                </span>
                <span class="muted graph-place">{`${node.path}:${node.line}`}</span>
              </button>
              <IconButton
                label={`Open ${node.label} in the editor`}
                icon="go-to-file"
                onClick={() => props.onOpen(node)}
                reachable={isActive}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
