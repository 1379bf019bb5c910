import { createHash } from "node:crypto";
import { HeirloomError } from "../../contract/errors.ts";
import type { Receipt, SessionEvent } from "../../contract/hooks.ts";

/** Version of the lines below; a file of another one is refused and left alone. */
export const SESSION_LOG_VERSION = 1;
const FORMAT = "heirloom-session";

/** One line of a session's log. */
export type SessionLine =
  | { readonly type: "session"; readonly format: string; readonly version: number; readonly session: string }
  /** `by` names the hook that said them: of two at once the first line in the file counts. */
  | { readonly type: "said"; readonly by: string; readonly ids: readonly string[] }
  /** The agent lost its context: what was said may be said again. */
  | { readonly type: "forgot" }
  | { readonly type: "receipt"; readonly receipt: Receipt }
  /** What was made of the session's events, by the key of each. */
  | { readonly type: "captured"; readonly key: string; readonly id: string; readonly of: string }
  /** Memories that were said and whose code the session then worked on: each counts once. */
  | { readonly type: "used"; readonly ids: readonly string[] }
  | SessionEvent;

/** A session as its log tells it. */
export interface SessionState {
  /** Who said a memory first, by the memory's id. */
  readonly said: Map<string, string>;
  readonly events: SessionEvent[];
  /** Without titles: a memory that is forgotten is to leave none here. */
  readonly receipts: Receipt[];
  /** The memory that was made under a key, and a digest of what it was made of. */
  readonly captured: Map<string, { readonly id: string; readonly of: string }>;
  /** What was said and worked by. */
  readonly used: Set<string>;
  /** Its id; absent while nothing is written. */
  session?: string;
}

export const emptySession = (): SessionState => ({
  said: new Map(),
  events: [],
  receipts: [],
  captured: new Map(),
  used: new Set(),
});

export const headerLine = (session: string): SessionLine => ({
  type: "session",
  format: FORMAT,
  version: SESSION_LOG_VERSION,
  session,
});

export const encodeLine = (line: SessionLine): string => `${JSON.stringify(line)}\n`;

/** Takes whole lines in. One that is no line of ours was torn by a crash and is passed over. UNSUPPORTED_VERSION. */
export function applyLines(state: SessionState, text: string, file: string): void {
  for (const written of text.split("\n")) {
    const line = parseLine(written);
    if (line === undefined) continue;
    if (line.type === "session") {
      if (line.format !== FORMAT || line.version !== SESSION_LOG_VERSION) throw unsupported(file, line.version);
      state.session = line.session;
    } else if (state.session !== undefined) {
      apply(state, line);
    } else {
      throw unsupported(file, "none");
    }
  }
}

function apply(state: SessionState, line: Exclude<SessionLine, { readonly type: "session" }>): void {
  switch (line.type) {
    case "said":
      for (const id of line.ids) if (!state.said.has(id)) state.said.set(id, line.by);
      return;
    case "forgot":
      state.said.clear();
      return;
    case "receipt":
      state.receipts.push(line.receipt);
      return;
    case "captured":
      state.captured.set(line.key, { id: line.id, of: line.of });
      return;
    case "used":
      for (const id of line.ids) state.used.add(id);
      return;
    case "prompt":
    case "edit":
    case "undone":
    case "command":
      state.events.push(line);
  }
}

/** The session without what was said in it, what its commands printed, what it changed, and what was asked for them; undefined when there is nothing of it. */
export function withoutTexts(state: SessionState): SessionState | undefined {
  const events = state.events.flatMap((event) =>
    event.type === "edit" ? [{ type: event.type, at: event.at, path: event.path }] : [],
  );
  const hadChanges = state.events.some((event) => event.type === "edit" && event.change !== undefined);
  const hadQuestions = state.receipts.some(({ question }) => question !== undefined);
  if (events.length === state.events.length && !hadChanges && !hadQuestions) return undefined;
  return { ...state, events, receipts: state.receipts.map(({ question: _question, ...receipt }) => receipt) };
}

/** The lines that make the session again, without its oldest events and receipts where they take more than `bytes`. */
export function shortened(session: string, state: SessionState, bytes: number): string {
  const kept: string[] = [];
  let room = bytes / 2;
  for (const event of [...state.events].reverse()) if ((room -= put(kept, event)) < 0) break;
  kept.reverse();
  const receipts: string[] = [];
  room = bytes / 2;
  for (const receipt of [...state.receipts].reverse())
    if ((room -= put(receipts, { type: "receipt", receipt })) < 0) break;
  const said = new Map<string, string[]>();
  for (const [id, by] of state.said) said.set(by, [...(said.get(by) ?? []), id]);
  return [
    encodeLine(headerLine(session)),
    ...[...said].map(([by, ids]) => encodeLine({ type: "said", by, ids })),
    ...(state.used.size === 0 ? [] : [encodeLine({ type: "used", ids: [...state.used] })]),
    ...[...state.captured].map(([key, { id, of }]) => encodeLine({ type: "captured", key, id, of })),
    ...receipts.reverse(),
    ...kept,
  ].join("");
}

function put(list: string[], line: SessionLine): number {
  const text = encodeLine(line);
  list.push(text);
  return Buffer.byteLength(text);
}

function parseLine(text: string): SessionLine | undefined {
  if (text === "") return undefined;
  try {
    const line = JSON.parse(text) as Partial<SessionLine> | null;
    return typeof line === "object" && line !== null && typeof line.type === "string"
      ? (line as SessionLine)
      : undefined;
  } catch {
    return undefined;
  }
}

const unsupported = (file: string, version: unknown): HeirloomError =>
  new HeirloomError(
    "UNSUPPORTED_VERSION",
    `${file} is of version ${JSON.stringify(version)}, this Heirloom knows ${SESSION_LOG_VERSION}: update it, or remove the file.`,
    { file },
  );

/** A file name for any session id. Two ids never share one, also where case does not count or names are reserved. */
export function sessionFileName(sessionId: string): string {
  if (/^[a-z0-9][a-z0-9-]{7,79}$/u.test(sessionId)) return `${sessionId}.jsonl`;
  const slug = sessionId
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, "-")
    .slice(0, 40);
  return `${slug}.${createHash("sha256").update(sessionId).digest("hex").slice(0, 16)}.jsonl`;
}
