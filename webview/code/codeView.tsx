import { useEffect, useState } from "preact/hooks";
import { useHost } from "../host.ts";
import type { CodePart } from "../pageState.ts";
import { Button } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { AgentQuestion } from "./agentQuestion.tsx";
import { IndexState } from "./indexState.tsx";
import { SymbolSearch } from "./symbolSearch.tsx";
import { useCodeStatus } from "./useCodeStatus.ts";

const PARTS: readonly { readonly value: CodePart; readonly label: string; readonly title: string }[] = [
  { value: "symbols", label: "Symbols", title: "Find a symbol by its name" },
  { value: "question", label: "Question", title: "What an agent would get for a question" },
];

/** The code of the folder: how its index is, its symbols, and what an agent would be given of it. */
export function CodeView(props: { readonly open: (id: string) => void }) {
  const host = useHost();
  const { value: status, error, retry } = useCodeStatus();
  const [part, setPart] = useState(host.saved.code.part);
  const [text, setText] = useState(host.saved.code.text);
  useEffect(() => host.save({ code: { part, text } }), [host, part, text]);

  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (status === undefined) return <Loading what="Looking at the code…" />;
  if (status.state === "off") return <SwitchedOff />;
  return (
    <div class="code">
      <IndexState status={status} />
      <div class="code-parts">
        <div class="segments" role="group" aria-label="Which part">
          {PARTS.map(({ value, label, title }) => (
            <button
              key={value}
              type="button"
              title={title}
              aria-pressed={part === value}
              onClick={() => setPart(value)}
            >
              {label}
            </button>
          ))}
        </div>
      </div>
      {part === "symbols" ? (
        <SymbolSearch text={text} onText={setText} status={status} />
      ) : (
        <AgentQuestion status={status} open={props.open} />
      )}
    </div>
  );
}

function SwitchedOff() {
  const host = useHost();
  return (
    <EmptyState
      icon="circle-slash"
      title="The code is not indexed"
      actions={
        <Button
          icon="settings-gear"
          onClick={() => void host.request("runCommand", { command: "heirloom.openSettings" })}
        >
          Settings
        </Button>
      }
    >
      <p class="muted">
        heirloom.code.enabled is off: nothing of the code is read, and agents that ask about it are told so. Memories
        are found as always.
      </p>
    </EmptyState>
  );
}
