import type { IndexResult } from "../../src/contract/codeTools.ts";
import type { ExplorerCommand } from "../../src/contract/explorer.ts";
import { grouped } from "../../src/contract/grouped.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { ago, count, dateTime } from "../parts/words.ts";
import { reasonWords, STATES } from "./codeWords.ts";

/** What the index holds, what it leaves out and why, how far it is, and what can be done with it. */
export function IndexState({ status }: { readonly status: IndexResult }) {
  const { state, files, chunks, symbols, pending, lastSync, leftOut, problem } = status;
  const { icon, words } = STATES[state];
  const synced = lastSync === undefined ? undefined : Date.parse(lastSync);
  const reasons = Object.entries(leftOut).sort(([, a], [, b]) => b - a);
  const left = reasons.reduce((sum, [, files]) => sum + files, 0);
  return (
    <section class={`index-state is-${state}`} aria-label="Index of the code">
      <p class="index-line" role="status">
        <Icon name={icon} />
        <strong>{words}</strong>
        {synced !== undefined && state !== "indexing" && (
          <span class="muted" title={dateTime(synced)}>
            {ago(synced)}
          </span>
        )}
        {pending > 0 && <span class="muted">{`${count(pending, "file")} to go`}</span>}
      </p>
      {pending > 0 && (
        <div
          class="size-bar index-progress"
          role="progressbar"
          aria-label="Files indexed"
          aria-valuemin={0}
          aria-valuemax={files + pending}
          aria-valuenow={files}
        >
          <span class="part-0" style={{ width: `${((100 * files) / (files + pending)).toFixed(1)}%` }} />
        </div>
      )}
      {problem !== undefined && <p class="index-problem">{problem}</p>}
      <p class="index-counts">
        {[count(files, "file"), count(symbols, "symbol"), count(chunks, "passage")].join(" · ")}
      </p>
      {left > 0 && (
        <details class="left-out">
          <summary>{`${count(left, "file or folder", "files and folders")} left out`}</summary>
          <ul>
            {reasons.map(([reason, files]) => (
              <li key={reason}>
                <span class="left-count">{grouped(files)}</span> {reasonWords(reason)}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Commands state={state} />
    </section>
  );
}

function Commands({ state }: Pick<IndexResult, "state">) {
  const host = useHost();
  const announcer = useAnnouncer();
  const run = (command: ExplorerCommand) => (): void =>
    void host.request("runCommand", { command }).catch(announcer.failed);
  return (
    <div class="button-row">
      {state === "paused" ? (
        <Button icon="debug-continue" onClick={run("heirloom.resumeCodeIndexing")}>
          Resume
        </Button>
      ) : (
        <>
          <Button
            secondary={state === "ready"}
            icon="sync"
            disabled={state === "indexing"}
            onClick={run("heirloom.indexCode")}
          >
            Index
          </Button>
          <Button secondary icon="debug-pause" onClick={run("heirloom.pauseCodeIndexing")}>
            Pause
          </Button>
        </>
      )}
      <Button secondary icon="clear-all" disabled={state === "empty"} onClick={run("heirloom.clearCodeIndex")}>
        Clear
      </Button>
    </div>
  );
}
