import type { LineageInput, LineageResult } from "../../src/contract/lineageReview.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { ErrorState } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";

type Offered = NonNullable<LineageResult["offered"]>[number];
type Elsewhere = NonNullable<LineageResult["elsewhere"]>[number];
type Memories = Offered["memories"];

const HOW: Readonly<Record<Offered["how"], string>> = {
  reflog: "the log of HEAD says so",
  "patch-id": "it makes the same change",
  branch: "it makes the changes of the whole branch",
  "rewrite-map": "git filter-repo says so",
  content: "it adds the same lines",
  parts: "it and commits before it add the same lines",
  person: "somebody said so",
};

/** Commits that may have taken the place of lost ones, and what was learned where HEAD does not lead. Nothing where there is neither. */
export function LineageReview({ open }: { readonly open: (id: string) => void }) {
  const host = useHost();
  const announcer = useAnnouncer();
  const { value, error, retry } = useAnswer("lineage", { action: "list" });
  const { offered = [], elsewhere = [], more } = value ?? {};
  const say = (input: LineageInput, done: (changed: number) => string, undo?: LineageInput): void => {
    const run = async (): Promise<void> => {
      const { changed = 0 } = await host.request("lineage", input);
      retry();
      announcer.tell({
        text: done(changed),
        ...(undo === undefined ? {} : { undo: () => host.request("lineage", undo).then(retry) }),
      });
    };
    run().catch(announcer.failed);
  };

  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  return (
    <>
      {offered.length > 0 && (
        <section class="lineage-review" aria-labelledby="offered-title">
          <h2 id="offered-title">Rewritten history</h2>
          {offered.map((one) => (
            <OfferedCard
              key={`${one.from} ${one.to}`}
              offered={one}
              open={open}
              onAccept={() => {
                const { from, to } = one;
                say({ action: "accept", from, to }, seen, { action: "refuse", from, to });
              }}
              onRefuse={() =>
                say(
                  { action: "refuse", from: one.from, to: one.to },
                  () => "Not shown here again; the memories stay hidden",
                )
              }
            />
          ))}
        </section>
      )}
      {elsewhere.length > 0 && (
        <section class="lineage-review" aria-labelledby="elsewhere-title">
          <h2 id="elsewhere-title">Not inherited here</h2>
          {elsewhere.map((one) => (
            <ElsewhereCard key={one.commit ?? one.branch ?? ""} elsewhere={one} open={open} say={say} />
          ))}
          {more === true && <p class="muted">There are more.</p>}
        </section>
      )}
    </>
  );
}

const seen = (changed: number): string => `${count(changed, "memory", "memories")} seen here again`;

function OfferedCard(props: {
  readonly offered: Offered;
  readonly open: (id: string) => void;
  readonly onAccept: () => void;
  readonly onRefuse: () => void;
}) {
  const { from, to, subject, how, sureness, inherited, count: of, memories } = props.offered;
  return (
    <article class="lineage-card" aria-label={`${shortCommit(from)} may be ${shortCommit(to)} by now`}>
      <h3>
        <Icon name="git-commit" />
        <span>
          {`${shortCommit(from)} may be ${shortCommit(to)} by now`}
          {subject !== undefined && `: ${subject}`}
        </span>
      </h3>
      <p class="muted">
        {`${Math.round(100 * sureness)} % sure, as ${HOW[how]}`}
        {!inherited && " · HEAD does not inherit that one either"}
      </p>
      <MemoryLinks memories={memories} count={of} open={props.open} />
      <div class="button-row">
        <Button icon="check" onClick={props.onAccept}>
          Accept
        </Button>
        <Button secondary onClick={props.onRefuse}>
          Refuse
        </Button>
      </div>
    </article>
  );
}

function ElsewhereCard({
  elsewhere: { branch, commit, subject, why, count: of, memories },
  open,
  say,
}: {
  readonly elsewhere: Elsewhere;
  readonly open: (id: string) => void;
  readonly say: (input: LineageInput, done: (changed: number) => string) => void;
}) {
  const chosen = commit === undefined ? { branch } : { commit };
  return (
    <article class="lineage-card" aria-label={why}>
      <h3>
        <Icon name="git-branch" />
        <span>{[branch, subject].filter((part) => part !== undefined).join(": ") || shortCommit(commit ?? "")}</span>
      </h3>
      <p class="muted">{why}</p>
      <MemoryLinks memories={memories} count={of} open={open} />
      <div class="button-row">
        <Button
          secondary
          onClick={() =>
            say(
              { action: "promote", ...chosen },
              (changed) => `${count(changed, "memory", "memories")} on every branch`,
            )
          }
        >
          Keep on Every Branch
        </Button>
        <Button
          secondary
          onClick={() =>
            say({ action: "move", ...chosen }, (changed) => `${count(changed, "memory", "memories")} moved to HEAD`)
          }
        >
          Move to HEAD
        </Button>
      </div>
    </article>
  );
}

function MemoryLinks(props: {
  readonly memories: Memories;
  readonly count: number;
  readonly open: (id: string) => void;
}) {
  const further = props.count - props.memories.length;
  return (
    <ul class="lineage-memories">
      {props.memories.map(({ id, title }) => (
        <li key={id}>
          <button type="button" class="link" onClick={() => props.open(id)}>
            {title}
          </button>
        </li>
      ))}
      {further > 0 && <li class="muted">{`and ${further} more`}</li>}
    </ul>
  );
}
