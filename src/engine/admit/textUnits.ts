import { type Block, readBlocks } from "./blocks.ts";
import { cutPoint } from "./cutPoint.ts";

/** What a passage is made of, and is never cut inside: a sentence, a list item, a table row, a code fence; a heading goes with what follows it. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  /** What begins here. */
  readonly opens: "heading" | "block" | "item" | "sentence";
  /** Above the unit, outermost first; its own included where it begins with one. */
  readonly headings: readonly string[];
}

/** The units of a text, in order, without gap or overlap. One that is longer than `limit` is cut where that hurts least. */
export function textUnits(content: string, limit: number): readonly Unit[] {
  const units: Unit[] = [];
  let heading: Block | undefined;
  let inList = false;
  const add = (unit: Unit): void => {
    let { start } = unit;
    while (unit.end - start > limit) {
      const end = cutPoint(content, start, start + limit);
      units.push({ ...unit, start, end, opens: start === unit.start ? unit.opens : "sentence" });
      start = end;
    }
    if (unit.end > start) units.push({ ...unit, start, opens: start === unit.start ? unit.opens : "sentence" });
  };
  for (const block of readBlocks(content)) {
    if (block.heading) {
      heading ??= block;
      inList = false;
      continue;
    }
    const pieces = piecesOf(content, block);
    const last = units.at(-1);
    // What is indented after a list belongs to its last item, a fence as well.
    if (
      inList &&
      heading === undefined &&
      last !== undefined &&
      /^(?: {2,}|\t)/u.test(content.slice(block.start, block.start + 2))
    ) {
      if (block.end - last.start <= limit) {
        units[units.length - 1] = { ...last, end: block.end };
        continue;
      }
    } else inList = pieces.some(({ opens }) => opens === "item");
    for (const [at, piece] of pieces.entries()) {
      const { headings } = block;
      const opened = at === 0 ? heading : undefined;
      if (opened === undefined) add({ ...piece, headings });
      else if (piece.end - opened.start <= limit)
        add({ start: opened.start, end: piece.end, opens: "heading", headings });
      else {
        add({ start: opened.start, end: piece.start, opens: "heading", headings });
        add({ ...piece, headings });
      }
    }
    heading = undefined;
  }
  if (heading !== undefined)
    add({ start: heading.start, end: content.length, opens: "heading", headings: heading.headings });
  return units;
}

const ITEM = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]/u;

/** A fence whole; list items with what is nested in them; table rows; else sentences. */
function piecesOf(content: string, block: Block): readonly Pick<Unit, "start" | "end" | "opens">[] {
  const { start, end, fence } = block;
  if (fence) return [{ start, end, opens: "block" }];
  const starts: { readonly at: number; readonly opens: Unit["opens"] }[] = [{ at: start, opens: "block" }];
  let indent: number | undefined;
  let prose = start;
  const closeProse = (at: number): void => {
    if (at > prose) for (const next of sentenceStarts(content, prose, at)) starts.push({ at: next, opens: "sentence" });
    prose = at;
  };
  for (let at = start; at < end;) {
    const newline = content.indexOf("\n", at);
    const next = newline === -1 || newline >= end ? end : newline + 1;
    const line = content.slice(at, Math.min(next, at + 256));
    const item = ITEM.exec(line);
    const depth = item?.[1]?.length ?? 0;
    const row = line.trimStart().startsWith("|");
    if (row || (item !== null && depth <= (indent ?? depth))) {
      closeProse(at);
      if (item !== null) indent = depth;
      if (at > start) starts.push({ at, opens: "item" });
      else starts[0] = { at, opens: "item" };
      prose = next;
    } else if (indent !== undefined) prose = next;
    at = next;
  }
  closeProse(end);
  return starts.map(({ at, opens }, index) => ({ start: at, end: starts[index + 1]?.at ?? end, opens }));
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Where sentences begin after the first one. A line end is no end of a sentence. */
function* sentenceStarts(content: string, start: number, end: number): Generator<number> {
  const text = content.slice(start, end).replaceAll("\n", " ");
  for (const { index } of sentences.segment(text)) if (index > 0) yield start + index;
}
