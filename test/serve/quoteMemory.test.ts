import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quoteLine, quoteMemory } from "../../src/serve/quoteMemory.ts";

const hostile = fc.string({
  unit: fc.constantFrom("`", "``", "\n", " ", "a", "~", "\r", "</data>", "```text\n"),
  maxLength: 60,
});

describe("quoted memory", () => {
  test("cannot be closed from inside: the first line that could close the fence is the last", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const lines = quoteMemory(text).split(/\r\n|\r|\n/u);
        const opened = /^(?<fence>`{3,})text$/u.exec(lines[0] ?? "")?.groups?.["fence"] ?? "";
        // CommonMark: a closing fence is at least as long, indented by up to three spaces, and stands alone.
        const closing = lines
          .slice(1)
          .findIndex((line) => new RegExp(`^ {0,3}\`{${opened.length},}[ \\t]*$`, "u").test(line));
        expect(closing).toBe(lines.length - 2);
      }),
    );
  });

  test("keeps the text as it is", () => {
    expect(quoteMemory("a\n```\nb")).toBe("````text\na\n```\nb\n````");
  });
});

test("a quoted line is one line, without a fence, however long the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
      const line = quoteLine(text, 50);
      expect(line).not.toMatch(/[\n\r\u2028\u2029`]/u);
      expect(line.length).toBeLessThanOrEqual(2 + 50 * 6);
    }),
  );
});
