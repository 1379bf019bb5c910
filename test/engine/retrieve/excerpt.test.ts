import fc from "fast-check";
import { expect, test } from "vitest";
import { excerptOf, firstWords, wordsToFind } from "../../../src/engine/retrieve/excerpt.ts";

const filler = "Nothing of interest stands in this sentence. ".repeat(10);

test("a short text is its own excerpt, on one line", () => {
  expect(excerptOf("one\n\ttwo\u0007three", [])).toBe("one two three");
});

test("shows the first place where the rarest-looking word of the query, or its beginning, stands", () => {
  const text = `${filler}The invalidation of caches is hard. ${filler}`;
  const excerpt = excerptOf(text, wordsToFind("is invalidating"));
  expect(excerpt).toContain("The invalidation of caches");
  expect(excerpt.startsWith("…")).toBe(true);
  expect(excerpt.endsWith("…")).toBe(true);
  expect(excerptOf(text, wordsToFind("absent")).startsWith("Nothing of interest")).toBe(true);
});

test("has at most 200 characters, no line end and no half of a character, whatever the text", () => {
  const anything = fc.string({ unit: fc.constantFrom("a", "word ", "\n", "😀", "ß", ".", " "), maxLength: 600 });
  fc.assert(
    fc.property(anything, anything, (text, query) => {
      for (const line of [excerptOf(text, wordsToFind(query)), firstWords(text)]) {
        expect(line.length).toBeLessThanOrEqual(200);
        expect(line).not.toMatch(/[\n\p{Surrogate}]/u);
      }
    }),
  );
});

test("a memory without a title is called by its first sentence or words", () => {
  expect(firstWords("## We cache prices. Because they are slow.")).toBe("We cache prices.");
  expect(firstWords(`a ${"very ".repeat(40)}long one`)).toMatch(/^a very .*very…$/u);
});

test("shows the words of Markdown without its marks, and not the title again", () => {
  const text =
    "## Limits\n\n> Files of **at most** 1 MB, see [the `parser`](src/parser.ts).\n\n- one\n- [ ] two\n\n```ts\ncode()\n```";
  expect(excerptOf(text, [])).toBe("Limits Files of at most 1 MB, see the parser. one two code()");
  expect(excerptOf(text, [], "README: Limits")).toBe("Files of at most 1 MB, see the parser. one two code()");
  expect(excerptOf("Limit the size of a file\n\nFiles: src/limits.ts", [], "Limit the size of a file")).toBe(
    "Files: src/limits.ts",
  );
  expect(excerptOf("call __init__ with snake_case * 2 #5", [])).toBe("call __init__ with snake_case * 2 #5");
  expect(excerptOf("Parse by hand", [], "Parse by hand")).toBe("");
});

test("what a memory without a title is called by is not its excerpt too", () => {
  const after = (content: string) => excerptOf(content, [], firstWords(content));
  expect(after("## We cache prices. They are slow.")).toBe("They are slow.");
  expect(after("Never log the token of the loopback server.")).toBe("");
  expect(after("Never log the token")).toBe("");
  const long = `It is ${"very ".repeat(20)}long`;
  expect(`${firstWords(long)}${after(long)}`.replace("……", " ")).toBe(long);
});
