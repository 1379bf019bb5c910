import type { Language } from "./language.ts";
import type { Lines } from "./lines.ts";

const MOST_CHARACTERS = 400;
/** A comment or a list of attributes that is longer is not looked through to its beginning. */
const MOST_LINES = 100;

/** What a file begins with, and says nothing of what follows. */
const LEGAL =
  /^(?:copyright\b|\(c\)|licensed under|SPDX-|-\*-|eslint-|@ts-|prettier-|clang-format|NOLINT|type: ?ignore|noqa|!\/)/iu;

export interface LinesBefore {
  /** First paragraph of the comment that ends on the line before, or before the attributes there. */
  readonly doc: string | undefined;
  /** The attributes on lines of their own. */
  readonly attributes: string;
  /** How many lines the comment and the attributes have together. */
  readonly count: number;
}

export const NOTHING_BEFORE: LinesBefore = { doc: undefined, attributes: "", count: 0 };

/** What stands on the lines before a symbol that begins in `row`, without a blank line between. */
export function linesBefore(lines: Lines, row: number, language: Language): LinesBefore {
  const attributes: string[] = [];
  let above = row - 1;
  for (; above >= 0 && language.attribute?.test(lines.trimmed(above)) === true; above--)
    attributes.unshift(lines.trimmed(above));
  const comment = commentLines(lines, above, language.lineComment);
  const count = attributes.length + comment.length;
  return { doc: firstParagraph(comment), attributes: attributes.join(" "), count };
}

function commentLines(lines: Lines, last: number, lineComment: RegExp): readonly string[] {
  if (last < 0) return [];
  const lowest = Math.max(0, last - MOST_LINES);
  if (lines.trimmed(last).endsWith("*/")) return blockLines(lines, last, lowest);
  const found: string[] = [];
  for (let row = last; row >= lowest && lineComment.test(lines.trimmed(row)); row--)
    found.unshift(lines.trimmed(row).replace(lineComment, ""));
  return found;
}

/** The lines of a block that begins on a line of its own: what stands behind code speaks of that code. */
function blockLines(lines: Lines, last: number, lowest: number): readonly string[] {
  const found: string[] = [];
  for (let row = last; row >= lowest; row--) {
    const line = lines.trimmed(row);
    found.unshift(line);
    if (line.startsWith("/*")) return found;
    if (line.includes("/*") || (row < last && line.includes("*/"))) return [];
  }
  return [];
}

/** The text of a comment or a docstring up to its first blank line or tag, on one line; undefined where it says nothing. */
export function firstParagraph(lines: readonly string[]): string | undefined {
  const kept: string[] = [];
  for (const line of lines) {
    const text = line
      .slice(0, 2 * MOST_CHARACTERS)
      .replace(/^(?:\/\*+!?|\*+(?!\/)|<!--)/u, "")
      .replace(/(?:\*+\/|-->)$/u, "")
      .replace(/<\/?(?:summary|remarks|para|p)>/gu, "")
      .trim();
    const isEnd = text === "" || /^(?:@\w|:param\b|<param\b|\\(?:param|return)\b|[-=*#]{3,}$)/u.test(text);
    if (isEnd && kept.length > 0) break;
    if (!isEnd) kept.push(text);
  }
  const doc = kept.join(" ");
  return doc === "" || LEGAL.test(doc) ? undefined : cut(doc, MOST_CHARACTERS);
}

/** At most so many characters, the last of which says that there was more. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
