import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { KINDS, SCOPES } from "../../src/contract/kinds.ts";
import type { Memory } from "../../src/contract/memory.ts";
import type { ReviseInput } from "../../src/contract/tools.ts";
import { toErrorShape } from "../../src/contract/errors.ts";
import { Button, Select, TextArea, TextField } from "../parts/elements.tsx";

/** Changes a memory; only the fields that differ are sent. */
export function EditForm(props: {
  readonly memory: Memory;
  readonly onSave: (change: Omit<ReviseInput, "id">) => Promise<void>;
  readonly onCancel: () => void;
}) {
  // As it was when the form was opened: what an agent has changed since and nobody here has touched is not put back.
  const memory = useRef(props.memory).current;
  const [title, setTitle] = useState(memory.title ?? "");
  const [content, setContent] = useState(memory.content);
  const [kind, setKind] = useState(memory.kind);
  const [scope, setScope] = useState(memory.scope);
  const [tags, setTags] = useState(memory.tags.join(", "));
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();
  const [saving, setSaving] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("#edit-content")?.focus(), []);

  const tagList = tags.split(",").map((tag) => tag.trim());
  const change: Omit<ReviseInput, "id"> = {
    ...(title.trim() === (memory.title ?? "") || title.trim() === "" ? {} : { title: title.trim() }),
    ...(content === memory.content ? {} : { content }),
    ...(kind === memory.kind ? {} : { kind }),
    ...(scope === memory.scope ? {} : { scope }),
    ...(tags === memory.tags.join(", ") ? {} : { tags: tagList.filter(Boolean) }),
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
    props.onSave({ ...change, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) }).catch((thrown: unknown) => {
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
        <TextField id="edit-title" label="Title" value={title} onInput={setTitle} />
      </Field>
      <Field label="Text" for="edit-content">
        <TextArea id="edit-content" label="Text" value={content} onInput={setContent} rows={10} />
      </Field>
      <div class="field-pair">
        <Field label="Kind" for="edit-kind">
          <Select
            id="edit-kind"
            label="Kind"
            value={kind}
            options={KINDS.map((value) => ({ value, label: value }))}
            onChange={setKind}
          />
        </Field>
        <Field label="Scope" for="edit-scope">
          <Select
            id="edit-scope"
            label="Scope"
            value={scope}
            options={SCOPES.map((value) => ({ value, label: value }))}
            onChange={setScope}
          />
        </Field>
      </div>
      <Field label="Tags, with commas between" for="edit-tags">
        <TextField id="edit-tags" label="Tags" value={tags} onInput={setTags} />
      </Field>
      <Field label="Why (kept in the history)" for="edit-reason">
        <TextField id="edit-reason" label="Why" value={reason} onInput={setReason} />
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
        <Button secondary onClick={props.onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function Field(props: { readonly label: string; readonly for: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={props.for}>{props.label}</label>
      {props.children}
    </div>
  );
}
