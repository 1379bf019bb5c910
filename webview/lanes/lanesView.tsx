import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LaneCommit, LaneGraph } from "../../src/contract/explore.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import type { Place } from "../app.tsx";
import { emptySearch } from "../pageState.ts";
import { Badge, Button, Icon } from "../parts/elements.tsx";
import { movedIndex } from "../parts/movedIndex.ts";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { useVirtualRows } from "../parts/virtualRows.ts";
import { ago, count, shortAgo } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { CommitPane } from "./commitPane.tsx";
import { LANE_ROW_HEIGHT, LaneDrawing } from "./laneDrawing.tsx";
import { layoutLanes } from "./layoutLanes.ts";

const FIRST = 300;
/** Lanes that are drawn; a graph with more is cut at the right. */
const MOST_LANES = 8;

/** Wide enough for the memories of a commit beside the graph. */
const WIDE = "(min-width: 860px)";

/** The commit graph with the memories of each commit; a commit that is chosen shows its memories beside it, or in the list where it is narrow. */
export function LanesView(props: {
  readonly go: (change: Partial<Place>) => void;
  readonly open: (id: string) => void;
}) {
  const { go, open } = props;
  const [limit, setLimit] = useState(FIRST);
  const { value, error, retry } = useAnswer("lanes", { limit });
  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (value === undefined) return <Loading what="Reading the commit graph…" />;
  if (value.commits.length === 0) {
    return (
      <EmptyState icon="git-branch" title="No commits yet">
        <p class="muted">
          Memories are kept with commits where there are some. {count(value.pending, "memory waits", "memories wait")}{" "}
          for the first one.
        </p>
      </EmptyState>
    );
  }
  const choose = ({ commit }: LaneCommit): void =>
    go({
      view: "memories",
      openId: undefined,
      search: { ...emptySearch, visibility: "all", facets: { commit: [commit] } },
    });
  return (
    <div class="lanes">
      <Legend graph={value} />
      <LaneList graph={value} open={open} onChoose={choose} />
      {(value.more || value.elsewhere > 0) && (
        <div class="lanes-foot">
          {value.elsewhere > 0 && (
            <span class="muted">{`${count(value.elsewhere, "memory", "memories")} of commits not shown`}</span>
          )}
          {value.more && (
            <Button secondary onClick={() => setLimit(limit + FIRST)}>
              Older Commits
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Legend({ graph }: { readonly graph: LaneGraph }) {
  const remembered = graph.commits.reduce((sum, { memories }) => sum + memories, 0);
  return (
    <div class="lanes-legend">
      <span class="lanes-total">
        {`${count(remembered, "memory", "memories")} in ${count(graph.commits.length, "commit")}`}
      </span>
      <span>
        <i class="legend-dot" /> visible from here
      </span>
      <span>
        <i class="legend-dot is-hidden" /> hidden
      </span>
      {graph.pending > 0 && (
        <span>
          <Icon name="git-commit" /> {`${graph.pending} waiting for the next commit`}
        </span>
      )}
    </div>
  );
}

function LaneList(props: {
  readonly graph: LaneGraph;
  readonly open: (id: string) => void;
  readonly onChoose: (commit: LaneCommit) => void;
}) {
  const { graph, onChoose } = props;
  const wide = useWide();
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => layoutLanes(graph.commits), [graph.commits]);
  const lanes = Math.min(MOST_LANES, Math.max(...layout.map(({ width }) => width)));
  const rows = useVirtualRows(scroller, { count: layout.length, rowHeight: LANE_ROW_HEIGHT });
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      graph.commits.findIndex(({ commit }) => commit === graph.head),
    ),
  );
  const activeCommit = layout[active]?.commit;

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LANE_ROW_HEIGHT) - 1);
    const to = movedIndex(event.key, active, layout.length, page);
    if (to !== undefined) {
      setActive(to);
      rows.scrollTo(to);
    } else if ((event.key === "Enter" || event.key === " ") && activeCommit !== undefined) onChoose(activeCommit);
    else return;
    event.preventDefault();
  };

  return (
    <div class="lane-columns">
      <div
        class="list"
        role="listbox"
        aria-label="Commits"
        tabIndex={0}
        ref={scroller}
        onKeyDown={onKeyDown}
        {...(rows.items.some(({ index }) => index === active) ? { "aria-activedescendant": `commit-${active}` } : {})}
      >
        <div class="list-height" role="presentation" style={{ height: `${rows.height}px` }}>
          {rows.items.map(({ index, start }) => {
            const row = layout[index];
            if (row === undefined) return null;
            const { commit } = row;
            const isHead = commit.commit === graph.head;
            return (
              <div
                key={commit.commit}
                id={`commit-${index}`}
                class={`lane-row ${index === active ? "is-active" : ""} ${commit.visible ? "" : "is-hidden"}`}
                role="option"
                aria-selected={index === active}
                aria-setsize={layout.length}
                aria-posinset={index + 1}
                title={`${shortCommit(commit.commit)} · ${commit.author} · ${ago(commit.at)}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => {
                  setActive(index);
                  if (!wide) onChoose(commit);
                }}
                onDblClick={() => onChoose(commit)}
              >
                <LaneDrawing row={row} lanes={lanes} isHead={isHead} />
                {isHead && <span class="ref-name is-head">HEAD</span>}
                {commit.refs.map((ref) => (
                  <span key={ref} class="ref-name" title={ref}>
                    {ref}
                  </span>
                ))}
                <span class="lane-subject">{commit.subject}</span>
                <span class="lane-count">{commit.memories > 0 && <Badge>{commit.memories}</Badge>}</span>
                <span class="lane-author">{commit.author}</span>
                <time class="row-time">{shortAgo(commit.at)}</time>
                <span class="visually-hidden">{spoken(commit)}</span>
              </div>
            );
          })}
        </div>
      </div>
      {wide && activeCommit !== undefined && (
        <CommitPane
          key={activeCommit.commit}
          commit={activeCommit}
          open={props.open}
          onFilter={() => onChoose(activeCommit)}
        />
      )}
    </div>
  );
}

function useWide(): boolean {
  const [wide, setWide] = useState(() => window.matchMedia(WIDE).matches);
  useEffect(() => {
    const media = window.matchMedia(WIDE);
    const look = (): void => setWide(media.matches);
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, []);
  return wide;
}

/** What the dots and the number say to the eye. */
function spoken(commit: LaneCommit): string {
  const inherited = commit.visible ? "visible from here" : "hidden from here";
  return `${count(commit.memories, "memory", "memories")}, ${inherited}`;
}
