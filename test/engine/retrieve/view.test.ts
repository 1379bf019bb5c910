import { expect, test } from "vitest";
import { memoryView as viewSchema } from "../../../src/contract/memory.ts";
import { memoryView } from "../../../src/engine/retrieve/view.ts";
import { memoryOf } from "./support/memory.ts";

const found = { score: 0.5, visible: true, reasons: ['body has "x"'] };

test("shows provenance, ISO time and freshness, and is what the contract says", () => {
  const memory = memoryOf({
    id: "a",
    timestamp: Date.UTC(2026, 0, 2),
    anchors: [{ path: "src/a.ts" }],
    provenance: { at: 0, dirty: true, pending: true, branch: "main", commit: "f".repeat(40) },
  });
  const view = memoryView({ ...found, memory });
  expect(view).toMatchObject({
    timestamp: "2026-01-02T00:00:00.000Z",
    gitBranch: "main",
    gitCommit: "f".repeat(40),
    freshness: "unchecked",
    visibility: "visible",
    pending: true,
  });
  expect(viewSchema.parse(view)).toEqual(view);
  expect(memoryView({ ...found, memory: memoryOf({ id: "b" }) }).freshness).toBe("unanchored");
});

test("a hidden one says why", () => {
  const view = memoryView({ ...found, memory: memoryOf({ id: "a" }), visible: false, hiddenBecause: "another branch" });
  expect(view).toMatchObject({ visibility: "hidden", hiddenBecause: "another branch" });
});

test("of a long memory the passage that matched is shown, of one without a match the whole", () => {
  const parts = [
    { start: 0, end: 5, tokens: 1, headings: [] },
    { start: 5, end: 11, tokens: 1, headings: ["Top"] },
  ];
  const memory = memoryOf({ id: "a", content: "first second", parts });
  expect(memoryView({ ...found, memory, part: 1 })).toMatchObject({
    content: " secon",
    part: { index: 1, count: 2, start: 5, end: 11, headings: ["Top"] },
  });
  expect(memoryView({ ...found, memory })).not.toHaveProperty("part");
  expect(memoryView({ ...found, memory }).content).toBe("first second");
});
