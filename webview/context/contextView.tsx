import { useEffect, useState } from "preact/hooks";
import { useHost } from "../host.ts";
import type { Detail } from "../pageState.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon, Select, Slider, TextField } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading, Section } from "../parts/states.tsx";
import { useAnswer } from "../useAnswer.ts";
import { RefList } from "./refList.tsx";
import { TokenBar } from "./tokenBar.tsx";

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
  const announcer = useAnnouncer();
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
      {asked && value !== undefined && (
        <div class={`bundle ${loading ? "is-stale" : ""}`}>
          <TokenBar tokens={value.tokens} budget={budget} items={value.items} open={props.open} />
          <div class="bundle-columns">
            <section class="bundle-text" aria-label="The bundle">
              <div class="bundle-head">
                <h3>As the agent reads it</h3>
                <Button
                  secondary
                  icon="copy"
                  onClick={() =>
                    void host
                      .request("copyText", { text: value.markdown })
                      .then(() => announcer.tell({ text: "Copied" }), announcer.failed)
                  }
                >
                  Copy
                </Button>
              </div>
              <pre class="memory-text markdown" tabIndex={0}>
                {value.markdown === "" ? "Nothing is remembered that answers this." : value.markdown}
              </pre>
            </section>
            <div class="bundle-lists">
              {value.items.length > 0 && (
                <Section title="Items" count={value.items.length}>
                  <RefList items={value.items} budget={value.tokens} open={props.open} />
                </Section>
              )}
              <Section title="Left out" count={value.dropped.length}>
                <RefList items={value.dropped} budget={budget} open={props.open} />
                <p class="muted stopped">
                  <Icon name="info" /> {`Stopped as ${value.stoppedBecause}.`}
                </p>
              </Section>
            </div>
          </div>
        </div>
      )}
    </div>
  );
}
