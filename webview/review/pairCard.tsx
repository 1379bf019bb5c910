import { useState } from "preact/hooks";
import type { DuplicatePair, MergeInput } from "../../src/contract/explore.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon, TextArea } from "../parts/elements.tsx";
import { ago, KIND_ICONS, SCOPE_WORDS } from "../parts/words.ts";
import { useDraft } from "../useDraft.ts";
import { factsOf, likeness } from "./pairFacts.ts";
import { WordDiff } from "./wordDiffView.tsx";

/** The draft of a pair's merged text. */
export const mergeDraftOf = ({ a, b }: DuplicatePair): string => `merge ${[a.id, b.id].sort().join(" ")}`;

type Side = DuplicatePair["a"];

/** Two memories side by side, with what only one of them says marked, and what can be done about it. */
export function PairCard(props: {
  readonly pair: DuplicatePair;
  readonly onMerge: (input: MergeInput) => Promise<void>;
  readonly onKeepBoth: () => void;
  readonly open: (id: string) => void;
}) {
  const { a, b } = props.pair;
  const announcer = useAnnouncer();
  const draft = useDraft<string>(mergeDraftOf(props.pair));
  const [merged, setMerged] = useState(draft.left);
  const write = (text: string | undefined): void => {
    setMerged(text);
    if (text === undefined) draft.drop();
    else draft.keep(text);
  };
  const merge = (input: MergeInput): void => void props.onMerge(input).then(draft.drop, announcer.failed);

  return (
    <div class="pair">
      <p class="pair-alike">{likeness(props.pair)}</p>
      <div class="pair-sides">
        <PairSide side={a} other={b} mark="before" open={props.open} onKeep={() => merge({ keep: a.id, drop: b.id })} />
        <PairSide side={b} other={a} mark="after" open={props.open} onKeep={() => merge({ keep: b.id, drop: a.id })} />
      </div>
      {merged === undefined ? (
        <div class="button-row">
          <Button icon="git-merge" onClick={() => write(a.content)}>
            Merge…
          </Button>
          <Button secondary onClick={props.onKeepBoth}>
            Keep Both
          </Button>
        </div>
      ) : (
        <div class="field">
          <label for="merged-text">Text of the one that stays</label>
          <TextArea id="merged-text" label="Merged text" value={merged} onInput={write} rows={8} />
          <div class="button-row">
            <Button
              disabled={merged.trim() === ""}
              onClick={() => merge({ keep: a.id, drop: b.id, content: merged })}
              icon="git-merge"
            >
              Merge
            </Button>
            <Button secondary onClick={() => write(undefined)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function PairSide(props: {
  readonly side: Side;
  readonly other: Side;
  readonly mark: "before" | "after";
  readonly open: (id: string) => void;
  readonly onKeep: () => void;
}) {
  const { side, other, mark } = props;
  const [before, after] = mark === "before" ? [side.content, other.content] : [other.content, side.content];
  return (
    <section class="pair-side" aria-label={mark === "before" ? "Left" : "Right"}>
      <h3>
        <Icon name={KIND_ICONS[side.kind]} />
        <button type="button" class="link" onClick={() => props.open(side.id)}>
          {side.title}
        </button>
        <Button secondary onClick={props.onKeep}>
          Keep This
        </Button>
      </h3>
      <p class="muted">{[ago(side.timestamp), ...factsOf(side, other, SCOPE_WORDS)].join(" · ")}</p>
      <WordDiff before={before} after={after} side={mark} />
    </section>
  );
}
