import type { MemoryDetail } from "../../src/contract/explore.ts";
import type { AnchorState } from "../../src/contract/freshness.ts";
import type { Anchor, Memory, MemoryView } from "../../src/contract/memory.ts";
import { grouped } from "../../src/contract/grouped.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Icon } from "../parts/elements.tsx";
import { Section } from "../parts/states.tsx";
import { ago, count, dateTime, FRESHNESS_WORDS } from "../parts/words.ts";

type ShownState = MemoryDetail["anchors"][number];

/** Each with what became of it, where that is another than of all of them; a click opens it where it is now. */
export function Anchors(props: {
  readonly anchors: readonly Anchor[];
  readonly states: readonly ShownState[];
  readonly view: Pick<MemoryView, "freshness" | "freshnessReason">;
}) {
  const host = useHost();
  const announcer = useAnnouncer();
  if (props.anchors.length === 0) return null;
  return (
    <Section title="Speaks of" count={props.anchors.length}>
      <p class={`freshness is-${props.view.freshness}`}>
        <span class="freshness-dot" aria-hidden="true" />
        {FRESHNESS_WORDS[props.view.freshness]}
        {props.view.freshnessReason !== undefined && <span class="muted"> ({props.view.freshnessReason})</span>}
      </p>
      <ul class="anchors">
        {props.anchors.map((anchor, at) => (
          <li key={JSON.stringify(anchor)}>
            <button
              type="button"
              class="anchor"
              title={`Open ${anchor.path}`}
              onClick={() => void host.request("openAnchor", props.states[at]?.now ?? anchor).catch(announcer.failed)}
            >
              <Icon name="go-to-file" />
              <span class="anchor-path">{anchor.path}</span>
              {placeOf(anchor) !== "" && <span class="muted">{placeOf(anchor)}</span>}
            </button>
            {props.anchors.length > 1 && <AnchorFate state={props.states[at]} />}
            <AnchorDiff state={props.states[at]} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function AnchorFate({ state }: { readonly state: AnchorState | undefined }) {
  if (state === undefined) return null;
  return (
    <span class="muted">
      {state.freshness}: {state.why}
    </span>
  );
}

/** What a diff has, folded: whoever doubts the memory opens it. */
function AnchorDiff({ state }: { readonly state: ShownState | undefined }) {
  if (state?.change === undefined) return null;
  const { added, removed, lines } = state.change;
  return (
    <details class="anchor-change">
      <summary class="muted">
        {count(added, "line")} added, {removed} removed since it was captured
      </summary>
      <pre>{lines.join("\n")}</pre>
    </details>
  );
}

function placeOf({ symbol, startLine, endLine }: Anchor): string {
  if (symbol !== undefined) return symbol;
  if (startLine === undefined) return "";
  return endLine === undefined || endLine === startLine ? `line ${startLine}` : `lines ${startLine}–${endLine}`;
}

export function Reasons({ reasons }: { readonly reasons: readonly string[] }) {
  if (reasons.length === 0) return null;
  return (
    <Section title="Why it is found">
      <ul class="reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Section>
  );
}

/** Who, when, where; in the words that a person uses. */
export function ProvenanceList({ memory }: { readonly memory: Memory }) {
  const { provenance } = memory;
  const entries: readonly (readonly [string, string | undefined])[] = [
    ["When", `${ago(memory.timestamp)}, ${dateTime(memory.timestamp)}`],
    ["Author", provenance.author?.replace(/\s*<[^>]*>$/u, "")],
    ["Agent", provenance.agent],
    ["Branch", provenance.branch],
    ["Commit", commitOf(memory)],
    // What it was captured as says something only where the kind does not say it.
    ["Captured as", memory.eventType === memory.kind ? undefined : memory.eventType],
    ["Session", memory.sessionId],
    ["Merged from", memory.mergedFrom.length > 0 ? `${memory.mergedFrom.length} more captures` : undefined],
    ["Expires", memory.expiresAt === undefined ? undefined : dateTime(memory.expiresAt)],
    ["Size", `${grouped(memory.tokens)} tokens`],
    ["Revision", memory.revision > 1 ? `${memory.revision}` : undefined],
    ["Secrets", memory.flags.includes("redacted") ? "taken out before it was stored" : undefined],
    ["Id", memory.id],
  ];
  return (
    <Section title="Provenance">
      <dl class="facts">
        {entries.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  );
}

function commitOf({ provenance }: Memory): string | undefined {
  if (provenance.commit === undefined) return undefined;
  const short = shortCommit(provenance.commit);
  if (provenance.pending) return `after ${short}: waits for the next commit`;
  return provenance.dirty ? `${short}, captured with uncommitted changes` : short;
}

export function Metadata({ metadata }: { readonly metadata: Memory["metadata"] }) {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return null;
  return (
    <Section title="Metadata">
      <dl class="facts">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
