import { expect, test } from "vitest";
import { readCommitMessage } from "../../../src/engine/capture/commitMessage.ts";

test("drops who signed, reviewed and generated, and keeps what the change is about", () => {
  const message = [
    "Fix the race in close",
    "",
    "Two closers could both win.",
    "",
    "🤖 Generated with [Claude Code](https://claude.com/claude-code)",
    "",
    "Fixes: #12",
    "Reported-and-tested-by: B <b@example.com>",
    "Co-Authored-By: Claude <noreply@example.com>",
    "Signed-off-by: A <a@example.com>",
    "Change-Id: I0123",
    "Cc: c@example.com",
  ].join("\r\n");
  expect(readCommitMessage(message)).toEqual({
    subject: "Fix the race in close",
    body: "Two closers could both win.\n\nFixes: #12",
  });
});

test.each([
  ["", "", ""],
  ["\n\n  \n", "", ""],
  ["one", "one", ""],
  ["one\ntwo\n", "one two", ""],
  ["one\n   \ntwo", "one", "two"],
  ["\n\none\n\n\n\n\ntwo\n\n\n\n\nthree", "one", "two\n\nthree"],
])("reads %j", (raw, subject, body) => {
  expect(readCommitMessage(raw)).toEqual({ subject, body });
});
