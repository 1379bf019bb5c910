import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MemoryDetail as Detail, MemoryRow } from "../../src/contract/explore.ts";
import { SCOPES } from "../../src/contract/kinds.ts";
import type { ReviseInput } from "../../src/contract/tools.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon, IconButton, Select } from "../parts/elements.tsx";
import { EmptyState, ErrorState, Loading, Section } from "../parts/states.tsx";
import { KIND_ICONS, KIND_WORDS, SCOPE_WORDS } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { useDraft } from "../useDraft.ts";
import { Anchors, Metadata, ProvenanceList, Reasons } from "./detailSections.tsx";
import { draftOf, type EditDraft, EditForm } from "./editForm.tsx";
import { History } from "./history.tsx";
import { RowContent } from "./rowContent.tsx";

/** Everything about one memory, and everything that can be done with it. */
export function MemoryDetail(props: {
  readonly id: string;
  /** The text whose search led here. */
  readonly query: string | undefined;
  readonly open: (id: string) => void;
  readonly onClose: () => void;
  readonly onForget: (row: Pick<MemoryRow, "id" | "title">) => void;
}) {
  const { id, query, onClose } = props;
  const host = useHost();
  const announcer = useAnnouncer();
  const { value, error, retry } = useAnswer(
    "detail",
    query === undefined || query.trim() === "" ? { id } : { id, query },
  );
  const draft = useDraft<EditDraft>(draftOf(id));
  const [editing, setEditing] = useState(draft.left !== undefined);
  const article = useRef<HTMLElement>(null);
  const loaded = value !== undefined;
  useLayoutEffect(() => {
    if (loaded) article.current?.focus({ preventScroll: true });
  }, [loaded]);

  if (error?.code === "NOT_FOUND") {
    return (
      <EmptyState
        icon="trash"
        title="This memory is gone"
        actions={<Button onClick={onClose}>Back to the List</Button>}
      >
        <p>It was forgotten, or has expired.</p>
        {draft.left !== undefined && (
          <>
            <p>This is what you were writing:</p>
            <pre class="memory-text">{draft.left.typed.content}</pre>
          </>
        )}
      </EmptyState>
    );
  }
  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  if (value === undefined) return <Loading what="Reading the memory…" />;

  const { memory, view } = value;
  const title = titleOf(value);
  const revise = async (change: Omit<ReviseInput, "id">, done: string): Promise<void> => {
    await host.request("revise", { id, ...change });
    retry();
    announcer.tell({ text: done });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (editing) setEditing(false);
    else onClose();
  };

  return (
    <article class="detail" aria-label={title} tabIndex={-1} ref={article} onKeyDown={onKeyDown}>
      <div class="detail-bar">
        <IconButton label="Back to the list" icon="arrow-left" class="back" onClick={onClose} />
        <span class="kind-badge" title={KIND_WORDS[memory.kind]}>
          <Icon name={KIND_ICONS[memory.kind]} />
          {memory.kind}
          <span class="kind-words">{KIND_WORDS[memory.kind]}</span>
        </span>
        <span class="spring" />
        <IconButton label="Edit" icon="edit" pressed={editing} onClick={() => setEditing(!editing)} />
        <IconButton
          label={memory.pinned === true ? "Unpin" : "Pin"}
          icon={memory.pinned === true ? "pinned" : "pin"}
          pressed={memory.pinned === true}
          onClick={() =>
            void revise(
              { pinned: memory.pinned !== true },
              memory.pinned === true ? "Unpinned" : "Pinned: it comes first in lists and briefs",
            ).catch(announcer.failed)
          }
        />
        <IconButton
          label="Copy text"
          icon="copy"
          onClick={() =>
            void host
              .request("copyText", { text: memory.content })
              .then(() => announcer.tell({ text: "Copied" }), announcer.failed)
          }
        />
        <IconButton label="Forget" icon="trash" onClick={() => props.onForget({ id, title })} />
        <IconButton label="Close" icon="close" class="close" onClick={onClose} />
      </div>
      {view.visibility === "hidden" && (
        <div class="banner">
          <Icon name="eye-closed" />
          <span>
            <strong>Hidden from here. </strong>
            {view.hiddenBecause ?? "The commit that is checked out does not inherit it."}
          </span>
          {memory.scope === "lineage" && (
            <button
              type="button"
              class="link"
              onClick={() => void revise({ scope: "repo" }, "Shown on every branch now").catch(announcer.failed)}
            >
              Show on every branch
            </button>
          )}
        </div>
      )}
      {editing ? (
        <EditForm
          memory={memory}
          onCancel={() => setEditing(false)}
          onSave={async (change) => {
            await revise(change, "Saved");
            setEditing(false);
          }}
        />
      ) : (
        <>
          {/* Without a title it is called by its first words, which stand below. */}
          {isNamed(value) && <h2 class="detail-title">{title}</h2>}
          <pre class="memory-text">{memory.content}</pre>
          {memory.tags.length > 0 && (
            <ul class="tags" aria-label="Tags">
              {memory.tags.map((tag) => (
                <li key={tag}>{tag}</li>
              ))}
            </ul>
          )}
          <div class="scope-row">
            <label for="detail-scope">Seen in</label>
            <Select
              id="detail-scope"
              label="Scope"
              value={memory.scope}
              options={SCOPES.map((scope) => ({ value: scope, label: `${scope}: ${SCOPE_WORDS[scope]}` }))}
              onChange={(scope) => {
                if (scope !== memory.scope) void revise({ scope }, `Scope is ${scope} now`).catch(announcer.failed);
              }}
            />
          </div>
          <Anchors anchors={memory.anchors} states={value.anchors} view={view} />
          <Reasons reasons={view.reasons} />
          <ProvenanceList memory={memory} />
          <Metadata metadata={memory.metadata} />
          <History revisions={value.history} memory={memory} />
          {value.related.length > 0 && (
            <Section title="Related" count={value.related.length}>
              <ul class="related">
                {value.related.map((row) => (
                  <li key={row.id}>
                    <button type="button" class="row related-row" onClick={() => props.open(row.id)}>
                      <RowContent row={{ ...row, excerpt: row.why }} />
                    </button>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </article>
  );
}

const isNamed = ({ memory }: Detail): boolean => memory.title !== undefined && memory.title !== memory.content.trim();

function titleOf({ memory }: Detail): string {
  return memory.title ?? memory.content.trim().split("\n", 1)[0]?.slice(0, 120) ?? memory.id;
}
