import type { Memory, Revision } from "../../src/contract/memory.ts";
import { Section } from "../parts/states.tsx";
import { ago, dateTime } from "../parts/words.ts";
import { WordDiff } from "../review/wordDiffView.tsx";

/** What each revision replaced, newest first; texts as what was taken out and put in. */
export function History({ revisions, memory }: { readonly revisions: readonly Revision[]; readonly memory: Memory }) {
  if (revisions.length === 0) return null;
  return (
    <Section title="History" count={revisions.length}>
      <ol class="history">
        {revisions.map((revision, index) => (
          <li key={revision.revision}>
            <p>
              <strong>{`Revision ${revision.revision + 1}`}</strong>
              <span class="muted" title={dateTime(revision.at)}>
                {[ago(revision.at), revision.agent ?? revision.author].filter(Boolean).join(" by ")}
              </span>
            </p>
            {revision.reason !== undefined && <p>{revision.reason}</p>}
            <Changes revision={revision} after={textAfter(revisions, index, memory)} />
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** The text as it was after a revision: what the next newer one that changed it replaced, else what it is now. */
function textAfter(revisions: readonly Revision[], index: number, memory: Memory): string {
  for (let newer = index - 1; newer >= 0; newer--) {
    const text = revisions[newer]?.before.content;
    if (text !== undefined) return text;
  }
  return memory.content;
}

function Changes({ revision, after }: { readonly revision: Revision; readonly after: string }) {
  const { content, ...fields } = revision.before;
  return (
    <>
      {content !== undefined && <WordDiff before={content} after={after} />}
      {Object.entries(fields).map(([name, value]) => (
        <p key={name} class="replaced">
          <span class="muted">{`${name} was `}</span>
          <del>{typeof value === "string" ? value : JSON.stringify(value)}</del>
        </p>
      ))}
    </>
  );
}
