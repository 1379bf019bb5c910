import { cutUnits } from "./title.ts";

export interface CommitMessage {
  /** The first paragraph on one line; empty for a commit without a message. */
  readonly subject: string;
  /** What follows, without the trailers and tool lines that say nothing about the change. */
  readonly body: string;
}

/** More of a message than this many UTF-16 units is no message (pasted logs, generated changelogs). */
const BODY_LIMIT = 16_000;

/** Splits a raw commit message as git does: subject to the first blank line, then the body. */
export function readCommitMessage(raw: string): CommitMessage {
  // Also bounds the work on a message of many megabytes.
  const text = raw
    .slice(0, BODY_LIMIT * 4)
    .replace(/\r\n?/gu, "\n")
    .replace(CONTROL, "")
    .replace(/^\s+/u, "");
  const end = /\n[ \t]*\n/u.exec(text)?.index ?? text.length;
  const subject = text.slice(0, end).replace(/\s+/gu, " ").trim();
  const lines = text
    .slice(end)
    .split("\n")
    .map((line) => line.trimEnd());
  const body = lines
    .filter((line) => !NOISE.test(line))
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim();
  return { subject, body: body.length > BODY_LIMIT ? cutAtLine(body) : body };
}

/** Whether a merge says something itself: a body beyond the list of conflicts, or a subject that is not the one git or its host makes. */
export function mergeSaysSomething({ subject, body }: CommitMessage): boolean {
  const own = body.replace(/^#? ?Conflicts:\n(?:#?[ \t]+\S.*(?:\n|$))*/gmu, "").trim();
  return own !== "" || (subject !== "" && !/^(?:auto(?:matic)?[- ]?merge|merged?\b)/iu.test(subject));
}

/** Control characters but tab and line feed. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Who signed, reviewed and generated: of use to the project's process, not to a reader of its history. Fixes:, Closes:, Refs: stay. */
const NOISE =
  /^(?:(?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|helped|approved|committed|authored|co-developed|mentored|requested)(?:-and-\w+)*-by|cc|change-id|reviewed-on|commit-queue|auto-submit|git-svn-id|x-[\w-]+|gitorigin-revid|claude-session):.*$|^(?:🤖 )?generated with \[?claude code\b.*$/iu;

function cutAtLine(body: string): string {
  const head = cutUnits(body, BODY_LIMIT);
  const lineEnd = head.lastIndexOf("\n");
  return `${(lineEnd > BODY_LIMIT / 2 ? head.slice(0, lineEnd) : head).trimEnd()}\n[…]`;
}
