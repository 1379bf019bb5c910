import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { KINDS, SCOPES } from "../../src/contract/kinds.ts";
import type { Memory } from "../../src/contract/memory.ts";
import type { ReviseInput } from "../../src/contract/tools.ts";
import { toErrorShape } from "../../src/contract/errors.ts";
import { Button, Select, TextArea, TextField } from "../parts/elements.tsx";
import { useDraft } from "../useDraft.ts";

type Fields = Pick<Memory, "content" | "kind" | "scope"> & {
  readonly title: string;
  readonly tags: string;
  readonly reason: string;
};

/** A form that was not sent. */
export interface EditDraft {
  /** As the memory was when the form was opened: what an agent has changed since and nobody here has touched is not put back. */
  readonly opened: Fields;
  readonly typed: Fields;
}

export const draftOf = (id: string): string => `edit ${id}`;

/** Changes a memory; only the fields that differ are sent. */
export function EditForm(props: {
  readonly memory: Memory;
  readonly onSave: (change: Omit<ReviseInput, "id">) => Promise<void>;
  readonly onCancel: () => void;
}) {
  const draft = useDraft<EditDraft>(draftOf(props.memory.id));
  const opened = useRef(draft.left?.opened ?? fieldsOf(props.memory)).current;
  const [typed, setTyped] = useState(draft.left?.typed ?? opened);
  const put = (more: Partial<Fields>): void => {
    const next = { ...typed, ...more };
    setTyped(next);
    draft.keep({ opened, typed: next });
  };
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("#edit-content")?.focus(), []);

  const { title, content, kind, scope, tags, reason } = typed;
  const change: Omit<ReviseInput, "id"> = {
    ...(title.trim() === opened.title || title.trim() === "" ? {} : { title: title.trim() }),
    ...(content === opened.content ? {} : { content }),
    ...(kind === opened.kind ? {} : { kind }),
    ...(scope === opened.scope ? {} : { scope }),
    ...(tags === opened.tags
      ? {}
      : {
          tags: tags
            .split(",")
            .map((tag) => tag.trim())
            .filter(Boolean),
        }),
  };
  const changed = Object.keys(change).length > 0;
  const save = (): void => {
    if (!changed || saving) return;
    if (content.trim() === "") {
      setProblem("A memory needs a text. To remove it, forget it.");
      return;
    }
    setSaving(true);
    setProblem(undefined);
    props
      .onSave({ ...change, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) })
      .then(draft.drop, (thrown: unknown) => {
        setProblem(toErrorShape(thrown).message);
        setSaving(false);
      });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  };

  return (
    <form class="edit-form" ref={form} onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <Field label="Title" for="edit-title">
        <TextField id="edit-title" label="Title" value={title} onInput={(title) => put({ title })} />
      </Field>
      <Field label="Text" for="edit-content">
        <TextArea id="edit-content" label="Text" value={content} onInput={(content) => put({ content })} rows={10} />
      </Field>
      <div class="field-pair">
        <Field label="Kind" for="edit-kind">
          <Select
            id="edit-kind"
            label="Kind"
            value={kind}
            options={KINDS.map((value) => ({ value, label: value }))}
            onChange={(kind) => put({ kind })}
          />
        </Field>
        <Field label="Scope" for="edit-scope">
          <Select
            id="edit-scope"
            label="Scope"
            value={scope}
            options={SCOPES.map((value) => ({ value, label: value }))}
            onChange={(scope) => put({ scope })}
          />
        </Field>
      </div>
      <Field label="Tags, with commas between" for="edit-tags">
        <TextField id="edit-tags" label="Tags" value={tags} onInput={(tags) => put({ tags })} />
      </Field>
      <Field label="Why (kept in the history)" for="edit-reason">
        <TextField id="edit-reason" label="Why" value={reason} onInput={(reason) => put({ reason })} />
      </Field>
      {problem !== undefined && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
      <div class="button-row">
        <Button onClick={save} disabled={!changed || saving}>
          Save
        </Button>
        <Button
          secondary
          onClick={() => {
            draft.drop();
            props.onCancel();
          }}
        >
          Cancel
        </Button>
      </div>
    </form>
  );
}

function fieldsOf({ title = "", content, kind, scope, tags }: Memory): Fields {
  return { title, content, kind, scope, tags: tags.join(", "), reason: "" };
}

function Field(props: { readonly label: string; readonly for: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={props.for}>{props.label}</label>
      {props.children}
    </div>
  );
}
