import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownSections } from "../../../src/engine/capture/markdownSections.ts";

const paths = (text: string): string[] => markdownSections(text).map(({ headings }) => headings.join(" > "));

test("cuts at headings of any level and knows the path above each", () => {
  expect(
    markdownSections("intro\n\n# Top\n\ntext\n\n## Install\nrun it\n\n### Linux\n\n\nmore\n\n## Use #\nit\n").map(
      (section) => ({ ...section }),
    ),
  ).toEqual([
    { headings: [], text: "intro", startLine: 1, endLine: 1 },
    { headings: ["Top"], text: "# Top\n\ntext", startLine: 3, endLine: 5 },
    { headings: ["Top", "Install"], text: "## Install\nrun it", startLine: 7, endLine: 8 },
    { headings: ["Top", "Install", "Linux"], text: "### Linux\n\n\nmore", startLine: 10, endLine: 13 },
    { headings: ["Top", "Use"], text: "## Use #\nit", startLine: 15, endLine: 16 },
  ]);
});

test("knows setext headings, and what is none", () => {
  expect(paths("Top\n===\na\n\nSub\n---\nb\n")).toEqual(["Top", "Top > Sub"]);
  expect(paths("Top\n===\nSub\n---\nb\n")).toEqual(["Top > Sub"]);
  expect(paths("- item\n---\n> quote\n---\n| a |\n---\n\ntwo lines\nof text\n---\nrest\n")).toEqual([""]);
});

test.each([
  ["a fence", "# A\n```sh\n# no heading\n```\n## B\nx"],
  ["a longer fence around a shorter one", "# A\n````\n```\n# no\n````\n## B\nx"],
  ["tildes around backticks", "# A\n~~~\n```\n# no\n~~~\n## B\nx"],
  ["a fence in a list", "# A\n- ```\n  # no\n  ```\n## B\nx"],
  ["a comment", "# A\ny\n<!--\n# no\n-->\n## B\nx"],
  ["preformatted HTML", "# A\n<pre>\n# no\n</pre>\n## B\nx"],
])("does not read headings inside %s", (_, text) => {
  expect(paths(text)).toEqual(["A", "A > B"]);
});

test("a fence that is never closed hides the rest", () => {
  expect(paths("# A\n```\n# no\n")).toEqual(["A"]);
});

test("no heading: hashes without a space, seven of them, an indented one", () => {
  expect(paths("#tag\n####### seven\n    # code\n")).toEqual([""]);
});

test("leaves out front matter, sections without text and badges alone, but keeps their lines and names", () => {
  const text = "---\ntitle: x\n---\n[![ci](a.svg)](b)\n\n# Top\n<!-- nothing -->\n## Sub\ntext\n";
  expect(markdownSections(text)).toEqual([
    { headings: ["Top", "Sub"], text: "## Sub\ntext", startLine: 8, endLine: 9 },
  ]);
});

test("names headings as plain text", () => {
  expect(paths("# The [`open()`](x) **call** <a id=x></a> {#open} ##\nx")).toEqual(["The open() call"]);
});

test("line ends of Windows give the same sections", () => {
  const text = "# A\n\none\n\n## B\ntwo\n";
  expect(markdownSections(`\ufeff${text.replaceAll("\n", "\r\n")}`)).toEqual(markdownSections(text));
});

test("sections are in order, do not overlap, and their text is what their lines hold, for any document", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "# A",
      "## B",
      "### C",
      "===",
      "---",
      "```",
      "````",
      "~~~",
      "<!--",
      "-->",
      "",
      "",
      "- x",
      "    # y",
    ),
    fc.lorem({ maxCount: 4 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      let last = 0;
      for (const { startLine, endLine, text } of markdownSections(lines.join("\n"))) {
        expect(startLine).toBeGreaterThan(last);
        expect(endLine).toBeGreaterThanOrEqual(startLine);
        expect(text).toBe(lines.slice(startLine - 1, endLine).join("\n"));
        last = endLine;
      }
      expect(last).toBeLessThanOrEqual(lines.length);
    }),
    { numRuns: 500 },
  );
});

test("hostile documents of a megabyte are read in the time of a test", () => {
  for (const unit of ["#", "`", "[", "<", "![", "<!--", "- ", "=\n", " ", "|-", "a\n---\n"]) {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(markdownSections(text).length).toBeGreaterThanOrEqual(0);
  }
});
