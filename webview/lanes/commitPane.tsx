import type { LaneCommit } from "../../src/contract/explore.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import { RowContent } from "../memories/rowContent.tsx";
import { emptySearch } from "../pageState.ts";
import { Button, Icon } from "../parts/elements.tsx";
import { ErrorState } from "../parts/states.tsx";
import { ago, count, dateTime } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";

const MOST_ROWS = 50;
/** Milliseconds: arrows that pass over commits ask nothing. */
const DELAY = 80;

/** The commit that is chosen beside the graph: who made it, and what is remembered of it. Its key is the commit. */
export function CommitPane(props: {
  readonly commit: LaneCommit;
  readonly open: (id: string) => void;
  readonly onFilter: () => void;
}) {
  const { commit, open, onFilter } = props;
  const { value, error, retry } = useAnswer(
    "browse",
    { ...emptySearch, visibility: "all", facets: { commit: [commit.commit] }, limit: MOST_ROWS },
    { when: commit.memories > 0, delay: DELAY },
  );
  return (
    <aside class="commit-pane" aria-label="The commit that is chosen">
      <h2>{commit.subject}</h2>
      <p class="muted commit-facts">
        <span class="commit-hash">{shortCommit(commit.commit)}</span>
        <span>{commit.author}</span>
        <time title={dateTime(commit.at)}>{ago(commit.at)}</time>
      </p>
      <p class="commit-sight">
        <Icon name={commit.visible ? "eye" : "eye-closed"} />
        {commit.visible
          ? "What is remembered of it is visible from here."
          : "What is remembered of it is hidden from here."}
      </p>
      {commit.memories === 0 && <p class="muted">Nothing is remembered of this commit.</p>}
      {error !== undefined && <ErrorState error={error} retry={retry} />}
      {commit.memories > 0 && (
        <div class="commit-head">
          <h3>{count(commit.memories, "memory", "memories")}</h3>
          <Button secondary icon="filter" onClick={onFilter}>
            Show in List
          </Button>
        </div>
      )}
      <ul>
        {value?.rows.map((row) => (
          <li key={row.id}>
            <button type="button" class="row related-row" onClick={() => open(row.id)}>
              <RowContent row={row} />
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}
