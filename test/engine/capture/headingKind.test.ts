import { expect, test } from "vitest";
import { headingKind } from "../../../src/engine/capture/headingKind.ts";

test.each([
  [
    "rule",
    [
      "Rules",
      "Coding conventions",
      "2.1 Commit conventions",
      "House rules",
      "Code style",
      "Style guide",
      "Do's and don'ts",
    ],
  ],
  ["rule", ["Dos and Don’ts", "Engineering standards", "Contribution guidelines", "Our coding guidelines"]],
  [
    "gotcha",
    ["Gotchas", "⚠️ Known issues", "Known bugs", "Common pitfalls", "Known issues and limitations", "Caveats"],
  ],
  ["decision", ["Decisions", "Key design decisions", "Architectural decisions:", "Decision log", "Decisions made"]],
  [
    undefined,
    [
      "Issues",
      "Limitations",
      "Reporting issues",
      "Rule engine",
      "Why these decisions were hard",
      "Standard",
      "Install",
      "",
    ],
  ],
])("%s: %j", (kind, headings) => {
  expect(headings.map((heading) => headingKind(["Shop", heading]))).toEqual(headings.map(() => kind));
});

test("the innermost heading that names a kind decides", () => {
  expect(headingKind(["Conventions", "Known issues", "On Windows"])).toBe("gotcha");
});
