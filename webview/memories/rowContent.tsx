import type { MemoryRow } from "../../src/contract/explore.ts";
import { Icon } from "../parts/elements.tsx";
import { FRESHNESS_ICONS, FRESHNESS_WORDS, KIND_ICONS, KIND_WORDS, shortAgo } from "../parts/words.ts";

/** Two lines: what it is, and how it begins; the icons say what the words of a screen reader say. */
export function RowContent({ row }: { readonly row: MemoryRow }) {
  const freshness = FRESHNESS_ICONS[row.freshness];
  return (
    <>
      <span class="row-kind" title={`${row.kind}: ${KIND_WORDS[row.kind]}`}>
        <Icon name={KIND_ICONS[row.kind]} />
      </span>
      <span class="row-title">{row.title}</span>
      <span class="row-marks">
        {row.pinned && <Mark icon="pinned" title="Pinned" />}
        {row.pending && <Mark icon="git-commit" title="Waits for the next commit" />}
        {freshness !== undefined && (
          <Mark
            icon={freshness}
            title={row.freshnessReason ?? FRESHNESS_WORDS[row.freshness]}
            class={`is-${row.freshness}`}
          />
        )}
        {row.visibility === "hidden" && <Mark icon="eye-closed" title="Hidden from here" />}
        <time class="row-time">{shortAgo(row.timestamp)}</time>
      </span>
      <span class="row-excerpt">{row.excerpt}</span>
      {row.branch !== undefined && <span class="row-branch">{row.branch}</span>}
    </>
  );
}

function Mark({
  icon,
  title,
  class: extra = "",
}: {
  readonly icon: string;
  readonly title: string;
  readonly class?: string;
}) {
  return (
    <span class={`mark ${extra}`} title={title}>
      <Icon name={icon} />
    </span>
  );
}
