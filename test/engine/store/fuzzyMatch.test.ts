import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzyMatcher, withinDistance } from "../../../src/engine/store/fuzzyMatch.ts";

/** Optimal string alignment by its definition. */
function distance(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const rest = (left: number, right: number): number => distance(a.slice(left), b.slice(right));
  const swap = a[0] === b[1] && a[1] === b[0] && a.length > 1 && b.length > 1 ? rest(2, 2) + 1 : Infinity;
  return Math.min(rest(1, 1) + (a[0] === b[0] ? 0 : 1), rest(1, 0) + 1, rest(0, 1) + 1, swap);
}

test("the banded distance agrees with the definition", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, fc.constantFrom(1, 2), (a, b, limit) => {
      expect(withinDistance(a, b, limit)).toBe(distance(a, b) <= limit);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["jounral", "the Journal of events", 1, true],
  ["jornal event", "the journal of events", 1, true],
  ["jornal event", "the journal", 1, false],
  ["journal", "urinal", 1, false],
  ["a", "b", 2, false],
  ["ab", "cd", 2, false],
  ["", "anything", 1, false],
  ["", "", 1, true],
  ["!?", "!!", 1, true],
  ["ÜBUNG", "ubung", 1, true],
] as const)("%j in %j within %i: %s", (text, candidate, edits, expected) => {
  expect(fuzzyMatcher(text, edits)(candidate)).toBe(expected);
});
