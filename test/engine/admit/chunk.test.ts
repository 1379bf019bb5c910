import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PASSAGE_LIMIT, chunk } from "../../../src/engine/admit/chunk.ts";

const length = (text: string): number => text.length;
const paragraph = (words: number): string => Array.from({ length: words }, (_, at) => `word${at}`).join(" ") + ".";
const passages = (text: string): readonly string[] =>
  chunk(text, length).map((part) => text.slice(part.start, part.end));

describe("parts", () => {
  it("are none for a text of one passage", () => {
    expect(chunk("x".repeat(PASSAGE_LIMIT), length)).toEqual([]);
  });

  it("cover the text in order without gap or overlap, at least two, none over the limit", () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.constantFrom(
        "# One",
        "## Two",
        "### Three",
        "```ts",
        "```",
        "~~~",
        "",
        "",
        "- item",
        "x".repeat(3000),
        "👩‍👩‍👧".repeat(400),
        " ".repeat(2000),
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 10, maxLength: 120 }), (lines) => {
        const text = lines.join("\n");
        const parts = chunk(text, length);
        if (text.length <= PASSAGE_LIMIT) return;
        expect(parts.length).toBeGreaterThan(1);
        let at = 0;
        for (const part of parts) {
          expect(part.start).toBe(at);
          expect(part.end).toBeGreaterThan(part.start);
          expect(part.end - part.start).toBeLessThanOrEqual(PASSAGE_LIMIT);
          expect(part.tokens).toBe(part.end - part.start);
          at = part.end;
        }
        expect(at).toBe(text.length);
      }),
      { numRuns: 200 },
    );
  });

  it("begin at headings and carry those above them", () => {
    const text = `# Guide\n\n${paragraph(150)}\n\n## Setup\n\n${paragraph(150)}\n\n### Linux\n\n${paragraph(150)}\n\n## Use\n\n${paragraph(150)}`;
    expect(chunk(text, length).map((part) => part.headings)).toEqual([
      ["Guide"],
      ["Guide", "Setup"],
      ["Guide", "Setup", "Linux"],
      ["Guide", "Use"],
    ]);
  });

  it("never cut a fence that fits, nor take a comment in it for a heading", () => {
    const fence = `\`\`\`sh\n# not a heading\n${"run it now\n\n".repeat(100)}\`\`\`\n`;
    const text = `${paragraph(100)}\n\n${fence}\n${paragraph(100)}\n\n${fence}`;
    const cut = passages(text);
    expect(cut.filter((part) => part.includes(fence.trimEnd()))).toHaveLength(2);
    expect(chunk(text, length).flatMap((part) => part.headings)).toEqual([]);
  });

  it("cut a fence over the limit at lines, and prose at sentences", () => {
    const code = `\`\`\`\n${"const x = compute(1, 2, 3);\n".repeat(200)}\`\`\``;
    for (const part of passages(code).slice(0, -1)) expect(part.endsWith("\n")).toBe(true);
    for (const part of passages(`${paragraph(12)} `.repeat(60)).slice(0, -1)) expect(part).toMatch(/\. $/u);
  });

  it("do not tear characters apart", () => {
    for (const part of passages("xyz" + "👩‍👩‍👧".repeat(2000)).slice(1)) expect(part.startsWith("👩")).toBe(true);
  });

  it("ends for a megabyte of anything", () => {
    for (const unit of ["x", "a b ", "# # ", "\n", "```\n", "# h\n", "日本語。", "​é"]) {
      expect(chunk(unit.repeat(1_000_000 / unit.length), length).length).toBeGreaterThan(600);
    }
  });
});
