import { expect, test } from "vitest";
import { readEditChanges } from "../../../src/engine/capture/editChange.ts";

const change = { path: "a.ts", before: "old", after: "new" };
const lines = { path: "a.ts", before: "same\nold\n", after: "same\nnew\n" };

test.each([
  ["Claude Code's Edit", { tool_input: { file_path: "a.ts", old_string: "old", new_string: "new" } }, change],
  ["its MultiEdit", { tool_input: { file_path: "a.ts", edits: [{ old_string: "old", new_string: "new" }] } }, change],
  ["VS Code", { tool_input: { filePath: "a.ts", oldString: "old", newString: "new" } }, change],
  [
    "VS Code, several",
    { tool_input: { replacements: [{ filePath: "a.ts", oldString: "old", newString: "new" }] } },
    change,
  ],
  ["Copilot CLI", { tool_input: { path: "a.ts", old_str: "old", new_str: "new" } }, change],
  [
    "Codex",
    { tool_input: { input: "*** Begin Patch\n*** Update File: a.ts\n@@ class A\n same\n-old\n+new\n*** End Patch" } },
    lines,
  ],
  [
    "the answer of Claude Code, which has whole lines",
    {
      tool_input: { file_path: "a.ts", content: "same\nnew\n" },
      tool_response: { structuredPatch: [{ oldStart: 1, lines: [" same", "-old", "+new"] }] },
    },
    lines,
  ],
  ["the hook command", { tool_input: { files: ["a.ts"], changes: [change] } }, change],
])("what an edit changes is read as %s tells it", (_who, given, expected) => {
  expect(readEditChanges(given)).toEqual([expected]);
});

test.each([
  ["a file that is written", { tool_input: { file_path: "a.ts", content: "all" } }],
  ["much", { tool_input: { file_path: "a.ts", old_string: "x".repeat(70_000), new_string: "" } }],
  ["what is no text", { tool_input: { file_path: 7, old_string: {}, edits: [null, 3], changes: "no" } }],
  ["a patch that is none", { tool_response: { structuredPatch: [{ lines: [1] }, null] } }],
])("nothing is read of %s", (_what, given) => {
  expect(readEditChanges(given)).toEqual([]);
});
