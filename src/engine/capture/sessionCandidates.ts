import { createHash } from "node:crypto";
import type { SessionEvent } from "../../contract/hooks.ts";
import type { CaptureInput } from "../../contract/tools.ts";
import { promptStatements } from "./promptStatements.ts";

/** A memory that a session's events give. The same events give the same keys, however often they are read. */
export interface SessionCandidate {
  readonly key: string;
  /** `once`: stored as it is. `revised`: one memory a session, that is brought up to date. */
  readonly how: "once" | "revised";
  readonly input: CaptureInput;
}

const MOST_FIXES = 10;
const MOST_ANCHORS = 20;
const PATHS_SHOWN = 12;

/** Decisions and rules out of the prompts, fixes with the error that they mend, and one memory of the files touched. */
export function sessionCandidates(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  return [...statements(sessionId, events), ...fixes(sessionId, events), ...touched(sessionId, events)];
}

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

/** A command failed, files were edited, the same command succeeded: the edits mended the last error of it. */
function fixes(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  const open = new Map<string, { command: string; error: string; edits: Set<string> }>();
  const found: SessionCandidate[] = [];
  for (const event of events) {
    if (event.type === "edit") for (const failure of open.values()) failure.edits.add(event.path);
    if (event.type !== "command") continue;
    const same = sameCommand(event.command);
    const failure = open.get(same);
    if (event.error !== undefined) {
      // An error that a first attempt left as it was is mended by that attempt and the next together.
      open.set(same, {
        command: event.command,
        error: event.error,
        edits: failure?.error === event.error ? failure.edits : new Set(),
      });
    } else if (failure !== undefined) {
      open.delete(same);
      if (failure.edits.size > 0 && failure.error !== "") found.push(fixOf(sessionId, failure));
    }
  }
  return found.slice(-MOST_FIXES);
}

function fixOf(
  sessionId: string,
  failure: { readonly command: string; readonly error: string; readonly edits: ReadonlySet<string> },
): SessionCandidate {
  const paths = [...failure.edits];
  const content = `\`${failure.command}\` failed with:\n\n${failure.error}\n\nIt succeeded after changes to ${listed(paths)}.`;
  return {
    key: keyOf(sessionId, "fix", `${failure.command}\n${failure.error}\n${paths.join("\n")}`),
    how: "once",
    input: {
      eventType: "fix",
      kind: "insight",
      title: `Fixed: ${(failure.error.split("\n")[0] ?? "").slice(0, 200)}`,
      content,
      tags: ["fix"],
      anchors: paths.slice(0, MOST_ANCHORS).map((path) => ({ path })),
    },
  };
}

function touched(sessionId: string, events: readonly SessionEvent[]): readonly SessionCandidate[] {
  const edits = new Map<string, number>();
  for (const event of events) if (event.type === "edit") edits.set(event.path, (edits.get(event.path) ?? 0) + 1);
  if (edits.size === 0) return [];
  const paths = [...edits.keys()];
  const asked = events.find((event) => event.type === "prompt");
  const about = asked === undefined ? "" : `\n\nAsked for first: ${firstLine(asked.text)}`;
  return [
    {
      key: keyOf(sessionId, "touched", ""),
      how: "revised",
      input: {
        eventType: "session",
        kind: "event",
        title: `Session changed ${listed(paths.map(nameOf), 3)}`,
        content: `An agent's session changed ${listed(paths)}.${about}`,
        metadata: { files: edits.size },
        // Two sessions over the same files are two events.
        dedupe: "none",
        ...(paths.length > MOST_ANCHORS ? {} : { anchors: paths.map((path) => ({ path })) }),
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

const firstLine = (text: string): string => {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};
