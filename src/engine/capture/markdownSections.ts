/** A piece of a Markdown document under one heading, up to the next heading of any level. */
export interface MarkdownSection {
  /** Headings above and including its own, outermost first, as plain text; empty before the first heading. */
  readonly headings: readonly string[];
  /** With the heading's own line; LF line ends; no blank lines around. */
  readonly text: string;
  /** 1-based, inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

interface Heading {
  readonly level: number;
  readonly text: string;
  /** Index of the heading's first line; a setext heading has two. */
  readonly line: number;
}

/**
 * Cuts a document at its headings, ATX and setext. What looks like one inside a code fence, an HTML comment or a raw HTML block is none;
 * YAML front matter is left out. A section that has nothing but its heading is left out too, but counts in the path of those below it.
 */
export function markdownSections(text: string): readonly MarkdownSection[] {
  const lines = text.replace(/^\ufeff/u, "").split(/\r\n|\n|\r/u);
  const start = afterFrontMatter(lines);
  const headings = findHeadings(lines, start);
  const sections: MarkdownSection[] = [];
  const path: Heading[] = [];
  const addSection = (from: number, to: number, bodyFrom: number): void => {
    if (!saysSomething(lines.slice(bodyFrom, to))) return;
    let first = from;
    let last = to - 1;
    while (first < last && lines[first]?.trim() === "") first++;
    while (last > first && lines[last]?.trim() === "") last--;
    sections.push({
      headings: path.map((heading) => heading.text),
      text: lines.slice(first, last + 1).join("\n"),
      startLine: first + 1,
      endLine: last + 1,
    });
  };
  addSection(start, headings[0]?.line ?? lines.length, start);
  for (const [index, heading] of headings.entries()) {
    while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
    path.push(heading);
    const setext = !/^ {0,3}#/u.test(lines[heading.line] ?? "");
    addSection(heading.line, headings[index + 1]?.line ?? lines.length, heading.line + (setext ? 2 : 1));
  }
  return sections;
}

function findHeadings(lines: readonly string[], start: number): readonly Heading[] {
  const headings: Heading[] = [];
  /** What ends the block that hides headings; undefined outside of one. */
  let blockEnd: ((line: string) => boolean) | undefined;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (blockEnd !== undefined) {
      if (blockEnd(line)) blockEnd = undefined;
      continue;
    }
    blockEnd = hidingBlock(line);
    if (blockEnd !== undefined) continue;
    const atx = /^ {0,3}(#{1,6})(?:[ \t]|$)/u.exec(line);
    if (atx?.[1] !== undefined) {
      headings.push({
        level: atx[1].length,
        text: plain(
          line
            .trim()
            .slice(atx[1].length)
            .replace(/[ \t]#+[ \t]*$/u, ""),
        ),
        line: at,
      });
      continue;
    }
    const underline = /^ {0,3}(?:(=+)|-+)[ \t]*$/u.exec(line);
    if (underline !== null && at > start && isSetextText(lines, at - 1, start, headings)) {
      headings.push({ level: underline[1] === undefined ? 2 : 1, text: plain(lines[at - 1] ?? ""), line: at - 1 });
    }
  }
  return headings;
}

/** A code fence, or HTML whose content Markdown does not read: comments and the raw-text elements. */
function hidingBlock(line: string): ((line: string) => boolean) | undefined {
  const fence = /^ {0,3}(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?[ \t]*(`{3,}|~{3,})(.*)$/u.exec(line);
  if (fence?.[1] !== undefined && !(fence[1].startsWith("`") && fence[2]?.includes("`") === true)) {
    const opening = fence[1];
    return (later) => {
      const closing = /^[ \t]*(`{3,}|~{3,})[ \t]*$/u.exec(later);
      return closing?.[1]?.startsWith(opening) === true;
    };
  }
  const html = /^ {0,3}<(?:(!--)|(pre|script|style|textarea)(?=[\s>]|$))/iu.exec(line);
  if (html === null) return undefined;
  const close = html[1] === undefined ? `</${(html[2] ?? "").toLowerCase()}>` : "-->";
  const ends = (text: string): boolean => text.toLowerCase().includes(close);
  return ends(line.slice(html[0].length)) ? undefined : ends;
}

/** One line of a paragraph alone above the underline: longer ones are mostly a rule that somebody forgot to set off. */
function isSetextText(lines: readonly string[], at: number, start: number, headings: readonly Heading[]): boolean {
  const text = lines[at] ?? "";
  if (
    text.trim() === "" ||
    /^(?: {4}|\t)|^ {0,3}(?:[-*+>|]|\d{1,9}[.)][ \t]|#{1,6}(?:[ \t]|$)|<|`{3}|~{3})/u.test(text)
  )
    return false;
  const before = at === start ? "" : (lines[at - 1] ?? "");
  const last = headings.at(-1);
  return (
    before.trim() === "" || (last !== undefined && last.line >= at - 2 && /^ {0,3}(?:#|[=-]+[ \t]*$)/u.test(before))
  );
}

function afterFrontMatter(lines: readonly string[]): number {
  if (lines[0]?.trimEnd() !== "---") return 0;
  const end = lines.findIndex((line, at) => at > 0 && /^(?:---|\.\.\.)\s*$/u.test(line));
  return end === -1 || end > 100 ? 0 : end + 1;
}

/** Badges, comments and rules alone say nothing. What is long is taken to: the patterns below are quadratic on hostile text. */
function saysSomething(lines: readonly string[]): boolean {
  const whole = lines.join("\n");
  if (whole.length > 2_000) return true;
  const text = whole
    .replace(/<!--[\s\S]*?(?:-->|$)/gu, "")
    .replace(/\[?!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])(?:\](?:\([^)\n]*\)|\[[^\]\n]*\]))?/gu, "")
    .replace(/<[^>\n]*>/gu, "")
    .replace(/^\[[^\]\n]+\]:.*$/gmu, "");
  return /[\p{L}\p{N}]/u.test(text);
}

/** A heading's text without links, images, emphasis, code marks, tags and ids. */
function plain(heading: string): string {
  return heading
    .slice(0, 300)
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/gu, "$1")
    .replace(/<[^>]*>/gu, "")
    .replace(/\{#[^}]*\}/gu, "")
    .replace(/[`*]+/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}
