import { emptySearch, type Search } from "../pageState.ts";
import { useHost } from "../host.ts";
import { Button } from "../parts/elements.tsx";
import { EmptyState, Loading } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";

/** Why the list is empty: nothing matches, everything is hidden from here, or nothing is remembered yet. */
export function NothingHere(props: {
  readonly search: Search;
  readonly filtered: boolean;
  readonly branch: string | undefined;
  readonly onChange: (change: Partial<Search>) => void;
}) {
  const { search, filtered, branch, onChange } = props;
  const stats = useAnswer("stats", {});
  if (stats.value === undefined && stats.loading) return <Loading what="Reading memories…" />;
  const { visible = 0, hidden = 0 } = stats.value ?? {};

  if (search.text === "" && !filtered) {
    if (visible + hidden === 0) return <EmptyStore />;
    if (search.visibility === "hidden") {
      return (
        <EmptyState icon="eye" title="Nothing is hidden from here">
          <p>Everything that is remembered belongs to commits that {branch ?? "this commit"} inherits.</p>
        </EmptyState>
      );
    }
    return (
      <EmptyState
        icon="eye-closed"
        title={`Nothing is visible from ${branch ?? "this commit"}`}
        actions={<Button onClick={() => onChange({ visibility: "hidden" })}>Show Hidden Memories</Button>}
      >
        <p>
          {count(hidden, "memory", "memories")} of other branches wait there: a memory is seen where its commit is part
          of the history.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="search"
      title="Nothing matches"
      actions={
        <>
          <Button onClick={() => onChange(emptySearch)}>Clear Search and Filters</Button>
          {search.visibility === "visible" && hidden > 0 && (
            <Button secondary onClick={() => onChange({ visibility: "all" })}>
              Search Hidden Memories Too
            </Button>
          )}
        </>
      }
    />
  );
}

function EmptyStore() {
  const host = useHost();
  return (
    <EmptyState
      icon="layers"
      title="Nothing is remembered yet"
      actions={
        <>
          <Button icon="mortar-board" onClick={() => void host.request("runCommand", { command: "heirloom.learn" })}>
            Learn from the History
          </Button>
          <Button
            secondary
            icon="plug"
            onClick={() => void host.request("runCommand", { command: "heirloom.connectAgent" })}
          >
            Connect an Agent
          </Button>
          <Button
            secondary
            icon="add"
            onClick={() => void host.request("runCommand", { command: "heirloom.remember" })}
          >
            Remember Something
          </Button>
        </>
      }
    >
      <p>
        Begin with what commits and documents say already, let an agent remember as it works, or write something down.
      </p>
    </EmptyState>
  );
}
