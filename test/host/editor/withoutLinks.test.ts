import { expect, test } from "vitest";
import { withoutLinks } from "../../../src/host/editor/withoutLinks.ts";

/** As `MarkdownString.appendText` of VS Code 1.105 writes a text: extHostTypes/markdownString.ts. */
const appended = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()#+\-!~]/gu, "\\$&")
    .replace(/[ \t]+/gu, (spaces) => "&nbsp;".repeat(spaces.length))
    .replace(/>/gu, "\\>");

test.each([
  "<mailto:grace@example.com>",
  "<command:workbench.action.terminal.new>",
  "<file:/etc/passwd#>",
  "<vscode:extension/evil.one>",
  "see https://evil.example, WWW.evil.example and grace@example.com",
])("nothing that Markdown links by itself is left in %s", (text) => {
  const safe = withoutLinks(appended(text));
  // CommonMark 6.5 (autolinks) and GFM 6.9 (extended autolinks) need one of these.
  expect(safe).not.toMatch(/<|:\/\/|www\.|@/iu);
});

test("text of no address reads as it is written", () => {
  expect(withoutLinks("a is above b")).toBe("a is above b");
});
