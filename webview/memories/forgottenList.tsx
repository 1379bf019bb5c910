import type { ForgottenMemory } from "../../src/contract/engineApi.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon, IconButton } from "../parts/elements.tsx";
import { EmptyState } from "../parts/states.tsx";
import { ago, count, dateTime, KIND_ICONS } from "../parts/words.ts";

/** What was forgotten and can be brought back, in place of the list. */
export function ForgottenList(props: {
  readonly memories: readonly ForgottenMemory[];
  /** Opens a memory that is back. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
  readonly onChange: () => void;
}) {
  const { memories, onOpen, onClose, onChange } = props;
  const host = useHost();
  const announcer = useAnnouncer();
  const bringBack = ({ id, title }: ForgottenMemory): void => {
    host.request("forget", { undo: id }).then(() => {
      announcer.tell({ text: `Brought back: ${title}` });
      onChange();
      onOpen(id);
    }, announcer.failed);
  };
  return (
    <section
      class="forgotten"
      aria-label="Forgotten memories"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div class="forgotten-bar">
        <IconButton label="Back to the list" icon="arrow-left" onClick={onClose} />
        <h2>{count(memories.length, "forgotten memory", "forgotten memories")}</h2>
      </div>
      {memories.length === 0 && (
        <EmptyState icon="trash" title="Nothing that was forgotten can be brought back">
          <p>A forgotten memory is kept for a while, then its text is removed from the disk.</p>
        </EmptyState>
      )}
      <ul>
        {memories.map((memory) => (
          <li key={memory.id} class="forgotten-row">
            <Icon name={KIND_ICONS[memory.kind]} />
            <div class="forgotten-text">
              <p class="row-title">{memory.title}</p>
              {memory.excerpt !== "" && <p class="row-excerpt">{memory.excerpt}</p>}
              <p class="muted" title={dateTime(memory.forgottenAt)}>
                {`Forgotten ${ago(memory.forgottenAt)}, kept until ${dateTime(memory.keptUntil)}`}
              </p>
            </div>
            <Button secondary onClick={() => bringBack(memory)}>
              Bring Back
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
