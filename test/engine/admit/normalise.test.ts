import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseContent, normaliseLine } from "../../../src/engine/admit/normalise.ts";

describe("normalised content", () => {
  it.each([
    ["a\r\nb\rc", "a\nb\nc"],
    ["e\u0301", "\u00e9"],
    ["a  \nb\t \n\n", "a\nb"],
    ["\n \n  code", "  code"],
    ["a\u0000\u0007b\u009bc", "abc"],
    ["x\ud800y", "x\ufffdy"],
    ["if (\u202e\u2066admin\u2069)", "if (admin)"],
    ["pass\u200bword, pass\u200dword, pass\ufeffword", "password, password, password"],
    ["hi\u{e0041}\u{e0042}", "hi"],
    ["👨\u200d👩\u200d👧 \u2764\ufe0f", "👨\u200d👩\u200d👧 \u2764\ufe0f"],
    ["می\u200cخواهم", "می\u200cخواهم"],
    ["a\u{e0100}\u{e0101}b", "ab"],
  ])("of %j is %j", (text, normalised) => {
    expect(normaliseContent(text)).toBe(normalised);
  });

  it("is the same when it is normalised again", () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom(
          ...Array.from("a \n\r\t\u0301\u200b\u200c\u200d\u202e\u2066\ufe0f\u0000\ud800\udc00é가\u1100\u1161👨❤`"),
        ),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        const once = normaliseContent(text);
        expect(normaliseContent(once)).toBe(once);
        const line = normaliseLine(text);
        expect(normaliseLine(line)).toBe(line);
      }),
      { numRuns: 2000 },
    );
  });

  it("ends for a megabyte of white space, joiners or marks", () => {
    for (const unit of [" ", "\u200d", "\u0301", "\n ", "\t", "\ufe0f"]) {
      expect(normaliseContent(`a${unit.repeat(500_000)}b`)).toMatch(/b$/u);
    }
  });
});
