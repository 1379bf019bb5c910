import { useEffect, useState } from "preact/hooks";
import { useHost } from "../host.ts";
import type { Detail } from "../pageState.ts";
import { Select, Slider, TextField } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading } from "../parts/states.tsx";
import { useAnswer } from "../useAnswer.ts";
import { Bundle } from "./bundle.tsx";

const DETAILS: readonly { readonly value: Detail; readonly label: string }[] = [
  { value: "outline", label: "Titles only" },
  { value: "signatures", label: "First sentences" },
  { value: "implementation", label: "Whole memories" },
  { value: "full", label: "Everything known" },
];
/** Tokens, one step of the slider each. */
const BUDGETS = [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000] as const;
const DELAY = 250;

/** What an agent would be given for a question: the text itself, what each item costs, and what found no room. */
export function ContextView(props: { readonly question: string; readonly open: (id: string) => void }) {
  const host = useHost();
  const [text, setText] = useState(props.question);
  const [budget, setBudget] = useState(host.saved.question.budget);
  const [detail, setDetail] = useState(host.saved.question.detail);
  useEffect(() => setText(props.question), [props.question]);
  useEffect(() => host.save({ question: { text, budget, detail } }), [host, text, budget, detail]);

  const asked = text.trim() !== "";
  const { value, error, loading, retry } = useAnswer(
    "buildContext",
    { query: text.trim(), budget, detail },
    { when: asked, delay: DELAY },
  );
  const step = BUDGETS.findIndex((size) => size >= budget);

  return (
    <div class="context page">
      <div class="field">
        <label for="question">What would you ask the agent?</label>
        <TextField
          id="question"
          label="Question"
          placeholder="For example: how do we invalidate the cache?"
          icon="comment-discussion"
          value={text}
          onInput={setText}
          onKeyDown={(event) => {
            if (event.key === "Enter") retry();
          }}
        />
      </div>
      <div class="context-knobs">
        <div class="field slider-field">
          <label for="budget">
            Budget <output for="budget">{`${budget.toLocaleString("en")} tokens`}</output>
          </label>
          <Slider
            id="budget"
            label="Budget"
            value={step === -1 ? BUDGETS.length - 1 : step}
            last={BUDGETS.length - 1}
            valueText={`${budget} tokens`}
            onInput={(chosen) => setBudget(BUDGETS[chosen] ?? 4000)}
          />
        </div>
        <div class="field">
          <label for="detail-level">Detail</label>
          <Select id="detail-level" label="Detail" value={detail} options={DETAILS} onChange={setDetail} />
        </div>
      </div>
      {!asked && (
        <EmptyState icon="output" title="See what an agent would be told">
          <p class="muted">
            Ask a question; the answer is the text as it goes into the agent&apos;s context, item by item.
          </p>
        </EmptyState>
      )}
      {asked && error !== undefined && <ErrorState error={error} retry={retry} />}
      {asked && error === undefined && value === undefined && <Loading what="Composing…" />}
      {asked && value !== undefined && <Bundle bundle={value} budget={budget} loading={loading} open={props.open} />}
    </div>
  );
}
