import { cut, firstParagraph } from "../parse/docComment.ts";
import { DEEPEST_KEY, type Keys } from "./jsonKeys.ts";
import type { LevelEntry } from "./outlineLevels.ts";

const KEY =
  /^(\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>'"%@`\-?{}[\],:][^#:]*?|[^\s#&*!|>'"%@`{}[\],:][^\s#:]*):(?=\s|$)(.*)$/u;
/** A text that goes on in the lines below that stand further in. */
const BLOCK_TEXT = /(?:^|\s)[|>][+\-\d]*\s*(?:#.*)?$/u;
const LONGEST_SIGNATURE = 200;

/** Keys of the block mappings of YAML, by how far in they stand. What stands in a list has no keys of its own. */
export function yamlKeys(lines: readonly string[]): Keys {
  const entries: LevelEntry[] = [];
  let hasErrors = false;
  /** How far in each of the open keys stands. */
  let indents: number[] = [];
  /** What stands further in than this is text, or in a list. */
  let skipped: number | undefined;
  for (const [row, line] of lines.entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const indent = line.length - line.trimStart().length;
    if (/^(?:---|\.\.\.)(?:\s|$)/u.test(line)) {
      [indents, skipped] = [[], undefined];
      continue;
    }
    if (skipped !== undefined && indent > skipped) continue;
    skipped = undefined;
    hasErrors ||= line.startsWith("\t");
    if (text.startsWith("- ") || text === "-") {
      skipped = indent;
      continue;
    }
    const key = KEY.exec(line);
    if (key === null) continue;
    while (indents.length > 0 && (indents.at(-1) ?? 0) >= indent) indents.pop();
    indents.push(indent);
    const value = key[3]?.trim() ?? "";
    if (BLOCK_TEXT.test(value) || /^[{["'](?!.*[}\]"'],?\s*(?:#.*)?$)/u.test(value)) skipped = indent;
    if (indents.length > DEEPEST_KEY) continue;
    const signature = cut(text.replace(/\s+#.*$/u, "").replace(/:\s*(?:[|>].*)?$/u, ""), LONGEST_SIGNATURE);
    const name = (key[2] ?? "").trim().replace(/^(["'])(.*)\1$/u, "$2");
    const endLine = skipped === undefined && value !== "" && !value.startsWith("#") ? row + 1 : undefined;
    const doc = commentAbove(lines, row);
    entries.push({ kind: "key", level: indents.length, name, signature, doc, line: row + 1, endLine });
  }
  return { entries, hasErrors };
}

/** The comment that ends on the line before. */
export function commentAbove(lines: readonly string[], row: number): string | undefined {
  let first = row;
  while (first > 0 && lines[first - 1]?.trimStart().startsWith("#") === true) first -= 1;
  return firstParagraph(lines.slice(first, row).map((line) => line.trim().replace(/^#+\s?/u, "")));
}
