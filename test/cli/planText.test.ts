import { expect, test } from "vitest";
import { planText } from "../../src/cli/planText.ts";

test("a plan is told in words, with what was not chosen and what each step found", () => {
  const text = planText({
    strategy: "index-first",
    why: "about 12 candidates fill 10 results",
    estimatedRows: 9.6,
    actualRows: 1,
    estimatedCost: 1240.4,
    rejected: [{ strategy: "filter-first", estimatedCost: 5000 }],
    steps: [
      { step: "text index", rows: 40, ms: 0.02 },
      { step: "checks", rows: 1, ms: 1.25 },
    ],
    memoryBytes: 20_480,
  });
  expect(text.split("\n")).toEqual([
    "How this was found: the words first, because about 12 candidates fill 10 results.",
    "  estimated: 10 memories for 1,240 row visits; found: 1 memory",
    "  not chosen: the filter first, then the words was estimated at 5,000 row visits",
    "  text index: 40 memories in less than 0.1 ms",
    "  checks: 1 memory in 1.3 ms",
    "  working memory: 20 KB",
  ]);
});
