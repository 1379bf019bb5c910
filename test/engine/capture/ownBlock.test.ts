import { expect, test } from "vitest";
import { BLOCK_BEGIN, BLOCK_END } from "../../../src/contract/share.ts";
import { markdownSections } from "../../../src/engine/capture/markdownSections.ts";
import { closedUp, withoutOwnBlock } from "../../../src/engine/capture/ownBlock.ts";

const BLOCK = `${BLOCK_BEGIN}\n## Remembered\n\n- Our own.\n\n${BLOCK_END}`;
const sections = (text: string): readonly (readonly [string, number, number])[] =>
  markdownSections(withoutOwnBlock(text)).map((one) => [closedUp(one.text), one.startLine, one.endLine]);

test("what Heirloom wrote into a document is no part of its sections, wherever it stands", () => {
  const around = (before: string, after: string): string => `${before}${BLOCK}${after}`;
  expect(sections(around("# Title\n\nText.\n\n", "\n"))).toEqual([["# Title\n\nText.", 1, 3]]);
  expect(sections(around("", "\n\n# Title\n\nText.\n"))).toEqual([["# Title\n\nText.", 8, 10]]);
  expect(sections(around("# Title\n\nText.\n\n", "\n\nMore.\n\n\n\nEnd."))).toEqual([
    ["# Title\n\nText.\n\nMore.\n\n\n\nEnd.", 1, 16],
  ]);
  expect(sections(around("# A\n\nText.\n\n", "\n\n# B\n\nMore.\n").replaceAll("\n", "\r\n"))).toEqual([
    ["# A\n\nText.", 1, 3],
    ["# B\n\nMore.", 12, 14],
  ]);
});

test("a block that does not end, or an end without a beginning, takes nothing away", () => {
  for (const text of [`# A\n\n${BLOCK_BEGIN}\nText.`, `# A\n\n${BLOCK_END}\nText.`, `# A\n\nA ${BLOCK_BEGIN} in text.`])
    expect(sections(text)[0]?.[0]).toBe(text);
});

test("a hostile document is read in linear time", () => {
  const text = `# A\n\n${BLOCK}\n${"\n".repeat(500_000)}${"\f\n".repeat(200_000)}End.`;
  expect(sections(text)[0]?.[0]).toBe("# A\n\nEnd.");
});
