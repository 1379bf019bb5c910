/** Where a text may be cut, as offsets behind the last unit that is kept, ascending. Nowhere inside a code fence. */
interface CutPlaces {
  readonly paragraphs: readonly number[];
  readonly sentences: readonly number[];
}

/** More units than any run of this many tokens is expected to have; what lies beyond is never looked at. */
const UNITS_PER_TOKEN = 16;

/**
 * The longest beginning of `text` that holds at most `budget` tokens and ends at a paragraph, or at a sentence or line where that keeps
 * clearly more. Undefined when not even one sentence fits. A code fence is kept whole or not at all.
 */
export function cutText(text: string, budget: number, count: (text: string) => number): string | undefined {
  if (budget < 1) return undefined;
  const { paragraphs, sentences } = cutPlaces(text.slice(0, budget * UNITS_PER_TOKEN));
  const fits = (end: number): boolean => count(text.slice(0, end).trimEnd()) <= budget;
  const sentence = lastThatFits(sentences, fits);
  if (sentence === 0) return undefined;
  // A paragraph's end also ends a sentence, so no further count is needed.
  const paragraph = lastAtMost(paragraphs, sentence);
  const kept = text.slice(0, paragraph >= sentence * 0.7 ? paragraph : sentence).trimEnd();
  return kept === "" ? undefined : kept;
}

/** The first sentence (or line) of the first paragraph that is no code fence and no heading; undefined when there is none. */
export function firstSentence(text: string): string | undefined {
  const head = text.slice(0, 4_000);
  let from = 0;
  for (const end of cutPlaces(`${head}\n`).sentences) {
    const sentence = head.slice(from, end).trim();
    from = end;
    if (sentence !== "" && !/^(?:`{3}|~{3}|#{1,6}(?:\s|$))/u.test(sentence) && /[\p{L}\p{N}]/u.test(sentence)) {
      return sentence;
    }
  }
  return undefined;
}

/** `text` may be the beginning of a longer one: the end of its last line is a place only when a line feed follows. */
function cutPlaces(text: string): CutPlaces {
  const paragraphs: number[] = [];
  const sentences: number[] = [];
  let fence: string | undefined;
  let lineStart = 0;
  let textSeen = false;
  /** The line announces what follows: without that it says something else. */
  let announces = false;
  while (lineStart < text.length) {
    const found = text.indexOf("\n", lineStart);
    const newline = found === -1 ? text.length : found;
    const line = text.slice(lineStart, newline);
    const marker = /^\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})(.*)$/u.exec(line);
    if (fence !== undefined) {
      if (marker?.[1]?.startsWith(fence) === true && marker[2]?.trim() === "" && found !== -1) {
        fence = undefined;
        sentences.push(newline);
        paragraphs.push(newline);
      }
    } else if (marker?.[1] !== undefined && !(marker[1].startsWith("`") && marker[2]?.includes("`") === true)) {
      fence = marker[1];
    } else if (line.trim() === "") {
      if (textSeen && !announces && paragraphs.at(-1) !== lineStart - 1) paragraphs.push(Math.max(0, lineStart - 1));
      textSeen = false;
    } else {
      textSeen = true;
      announces = /[:,;]\s*$/u.test(line);
      for (const end of line.matchAll(/[.!?…][)"'”’\]]*(?=\s)|[。！？]/gu))
        if (endsSentence(line, end.index + end[0].length)) sentences.push(lineStart + end.index + end[0].length);
      const next = text.slice(newline + 1, newline + 200);
      if (found !== -1 && sentences.at(-1) !== newline && !announces && endsUnit(line, next)) sentences.push(newline);
    }
    lineStart = newline + 1;
  }
  return { paragraphs: paragraphs.filter((end) => end > 0), sentences };
}

/** Whether the mark before `end` ends a sentence: that of "1." and "e.g." does not. */
function endsSentence(line: string, end: number): boolean {
  return !NUMBER_OR_SHORT.test(line.slice(0, end)) && !/^\s+\p{Ll}/u.test(line.slice(end));
}

/** Whether a line is whole by itself: a line that is only wrapped goes on in the next, with an exception to what it says maybe. */
function endsUnit(line: string, next: string): boolean {
  if (/^\s*(?:#{1,6}\s|\|)/u.test(line) || /^\s*(?:$|\n|[-*+>]\s|\d+[.)]\s|#{1,6}\s|\||`{3}|~{3})/u.test(next))
    return true;
  return /(?:[.!?…][)"'”’\]]*|[。！？])\s*$/u.test(line) && !NUMBER_OR_SHORT.test(line.trimEnd());
}

const NUMBER_OR_SHORT = /(?:^|[\s(])(?:\d{1,2}|e\.g|i\.e|cf|vs|z\.B|d\.h|bzw|ca)\.$/iu;

/** The largest of ascending `ends` that fits, by bisection; 0 when none does. */
function lastThatFits(ends: readonly number[], fits: (end: number) => boolean): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(ends[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (ends[low - 1] ?? 0);
}

function lastAtMost(ends: readonly number[], limit: number): number {
  let last = 0;
  for (const end of ends) if (end <= limit) last = end;
  return last;
}
