import { describe, expect, test } from "vitest";
import { promptStatements } from "../../../src/engine/capture/promptStatements.ts";

const found = (prompt: string): readonly string[] =>
  promptStatements(prompt).map(({ kind, text }) => `${kind}: ${text}`);

describe("what a prompt states for later", () => {
  test.each([
    ["We decided to use the order id as the key.", "decision"],
    ["I've decided that amounts stay in cents.", "decision"],
    ["After the talk we agreed on keyset pages for all lists.", "decision"],
    ["Always run the linter before you commit.", "rule"],
    ["please never touch the generated files", "rule"],
    ["From now on tests go beside the code.", "rule"],
    ["- Don't ever log the response body of the provider.", "rule"],
    ["You must always close the reader.", "rule"],
    ["Use pnpm instead of npm in all scripts.", "rule"],
    ["I prefer early returns over nested conditions.", "rule"],
    ["We usually prefer small commits with a reason.", "preference"],
  ])("%s", (sentence, kind) => {
    expect(promptStatements(sentence)).toEqual([{ kind, text: sentence.replace(/^- /u, "") }]);
  });

  test.each([
    "Should we always run the linter?",
    "What if we decided to drop support for Node 18?",
    "Have we decided which database to use",
    "It always fails on Mondays and never on Tuesdays.",
    "Never mind, that was my mistake.",
    "We haven't decided on a name yet.",
    "Maybe we should use pnpm instead of npm.",
    "Use a map instead of a list here.",
    "Use a Set rather than an array in this function please.",
    "Always.",
    "Fix the failing test and run it again.",
    "```\n// Always call close() when you are done\n```",
    "> We decided to use tabs.",
    "<file>Always indent by four spaces, please do.</file>",
    "at Always.never (/src/use.ts:1:2) instead of that",
  ])("nothing in: %s", (prompt) => {
    expect(found(prompt)).toEqual([]);
  });

  test("finds each of several sentences once, and no more than five", () => {
    const prompt =
      "Do it. Always write a test first. Then go on. Always write a test first. We decided to keep the old API.";
    expect(found(prompt)).toEqual(["rule: Always write a test first.", "decision: We decided to keep the old API."]);
    const many = Array.from({ length: 9 }, (_, index) => `Always close the reader number ${index}.`).join("\n");
    expect(found(many)).toHaveLength(5);
  });
});
