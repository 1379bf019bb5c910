import type { JudgeInput, PendingFile, ShareResult } from "../../src/contract/share.ts";
import { shortCommit } from "../../src/contract/shortCommit.ts";
import { useHost } from "../host.ts";
import { useAnnouncer } from "../parts/announcer.tsx";
import { Button, Icon } from "../parts/elements.tsx";
import { ErrorState } from "../parts/states.tsx";
import { count } from "../parts/words.ts";
import { useAnswer } from "../useAnswer.ts";
import { changedLines } from "./changedLines.ts";

/** What came with the repository and waits for a person, and files that are no shared memories. Nothing where there is neither. */
export function SharedReview() {
  const host = useHost();
  const announcer = useAnnouncer();
  const { value, error, retry } = useAnswer("share", { action: "review" });
  const { pending = [], problems = [] } = value ?? {};
  const judge = (input: JudgeInput, done: string): void => {
    const run = async (): Promise<void> => {
      const result: ShareResult = await host.request("share", input);
      retry();
      const [wrong] = result.problems.filter((one) => problems.every((known) => known.path !== one.path));
      announcer.tell({ text: wrong === undefined ? done : `${wrong.path}: ${wrong.message}` });
    };
    run().catch(announcer.failed);
  };

  if (error !== undefined) return <ErrorState error={error} retry={retry} />;
  return (
    <>
      {pending.length > 0 && (
        <section class="lineage-review" aria-labelledby="shared-title">
          <h2 id="shared-title">{`Shared by this repository: ${count(pending.length, "memory", "memories")} to review`}</h2>
          <p class="muted">Nothing of it reaches an agent before you accept it.</p>
          {pending.map((one) => (
            <SharedCard key={`${one.id} ${one.hash}`} pending={one} judge={judge} />
          ))}
        </section>
      )}
      {problems.length > 0 && (
        <section class="lineage-review" aria-labelledby="unread-title">
          <h2 id="unread-title">Files that are no shared memories</h2>
          <ul class="lineage-memories">
            {problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>{`${path}: ${message}`}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const CHANGES: Readonly<Record<PendingFile["change"], string>> = {
  new: "New",
  changed: "Changed",
  gone: "Deleted: accepting forgets the memory",
};

function SharedCard(props: {
  readonly pending: PendingFile;
  readonly judge: (input: JudgeInput, done: string) => void;
}) {
  const { id, hash, title, path, change, author, commit, known, text } = props.pending;
  const name = title ?? path;
  const chosen = { ids: [id], ...(change === "gone" ? {} : { hashes: [hash] }) };
  const by = author === undefined ? "" : ` by ${author}`;
  const at = commit === undefined ? "" : ` in ${shortCommit(commit)}`;
  return (
    <article class="lineage-card" aria-label={`Shared: ${name}`}>
      <h3>
        <Icon name="repo" />
        <span>{name}</span>
      </h3>
      <p class="muted">{`${CHANGES[change]}${by}${at} · ${path}`}</p>
      <pre class="shared-text" tabIndex={0} aria-label="What the file says, against what is known">
        {changedLines(known ?? "", text ?? "").map((line, index) => {
          if (line.is === "added") return <ins key={index}>{`+ ${line.text}`}</ins>;
          if (line.is === "removed") return <del key={index}>{`- ${line.text}`}</del>;
          return <span key={index}>{`  ${line.text}\n`}</span>;
        })}
      </pre>
      <div class="button-row">
        <Button
          icon="check"
          onClick={() => props.judge({ action: "accept", ...chosen }, change === "gone" ? "Forgotten" : "Remembered")}
        >
          {change === "gone" ? "Forget" : "Accept"}
        </Button>
        <Button
          secondary
          onClick={() =>
            props.judge(
              { action: "refuse", ...chosen },
              change === "gone" ? "Kept" : "Not shown here again unless its text changes",
            )
          }
        >
          {change === "gone" ? "Keep" : "Refuse"}
        </Button>
      </div>
    </article>
  );
}
