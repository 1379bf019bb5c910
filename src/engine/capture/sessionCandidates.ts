import { createHash } from "node:crypto";
import type { SessionEvent } from "../../contract/hooks.ts";
import type { CaptureInput } from "../../contract/tools.ts";
import { mayMend } from "./mendingCommand.ts";
import { undoneCandidates } from "./undoneCandidates.ts";
import { promptStatements } from "./promptStatements.ts";

/** A memory that a session's events give. The same events give the same keys, however often they are read. */
export interface SessionCandidate {
  readonly key: string;
  /** `once`: stored as it is. `revised`: one memory a session, that is brought up to date. */
  readonly how: "once" | "revised";
  readonly input: CaptureInput;
}

/** The event type of the memory that says which files a session touched. */
export const SESSION_EVENT = "session";
const MOST_FIXES = 10;
const MOST_ANCHORS = 20;
/** As many anchors as a memory may have. */
const MOST_TOUCHED = 64;
const LONGEST_TITLE = 80;
const PATHS_SHOWN = 12;

/** Decisions and rules out of the prompts, fixes with the error that they mend, what was undone, and one memory of the files touched. */
export function sessionCandidates(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  return [
    ...statements(sessionId, events),
    ...fixes(sessionId, events),
    ...undone(sessionId, events),
    ...touched(sessionId, events),
  ];
}

const undone = (sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] =>
  undoneCandidates(events).map(({ of, input }) => ({ key: keyOf(sessionId, "undone", of), how: "once", input }));

function statements(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  return events.flatMap((event) =>
    event.type !== "prompt"
      ? []
      : promptStatements(event.text).map(({ kind, text }) => ({
          key: keyOf(sessionId, "statement", text),
          how: "once" as const,
          input: { eventType: kind, kind, content: text, tags: ["said in a session"] },
        })),
  );
}

interface Failure {
  readonly command: string;
  readonly error: string;
  readonly edits: Set<string>;
  /** What succeeded since it failed last and may have changed something. */
  readonly menders: Set<string>;
}

/** A command failed, files were edited, the same command succeeded: the edits mended the last error of it. Without edits, the one command did. */
function fixes(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  const found: SessionCandidate[] = [];
  for (const { event, open } of withOpenFailures(events)) {
    const failure = event.type === "command" && event.error === undefined ? open : undefined;
    if (failure === undefined || failure.error === "") continue;
    if (failure.edits.size > 0) found.push(fixByEdits(sessionId, failure));
    // Of two commands nobody knows which one did it.
    else if (failure.menders.size === 1) found.push(fixByCommand(sessionId, failure));
  }
  return found.slice(-MOST_FIXES);
}

/** Whether a command failed that has not succeeded since. */
export function hasOpenFailure(events: readonly SessionEvent[]): boolean {
  const failed = new Set<string>();
  for (const event of events)
    if (event.type === "command") {
      if (event.error === undefined) failed.delete(sameCommand(event.command));
      else failed.add(sameCommand(event.command));
    }
  return failed.size > 0;
}

/** Each event, with the failure of the same command that was open before it. */
function* withOpenFailures(
  events: readonly SessionEvent[],
): Generator<{ readonly event: SessionEvent; readonly open: Failure | undefined }> {
  const failures = new Map<string, Failure>();
  for (const event of events) {
    const same = event.type === "command" ? sameCommand(event.command) : "";
    const open = failures.get(same);
    yield { event, open };
    if (event.type === "edit") for (const failure of failures.values()) failure.edits.add(event.path);
    if (event.type !== "command") continue;
    const { command, error } = event;
    if (error !== undefined) {
      // An error that a first attempt left as it was is mended by that attempt and the next together.
      const edits = open?.error === error ? open.edits : new Set<string>();
      failures.set(same, { command, error, edits, menders: new Set() });
    } else {
      failures.delete(same);
      if (mayMend(command)) for (const failure of failures.values()) failure.menders.add(command);
    }
  }
}

const fixByEdits = (sessionId: string, failure: Failure): SessionCandidate => {
  const paths = [...failure.edits];
  const anchors = paths.slice(0, MOST_ANCHORS).map((path) => ({ path }));
  return fixOf(sessionId, failure, `changes to ${listed(paths)}`, paths.join("\n"), { anchors });
};

const fixByCommand = (sessionId: string, failure: Failure): SessionCandidate => {
  const mender = [...failure.menders].join("");
  return fixOf(sessionId, failure, `\`${mender}\``, `$ ${mender}`, {});
};

function fixOf(
  sessionId: string,
  { command, error }: Failure,
  mended: string,
  how: string,
  more: Pick<CaptureInput, "anchors">,
): SessionCandidate {
  return {
    key: keyOf(sessionId, "fix", `${command}\n${error}\n${how}`),
    how: "once",
    input: {
      eventType: "fix",
      kind: "insight",
      title: `Fixed: ${(error.split("\n")[0] ?? "").slice(0, 200)}`,
      content: `\`${command}\` failed with:\n\n${error}\n\nIt succeeded after ${mended}.`,
      tags: ["fix"],
      ...more,
    },
  };
}

/** Which files were changed, and nothing of what was asked for: prompts are not kept for good. */
function touched(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  const paths = [...new Set(events.flatMap((event) => (event.type === "edit" ? [event.path] : [])))];
  if (paths.length === 0) return [];
  return [
    {
      key: keyOf(sessionId, "touched", ""),
      how: "revised",
      input: {
        eventType: SESSION_EVENT,
        kind: "event",
        title: `Changed ${listed(paths.map(nameOf), 2)}`.slice(0, LONGEST_TITLE),
        content: `An agent's session changed ${listed(paths)}.`,
        metadata: { files: paths.length },
        // Two sessions over the same files are two events.
        dedupe: "none",
        anchors: paths.slice(0, MOST_TOUCHED).map((path) => ({ path })),
      },
    },
  ];
}

/** The command itself, whatever is done with its output and wherever it runs. */
export function sameCommand(command: string): string {
  return command
    .replace(/^\s*cd\s+[^&;|]+(?:&&|;)\s*/u, "")
    .replace(/\s*2>&1/gu, "")
    .replace(/\s*\|\s*(?:tail|head|grep|less|cat|tee)\b.*$/su, "")
    .replace(/\s*(?:\|\| true|; ?echo .*)$/u, "")
    .replace(/\s+/gu, " ")
    .trim();
}

const keyOf = (sessionId: string, what: string, text: string): string =>
  `session:${createHash("sha256").update(`${sessionId}\n${what}\n${text.toLowerCase()}`).digest("hex").slice(0, 32)}`;

function listed(paths: readonly string[], most = PATHS_SHOWN): string {
  const shown = paths.slice(0, most).join(", ");
  return paths.length > most ? `${shown} and ${paths.length - most} more` : shown;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
