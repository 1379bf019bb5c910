import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText, firstSentence } from "../../../src/engine/compose/cutText.ts";

/** One token a character makes the expected cuts readable. */
const count = (text: string): number => text.length;

test("cuts behind a paragraph when that keeps most of what fits", () => {
  expect(cutText("First paragraph is here.\n\nSecond. And more of it.", 33, count)).toBe("First paragraph is here.");
});

test("cuts behind a sentence when the last paragraph is far back", () => {
  expect(cutText("One.\n\nTwo is longer. Three is here. Four does not fit.", 36, count)).toBe(
    "One.\n\nTwo is longer. Three is here.",
  );
});

test("never ends inside a code fence, nested and indented ones included", () => {
  const text = "Before.\n\n````md\n```ts\nx. y\n```\n\nstill. code\n````\n\nAfter.";
  for (let budget = 1; budget <= text.length; budget++) {
    const kept = cutText(text, budget, count);
    expect([undefined, "Before.", text.slice(0, text.indexOf("\n\nAfter"))]).toContain(kept);
  }
});

test("gives nothing when the first sentence does not fit", () => {
  expect(cutText("This is one long sentence without an end in reach. Next.", 10, count)).toBeUndefined();
});

test("is a beginning of the text within the budget, for any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 1, max: 200 }), (text, budget) => {
      const kept = cutText(text, budget, count);
      if (kept === undefined) return;
      expect(text.startsWith(kept)).toBe(true);
      expect(kept.length).toBeLessThanOrEqual(budget);
    }),
  );
});

test.each([
  ["# Title\n\nThe first. The second.", "The first."],
  ["```\ncode\n```\n\nWords at last", "Words at last"],
  ["no end at all", "no end at all"],
  ["Use node 20.19 or later. Then install.", "Use node 20.19 or later."],
  ["---\n***\n", undefined],
])("first sentence of %j is %j", (text, sentence) => {
  expect(firstSentence(text)).toBe(sentence);
});

test.each([
  ["a number that begins what follows", "One write, from call to disk: 1. Append the frame. 2. Sync it.", undefined],
  [
    "a short form",
    "Use a broker, e.g. Rabbit for the mails. Never Kafka for them.",
    "Use a broker, e.g. Rabbit for the mails.",
  ],
  [
    "a wrapped line",
    "Amounts may be floats\nin the reports alone. Nowhere else at all.",
    "Amounts may be floats\nin the reports alone.",
  ],
  ["a line that announces a list", "Never do this:\n\n- commit to main, at least not by yourself", undefined],
])("never cuts behind %s", (_what, text, whole) => {
  for (let budget = 1; budget < text.length; budget++)
    expect([undefined, whole, "One write, from call to disk: 1. Append the frame."]).toContain(
      cutText(text, budget, count),
    );
});

test("cuts between the items of a list, not within one", () => {
  const text = "- Always use cents,\n  also in tests\n- Never import src/legacy";
  expect(cutText(text, 45, count)).toBe("- Always use cents,\n  also in tests");
  expect(cutText(text, 25, count)).toBeUndefined();
});
