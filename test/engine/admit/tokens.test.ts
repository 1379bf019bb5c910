import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { countTokens } from "gpt-tokenizer/encoding/cl100k_base";
import { beforeAll, describe, expect, it } from "vitest";
import { createTokenCounter } from "../../../src/engine/admit/tokens.ts";

const counter = createTokenCounter();
beforeAll(() => counter.load());

describe("counting tokens", () => {
  it("gives the counts of cl100k_base", () => {
    expect(counter.count("")).toBe(0);
    expect(counter.count("hello world")).toBe(2);
    // https://github.com/openai/openai-cookbook/blob/main/examples/How_to_count_tokens_with_tiktoken.ipynb
    expect(counter.count("antidisestablishmentarianism")).toBe(6);
    expect(counter.count("2 + 2 = 4")).toBe(7);
    expect(counter.count("お誕生日おめでとう")).toBe(9);
  });

  it("counts a text as the library does, word by word or not", () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom(
          " ",
          "  ",
          "\n",
          "\t",
          "don't",
          "We",
          "x1",
          "42",
          "1234567",
          "...",
          "\u00a0",
          "字",
          "é",
          "'s",
          " \n ",
          "=>",
          "foo_bar",
          "\r",
          "\r\n",
          "\f",
          "\u0000",
          "'LL",
          "'sx",
          "=\n\n",
          "·",
          "\u2009",
          "\u3000",
          "\u3000 \u3000",
          "\u2009 \n",
          "\u0301",
          "\ud83d\ude00",
        ),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(text, (pieces) => {
        const whole = pieces.join("");
        expect(counter.count(whole)).toBe(countTokens(whole));
        expect(counter.count(whole)).toBe(countTokens(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  it("counts a text as its words together, whatever stands between plain ones", () => {
    const word = fc.constantFrom(
      "we",
      "don't",
      "antidisestablishmentarianism",
      "é",
      "字字",
      "=".repeat(120),
      "x".repeat(300),
    );
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { maxLength: 40 }), (words) => {
        // Before a space between two characters that are no white space the encoding always cuts.
        const parts = words.map((one, at) => `${at === 0 ? "" : " "}${one.join("")}`);
        const counted = parts.reduce((sum, part) => sum + counter.count(part), 0);
        expect(counter.count(parts.join(""))).toBe(counted);
      }),
    );
  });

  it("counts source code as the library does", () => {
    const folder = join(import.meta.dirname, "../../../src/engine/admit");
    for (const name of readdirSync(folder)) {
      const code = readFileSync(join(folder, name), "utf8");
      expect(counter.count(code), name).toBe(countTokens(code));
    }
  });

  it("takes the text of a special token for text", () => {
    expect(counter.count("<|endoftext|>")).toBeGreaterThan(1);
    expect(counter.count("<|im_start|>system")).toBeGreaterThan(2);
  });

  it("ends for long runs of anything", () => {
    for (const unit of ["a", "=", " ", "\n", "é", "字", "\ud83d\ude00"]) {
      expect(counter.count(unit.repeat(200_000 / unit.length))).toBeGreaterThan(1_000);
    }
  });

  it("says that it is not loaded", () => {
    expect(() => createTokenCounter().count("x")).toThrow(/load/u);
  });
});
