import type { Part } from "../../contract/memory.ts";

/**
 * Up to this many UTF-16 units a text is one passage, and no passage is longer. 1,600 characters are about 400 tokens: the length at which passages
 * still rank well by BM25 and fit, whole, in the 512 tokens that small embedding models read.
 */
export const PASSAGE_LIMIT = 1_600;

/** A passage is not closed before a heading or paragraph while it is shorter than this, so that a list of short sections stays together. */
const PASSAGE_FLOOR = 500;

/**
 * Cuts a long text into passages where its structure allows: headings, paragraphs and fences, then lines, sentences, spaces, and as the last resort
 * between two characters. The parts cover the text in order without gap or overlap. A text of one passage has no parts.
 */
export function chunk(content: string, countTokens: (text: string) => number): readonly Part[] {
  if (content.length <= PASSAGE_LIMIT) return [];
  return packPassages(content).map(({ start, end, headings }) => ({
    start,
    end,
    tokens: countTokens(content.slice(start, end)),
    headings,
  }));
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly heading: boolean;
  /** In effect inside the block; a heading's own text included. */
  readonly headings: readonly string[];
}

interface Passage {
  readonly start: number;
  readonly end: number;
  readonly headings: readonly string[];
}

function packPassages(content: string): readonly Passage[] {
  const passages: Passage[] = [];
  let start = 0;
  let end = 0;
  let headings: readonly string[] = [];
  // Start of the headings that end the open passage: they belong to what follows them. -1: the passage ends with text.
  let trailingHeading = -1;
  const close = (at: number): void => {
    if (at > start) passages.push({ start, end: at, headings });
    start = at;
  };
  for (const block of readBlocks(content)) {
    const opensSection = block.heading && trailingHeading === -1 && end - start >= PASSAGE_FLOOR;
    if (opensSection) close(block.start);
    else if (block.end - start > PASSAGE_LIMIT) {
      // A heading moves on to the text below it, unless that alone fits and both together do not.
      const together =
        trailingHeading !== -1 &&
        (block.end - trailingHeading <= PASSAGE_LIMIT || block.end - block.start > PASSAGE_LIMIT);
      close(together ? trailingHeading : block.start);
    }
    if (start === block.start || trailingHeading === start) headings = block.headings;
    if (block.heading) {
      if (trailingHeading === -1) trailingHeading = block.start;
    } else trailingHeading = -1;
    end = block.end;
    while (end - start > PASSAGE_LIMIT) close(cutPoint(content, start, start + PASSAGE_LIMIT));
  }
  close(content.length);
  return passages;
}

/** Headings, fences and paragraphs, each with the blank lines after it. */
function* readBlocks(content: string): Generator<Block> {
  let headings: readonly { readonly level: number; readonly text: string }[] = [];
  const names = (): readonly string[] => headings.map((heading) => heading.text);
  let blockStart = 0;
  let kind: "none" | "paragraph" | "fence" | "closed" = "none";
  let fence = "";
  for (let lineStart = 0; lineStart < content.length;) {
    const newline = content.indexOf("\n", lineStart);
    const lineEnd = newline === -1 ? content.length : newline + 1;
    // Long lines are no markup; 512 characters of one say what it is.
    const line = content.slice(lineStart, Math.min(lineEnd, lineStart + 512)).trim();
    if (kind === "fence") {
      if (line.startsWith(fence) && line.replaceAll(fence.charAt(0), "") === "") kind = "closed";
    } else if (line === "") {
      if (kind === "paragraph") kind = "closed";
    } else {
      const heading = /^(#{1,6})[ \t]+(\S.*)$/u.exec(line);
      const opening = /^(`{3,}|~{3,})/u.exec(line);
      if ((kind === "closed" || heading !== null || opening !== null) && lineStart > blockStart) {
        yield { start: blockStart, end: lineStart, heading: false, headings: names() };
        blockStart = lineStart;
      }
      kind = "paragraph";
      if (heading !== null) {
        const level = (heading[1] ?? "").length;
        headings = [
          ...headings.filter((above) => above.level < level),
          { level, text: (heading[2] ?? "").replace(/ #+$/u, "").slice(0, 200) },
        ];
        const end = afterBlankLines(content, lineEnd);
        yield { start: blockStart, end, heading: true, headings: names() };
        blockStart = end;
        lineStart = end;
        kind = "none";
        continue;
      }
      if (opening !== null) {
        fence = opening[1] ?? "";
        kind = "fence";
      }
    }
    lineStart = lineEnd;
  }
  if (blockStart < content.length) yield { start: blockStart, end: content.length, heading: false, headings: names() };
}

function afterBlankLines(content: string, from: number): number {
  let at = from;
  while (content.charCodeAt(at) === 10) at++;
  return at;
}

/** The best place to cut after `start` and not after `limit`: a blank line, a line, a sentence, a space in the last two thirds, else a character. */
function cutPoint(content: string, start: number, limit: number): number {
  const floor = start + Math.floor((limit - start) / 3);
  const blank = content.lastIndexOf("\n\n", limit - 2) + 2;
  if (blank > floor) return blank;
  const line = content.lastIndexOf("\n", limit - 1) + 1;
  if (line > floor) return line;
  let space = -1;
  for (let at = limit - 1; at >= floor; at--) {
    const character = content.charAt(at);
    if (FULL_WIDTH_STOP.test(character)) return at + 1;
    if (character !== " " && character !== "\t") continue;
    if (space === -1) space = at + 1;
    if (SENTENCE_END.test(content.slice(Math.max(start, at - 3), at))) return at + 1;
  }
  return space === -1 ? characterBoundary(content, floor, limit) : space;
}

const FULL_WIDTH_STOP = /[。！？]/u;
const SENTENCE_END = /[.!?]["')\]]{0,2}$/u;

/** At or before `limit`, not inside a surrogate pair and not before a mark, joiner or selector that belongs to the character before it. */
function characterBoundary(content: string, floor: number, limit: number): number {
  for (let at = limit; at > floor; at--) {
    const next = content.codePointAt(at) ?? 0;
    const inPair = (next & 0xfc00) === 0xdc00 && (content.charCodeAt(at - 1) & 0xfc00) === 0xd800;
    if (!inPair && !CONTINUES.test(String.fromCodePoint(next)) && content.charCodeAt(at - 1) !== 0x200d) return at;
  }
  return (content.charCodeAt(limit) & 0xfc00) === 0xdc00 ? limit - 1 : limit;
}
const CONTINUES = /[\p{M}\u200d\ufe0f\p{Emoji_Modifier}]/u;
