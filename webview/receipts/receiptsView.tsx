import { useState } from "preact/hooks";
import type { Receipt } from "../../src/contract/hooks.ts";
import { RefList } from "../context/refList.tsx";
import { TokenBar } from "../context/tokenBar.tsx";
import { useHost } from "../host.ts";
import { Button, Icon } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { ago, count, dateTime } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";

const LIMIT = 200;
const EVENTS: Readonly<Record<Receipt["event"], string>> = {
  SessionStart: "Session began",
  UserPromptSubmit: "Prompt",
  PreToolUse: "Before a tool",
  PostToolUse: "After a tool",
  PostToolUseFailure: "After a failed tool",
  PreCompact: "Before compaction",
  Stop: "Turn ended",
  SessionEnd: "Session ended",
};

/** What was put into agents' contexts without being asked for: by session, newest first. */
export function ReceiptsView({ open }: { readonly open: (id: string) => void }) {
  const host = useHost();
  const { value, error, retry } = useAnswer("receipts", { limit: LIMIT });
  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (value === undefined) return <Loading what="Reading receipts…" />;
  if (value.length === 0) {
    return (
      <EmptyState
        icon="checklist"
        title="Nothing was injected yet"
        actions={
          <Button icon="plug" onClick={() => void host.request("runCommand", { command: "heirloom.connectAgent" })}>
            Connect an Agent
          </Button>
        }
      >
        <p>Each time a hook gives an agent something, a receipt says here what, why and for how many tokens.</p>
      </EmptyState>
    );
  }
  const newest = value[0]?.id;
  return (
    <div class="receipts page">
      {sessionsOf(value).map(({ sessionId, agent, receipts }) => (
        <section key={sessionId} class="section">
          <h3>
            <Icon name="hubot" />
            <span>{agent ?? "An agent"}</span>
            <span class="muted session-id" title={sessionId}>
              {sessionId}
            </span>
            <span class="section-count">
              {count(
                receipts.reduce((sum, receipt) => sum + receipt.tokens, 0),
                "token",
              )}
            </span>
          </h3>
          <ul class="receipt-list">
            {receipts.map((receipt) => (
              <ReceiptEntry key={receipt.id} receipt={receipt} opened={receipt.id === newest} open={open} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ReceiptEntry(props: {
  readonly receipt: Receipt;
  /** Whether it is open to begin with. */
  readonly opened: boolean;
  readonly open: (id: string) => void;
}) {
  const { receipt, open } = props;
  const [expanded, setExpanded] = useState(props.opened);
  const id = `receipt-${receipt.id}`;
  return (
    <li class="receipt">
      <button
        type="button"
        class="receipt-head"
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setExpanded(!expanded)}
      >
        <Icon name={expanded ? "chevron-down" : "chevron-right"} />
        <span class="receipt-event">{EVENTS[receipt.event]}</span>
        <span class="receipt-question">{receipt.question ?? ""}</span>
        <span class="receipt-cost">
          <span class="ref-bar" aria-hidden="true">
            <span
              class="token-part part-0"
              style={{ width: `${Math.min(100, (100 * receipt.tokens) / receipt.budget).toFixed(2)}%` }}
            />
          </span>
          {`${receipt.tokens} tokens`}
        </span>
        <time class="muted receipt-time" title={dateTime(receipt.at)}>
          {ago(receipt.at)}
        </time>
      </button>
      <div id={id} hidden={!expanded}>
        {expanded && <ReceiptBody receipt={receipt} open={open} />}
      </div>
    </li>
  );
}

function ReceiptBody({ receipt, open }: { readonly receipt: Receipt; readonly open: (id: string) => void }) {
  const { items, dropped, tokens, budget, tookMs } = receipt;
  return (
    <div class="receipt-body">
      <TokenBar tokens={tokens} budget={budget} items={items} open={open} />
      <RefList items={items} budget={budget} open={open} />
      {dropped.length > 0 && (
        <>
          <h4>{count(dropped.length, "memory", "memories")} left out</h4>
          <RefList items={dropped} budget={budget} open={open} />
        </>
      )}
      <p class="muted receipt-took">{`Answered in ${tookMs.toFixed(0)} ms.`}</p>
    </div>
  );
}

interface Session {
  readonly sessionId: string;
  readonly agent: string | undefined;
  readonly receipts: readonly Receipt[];
}

function sessionsOf(receipts: readonly Receipt[]): readonly Session[] {
  const bySession = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const session = bySession.get(receipt.sessionId);
    if (session === undefined) bySession.set(receipt.sessionId, [receipt]);
    else session.push(receipt);
  }
  return [...bySession].map(([sessionId, list]) => ({ sessionId, agent: list[0]?.agent, receipts: list }));
}
