import type { Part } from "../../contract/memory.ts";
import { readBlocks } from "./blocks.ts";
import { cutPoint } from "./cutPoint.ts";
import { cutAtTurns, type Passage } from "./cutAtTurns.ts";

/**
 * Up to this many UTF-16 units a text is one passage, and no passage is longer. 1,600 characters are about 400 tokens: the length at which passages
 * still rank well by BM25 and fit, whole, in the 512 tokens that small embedding models read.
 */
export const PASSAGE_LIMIT = 1_600;

/** A passage is not closed before a heading or paragraph while it is shorter than this, so that a list of short sections stays together. */
const PASSAGE_FLOOR = 500;

/** Longer texts are logs and the like, whose meaning does not turn, and embedding every sentence of them would hold up other captures. */
const MOST_EMBEDDED = 262_144;

/**
 * Cuts a long text into passages where its structure allows: headings, paragraphs and fences, then lines, sentences, spaces, and as the last resort
 * between two characters. With `embed` a section that is longer than a passage is cut where its meaning turns instead; when that fails, by
 * structure all the same. The parts cover the text in order without gap or overlap. A text of one passage has no parts.
 */
export function chunk(
  content: string,
  countTokens: (text: string) => number,
  embed?: (text: string) => Float32Array,
): readonly Part[] {
  if (content.length <= PASSAGE_LIMIT) return [];
  return (turningPassages(content, embed) ?? packPassages(content)).map(({ start, end, headings }) => ({
    start,
    end,
    tokens: countTokens(content.slice(start, end)),
    headings,
  }));
}

function turningPassages(
  content: string,
  embed: ((text: string) => Float32Array) | undefined,
): readonly Passage[] | undefined {
  if (embed === undefined || content.length > MOST_EMBEDDED) return undefined;
  try {
    return cutAtTurns(content, embed, { limit: PASSAGE_LIMIT, floor: PASSAGE_FLOOR });
  } catch {
    return undefined;
  }
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
