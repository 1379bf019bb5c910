import type { Contradiction, RelateInput } from "../../src/contract/relate.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { ErrorState } from "../parts/states.tsx";
import { ago, KIND_ICONS } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";

const SHOWN = 20;

/** Memories that may say opposite things, for a person to say which holds. Nothing where there are none. */
export function ContradictionReview({ open }: { readonly open: (id: string) => void }) {
  const host = useHost();
  const announcer = useAnnouncer();
  const { value, error, retry } = useAnswer("relate", { action: "contradictions", limit: SHOWN });
  const contradictions = value?.contradictions ?? [];
  const say = (input: RelateInput & { readonly from: string; readonly to: string }, text: string): void => {
    const run = async (): Promise<void> => {
      await host.request("relate", input);
      retry();
      const { from, to } = input;
      announcer.tell({
        text,
        undo: () => host.request("relate", { action: "withdraw", from, to }).then(retry),
      });
    };
    run().catch(announcer.failed);
  };

  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (contradictions.length === 0) return null;
  return (
    <section class="lineage-review" aria-labelledby="contradictions-title">
      <h2 id="contradictions-title">Contradictions</h2>
      {contradictions.map(({ a, b, why, anchors }) => (
        <article
          class="lineage-card contradiction"
          key={`${a.id} ${b.id}`}
          aria-label={`${a.title} against ${b.title}`}
        >
          <p class="muted">{[why, ...anchors].join(" · ")}</p>
          <div class="pair-sides">
            <Side
              side={a}
              open={open}
              onHolds={() =>
                say({ from: a.id, to: b.id, relation: "supersedes" }, "The other one is hidden from here on")
              }
            />
            <Side
              side={b}
              open={open}
              onHolds={() =>
                say({ from: b.id, to: a.id, relation: "supersedes" }, "The other one is hidden from here on")
              }
            />
          </div>
          <div class="button-row">
            <Button
              secondary
              onClick={() =>
                say({ from: a.id, to: b.id, relation: "compatible" }, "Both hold, and are not shown here again")
              }
            >
              Both Hold
            </Button>
            <Button
              secondary
              onClick={() =>
                say({ from: a.id, to: b.id, relation: "contradicts" }, "Both are served, and say that they are opposed")
              }
            >
              Leave Open
            </Button>
          </div>
        </article>
      ))}
    </section>
  );
}

function Side(props: {
  readonly side: Contradiction["a"];
  readonly open: (id: string) => void;
  readonly onHolds: () => void;
}) {
  const { id, kind, title, content, timestamp, branch } = props.side;
  return (
    <section class="pair-side" aria-label={title}>
      <h3>
        <Icon name={KIND_ICONS[kind]} />
        <button type="button" class="link" onClick={() => props.open(id)}>
          {title}
        </button>
        <Button secondary onClick={props.onHolds}>
          This Holds
        </Button>
      </h3>
      <p class="muted">{[ago(timestamp), branch].filter((part) => part !== undefined).join(" · ")}</p>
      <pre class="memory-text">{content}</pre>
    </section>
  );
}
