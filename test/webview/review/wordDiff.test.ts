import fc from "fast-check";
import { expect, test } from "vitest";
import { wordDiff } from "../../../webview/review/wordDiff.ts";

const words = fc.array(fc.constantFrom("cache", "is", "not", " ", "\n", ",", "über")).map((list) => list.join(""));

test("the pieces of a side joined are that side's text, whatever the texts are", () => {
  fc.assert(
    fc.property(fc.oneof(words, fc.string()), fc.oneof(words, fc.string()), (before, after) => {
      const pieces = wordDiff(before, after);
      const side = (left: "before" | "after"): string =>
        pieces
          .filter((piece) => piece.side !== left)
          .map(({ text }) => text)
          .join("");
      expect([side("after"), side("before")]).toEqual([before, after]);
    }),
  );
});

test("only the words that differ are marked", () => {
  expect(wordDiff("kept for one minute only", "kept for one hour only")).toEqual([
    { side: "both", text: "kept for one " },
    { side: "before", text: "minute" },
    { side: "after", text: "hour" },
    { side: "both", text: " only" },
  ]);
});
