import { cut, firstParagraph } from "../parse/docComment.ts";
import type { LevelEntry } from "./outlineLevels.ts";

const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/u;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/u;
const LONGEST_NAME = 200;
/** Of a line that is longer the rest is not looked at. */
const LONGEST_LINE = 400;

/** Headings of CommonMark, with the paragraph below each: https://spec.commonmark.org/0.31.2/#atx-headings */
export function markdownHeadings(lines: readonly string[]): readonly LevelEntry[] {
  const found: LevelEntry[] = [];
  const add = (level: number, text: string, row: number, below: number): void => {
    const name = cut(plain(text), LONGEST_NAME);
    const doc = firstParagraph(paragraphAt(lines, below));
    found.push({ kind: "heading", level, name, signature: `${"#".repeat(level)} ${name}`, doc, line: row + 1 });
  };
  let fence: string | undefined;
  for (let row = frontMatterEnd(lines); row < lines.length; row++) {
    const line = (lines[row] ?? "").slice(0, LONGEST_LINE);
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = undefined;
      continue;
    }
    fence = mark;
    if (mark !== undefined) continue;
    if (line.includes("<!--") && !line.includes("-->")) {
      while (row < lines.length && lines[row]?.includes("-->") === false) row += 1;
      continue;
    }
    const heading = HEADING.exec(line);
    const underline = UNDERLINE.exec((lines[row + 1] ?? "").slice(0, LONGEST_LINE))?.[1];
    if (heading !== null) add(heading[1]?.length ?? 1, heading[2] ?? "", row, row + 1);
    else if (underline !== undefined && isParagraph(line)) add(underline.startsWith("=") ? 1 : 2, line, row, row + 2);
  }
  return found.filter(({ name }) => name !== "");
}

function frontMatterEnd(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== "---") return 0;
  const end = lines.findIndex((line, row) => row > 0 && /^(?:---|\.\.\.)\s*$/u.test(line));
  return end < 0 ? 0 : end + 1;
}

/** The lines of the first paragraph from `row` on, unless a heading, a list or code comes before it. */
function paragraphAt(lines: readonly string[], row: number): readonly string[] {
  let first = row;
  while (first < lines.length && lines[first]?.trim() === "") first += 1;
  let last = first;
  while (last < lines.length && isParagraph(lines[last] ?? "")) last += 1;
  return lines.slice(first, last);
}

/** What a line of a paragraph looks like: no list, quotation, table, code or picture. */
function isParagraph(line: string): boolean {
  return /^ {0,3}[^\s#>|<`~!\-*+[\]]/u.test(line) || /^ {0,3}[`[*]\w/u.test(line);
}

/** Without links, code marks and emphasis. */
function plain(text: string): string {
  return text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .replace(/<[^>]*>/gu, "")
    .replace(/[`*]|\\(?=[^\w\s])/gu, "")
    .trim();
}
