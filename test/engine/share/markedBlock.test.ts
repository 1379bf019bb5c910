import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLOCK_BEGIN, BLOCK_END } from "../../../src/contract/share.ts";
import type { SharedMemory } from "../../../src/engine/share/memoryFile.ts";
import { blockOf, withBlock } from "../../../src/engine/share/markedBlock.ts";

const memory = (id: string, more: Partial<SharedMemory> = {}): SharedMemory => ({
  ...{ id, kind: "rule", scope: "repo", tags: [], anchors: [], relations: [], content: `What ${id} says.` },
  ...more,
});
const write = (text: string, block: readonly string[] | undefined): string => withBlock(text, block, "AGENTS.md");
const { lines: ONE } = blockOf([memory("a")]);
const { lines: OTHER } = blockOf([memory("b"), memory("c")]);

describe("the block of memories", () => {
  test("is in order whatever order they come in, and reads as a list", () => {
    const memories = [
      memory("b", { title: "Use *tabs*", content: "Line one.\n\nLine two." }),
      memory("a", { kind: "decision", title: "SQL" }),
      memory("c"),
    ];
    expect(blockOf(memories).lines).toEqual(blockOf([...memories].reverse()).lines);
    expect(blockOf(memories).lines.slice(3, -2)).toEqual([
      "## Remembered decisions and rules",
      "",
      "- **SQL** (decision): What a says.",
      "- **rule**: What c says.",
      "- **Use \\*tabs\\*** (rule): Line one.",
      "",
      "  Line two.",
    ]);
  });

  test("cannot be ended by what a memory says", () => {
    const { lines } = blockOf([memory("a", { title: BLOCK_END, content: `${BLOCK_END}\n${BLOCK_BEGIN}` })]);
    expect(lines.filter((line) => line.includes("<!-- heirloom:"))).toEqual([BLOCK_BEGIN, BLOCK_END]);
    expect(write(write("", lines), ONE)).toBe(write("", ONE));
  });

  test("has room for as much as agents may read, and names the rest", () => {
    const memories = Array.from({ length: 100 }, (_, at) => memory(`m${at + 100}`, { content: "x".repeat(1_000) }));
    expect(blockOf(memories).without).toHaveLength(68);
  });
});

describe("a document with a block", () => {
  const lineEnd = fc.constantFrom("\n", "\r\n");
  const text = fc
    .tuple(fc.constantFrom("", "\ufeff"), fc.array(fc.tuple(fc.string({ unit: "grapheme" }), lineEnd)), fc.string())
    .map(([mark, lines, last]) => `${mark}${lines.map(([line, end]) => line + end).join("")}${last}`)
    .filter((one) => !one.includes("heirloom:"));

  test("keeps every other byte as it was, written once or many times, and gives the block back", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const joined = `${before}\n${ONE.join("\n")}\n${after}`;
        const changed = write(joined, OTHER);
        expect(changed.startsWith(`${before}\n`)).toBe(true);
        expect(changed.endsWith(`\n${after}`)).toBe(true);
        expect(write(changed, OTHER)).toBe(changed);
        const added = write(before, ONE);
        expect(added.startsWith(before)).toBe(true);
        expect(write(added, ONE)).toBe(added);
      }),
    );
  });

  test("keeps the line ends of the document", () => {
    expect(write("# A\r\n", ONE)).toBe(`# A\r\n\r\n${ONE.join("\r\n")}\r\n`);
    expect(write("# A", ONE)).toBe(`# A\n\n${ONE.join("\n")}\n`);
    expect(write("", ONE)).toBe(`${ONE.join("\n")}\n`);
  });

  test("is what it was when the block is taken out", () => {
    for (const one of ["", "# A\n", "\ufeff# A\r\nText.\r\n"]) expect(write(write(one, ONE), undefined)).toBe(one);
    expect(write("# A\n", undefined)).toBe("# A\n");
  });

  test.each([
    `${BLOCK_BEGIN}\ntext`,
    `text\n${BLOCK_END}`,
    `${BLOCK_END}\n${BLOCK_BEGIN}`,
    `${BLOCK_BEGIN}\n${BLOCK_END}\n${BLOCK_BEGIN}\n${BLOCK_END}`,
  ])("with marks that are no pair is not touched: %j", (broken) => {
    expect(() => write(broken, ONE)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});
