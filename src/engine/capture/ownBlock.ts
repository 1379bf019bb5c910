import { BLOCK_BEGIN, BLOCK_END } from "../../contract/share.ts";

/** A line that is blank to every reader, and tells where a line of ours was. */
const TAKEN_OUT = "\f";

/**
 * The text without what Heirloom itself wrote into it, which would otherwise be learned a second time. Lines keep their numbers. A block that does
 * not end is none.
 */
export function withoutOwnBlock(text: string): string {
  if (!text.includes(BLOCK_BEGIN)) return text;
  const lines = text.split("\n");
  let begin: number | undefined;
  for (const [at, line] of lines.entries()) {
    if (line.trim() === BLOCK_BEGIN) begin ??= at;
    if (line.trim() !== BLOCK_END || begin === undefined) continue;
    lines.fill(TAKEN_OUT, begin, at + 1);
    begin = undefined;
  }
  return lines.join("\n");
}

/** A section that such lines were in reads as if they had never been there. */
export function closedUp(text: string): string {
  if (!text.includes(TAKEN_OUT)) return text;
  const kept: string[] = [];
  let blank: string[] = [];
  for (const line of [...text.split("\n"), undefined]) {
    if (line?.trim() === "") {
      blank.push(line);
      continue;
    }
    kept.push(...(blank.some((one) => one.includes(TAKEN_OUT)) ? [""] : blank));
    blank = [];
    if (line !== undefined) kept.push(line);
  }
  return kept.join("\n").trim();
}
