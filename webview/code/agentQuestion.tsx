import { useEffect, useState } from "preact/hooks";
import type { Anchor } from "../../src/contract/memory.ts";
import type { IndexResult, LocateResult } from "../../src/contract/codeTools.ts";
import { Bundle } from "../context/bundle.tsx";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { TextField } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading, Section } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { NotIndexed } from "./notIndexed.tsx";

const DELAY = 250;
const MOST_FILES = 10;

/** What an agent would get for a question: the files that it is located in, and the bundle of the context view. */
export function AgentQuestion(props: { readonly status: IndexResult; readonly open: (id: string) => void }) {
  const host = useHost();
  const { budget, detail } = host.saved.question;
  // Typed last, here or in the context view.
  const [text, setText] = useState(host.saved.question.text);
  useEffect(() => host.save({ question: { ...host.saved.question, text } }), [host, text]);
  const query = text.trim();
  const isIndexed = props.status.state !== "empty";
  // It would have the code indexed, which somebody may just have given up.
  const asking = { when: query !== "" && isIndexed, delay: DELAY };
  const located = useAnswer("locate", { query, limit: MOST_FILES }, asking);
  const bundle = useAnswer("buildContext", { query, budget, detail }, asking);
  return (
    <div class="page context">
      <div class="field">
        <label for="code-question">What would you ask the agent?</label>
        <TextField
          id="code-question"
          label="Question"
          placeholder="For example: where is the cache invalidated?"
          icon="comment-discussion"
          value={text}
          onInput={setText}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            located.retry();
            bundle.retry();
          }}
        />
      </div>
      {!isIndexed && <NotIndexed />}
      {isIndexed && query === "" && (
        <EmptyState icon="output" title="See what an agent would get">
          <p class="muted">
            Ask a question: the files that it is likely about, each with why, and the text that goes into the
            agent&apos;s context.
          </p>
        </EmptyState>
      )}
      {isIndexed && query !== "" && (
        <>
          {located.error !== undefined && <ErrorState error={located.error} retry={located.retry} />}
          {located.error === undefined && located.value === undefined && <Loading what="Locating…" />}
          {located.value !== undefined && <LocatedFiles located={located.value} loading={located.loading} />}
          {bundle.error !== undefined && <ErrorState error={bundle.error} retry={bundle.retry} />}
          {bundle.value !== undefined && (
            <Bundle bundle={bundle.value} budget={budget} loading={bundle.loading} open={props.open} />
          )}
        </>
      )}
    </div>
  );
}

function LocatedFiles(props: { readonly located: LocateResult; readonly loading: boolean }) {
  const host = useHost();
  const announcer = useAnnouncer();
  const { files, pending, paused } = props.located;
  const open = (anchor: Anchor) => (): void => void host.request("openAnchor", anchor).catch(announcer.failed);
  return (
    <div class={props.loading ? "is-stale" : ""}>
      <Section title="Files" count={files.length}>
        {pending !== undefined && (
          <p class="muted">{`${count(pending, "file is", "files are")} not indexed yet and not among these.`}</p>
        )}
        {paused && <p class="muted">Indexing is paused: what changed since is not among these.</p>}
        {files.length === 0 && <p class="muted">No file of this folder has to do with it.</p>}
        <ol class="located">
          {files.map(({ path, score, reasons, symbols }) => (
            <li key={path}>
              <button type="button" class="link located-path" title={`Open ${path}`} onClick={open({ path })}>
                {path}
              </button>
              <span class="ref-cost" title={`Score ${score.toFixed(2)} of 1`}>
                <span class="ref-bar" aria-hidden="true">
                  <span class="part-0" style={{ width: `${(100 * score).toFixed(1)}%` }} />
                </span>
                {score.toFixed(2)}
              </span>
              <span class="muted ref-why">{reasons.join("; ")}</span>
              {symbols.length > 0 && (
                <span class="located-symbols">
                  {symbols.map(({ name, signature, startLine, endLine }) => (
                    <button
                      key={`${name}:${startLine}`}
                      type="button"
                      class="link"
                      title={signature}
                      onClick={open({ path, startLine, endLine })}
                    >
                      {`${name}:${startLine}`}
                    </button>
                  ))}
                </span>
              )}
            </li>
          ))}
        </ol>
      </Section>
    </div>
  );
}
