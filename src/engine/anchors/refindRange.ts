import type { Fingerprint } from "../../contract/freshness.ts";
import type { CodeFile, Span } from "./codeFile.ts";
import { CONTEXT, contextAfter, contextBefore, findRoll, strongHash } from "./hashes.ts";
import { likeness, shinglesOf, type Sketch, sketchOf, unpackSketch } from "./sketch.ts";
import type { Refound } from "./refound.ts";
import { isLayout } from "./tokens.ts";

/** Copies of a range that are told apart: a lone bracket has thousands. */
const MOST_COPIES = 256;
/** What stands between the surroundings of a range now may be so much longer than it was. */
const MOST_GROWTH = 4;
const SMALL_RANGE = 40;
/** Share of what was captured that has to be in one place for that to be the place. */
const ENOUGH = 0.4;
/** A range of fewer tokens than this is everywhere. */
const TELLING_TOKENS = 6;

/**
 * A range by its code wherever it stands, of several copies the one with the same surroundings, else the nearest; then by its surroundings; then
 * where most of it is. Undefined where none of these is found.
 */
export function refindRange(print: Fingerprint, file: CodeFile): Refound | undefined {
  const exact = exactSpan(print, file);
  if (exact !== undefined) return { freshness: "fresh", likeness: 1, ...moved(print, file, exact) };
  const sketch = unpackSketch(print.sketch);
  const between = betweenContexts(print, file);
  if (between !== undefined) return drifted(file, between, sketch, "changed");
  const dense = densestSpan(print, file, sketch);
  return dense === undefined ? undefined : drifted(file, dense, sketch, "changed");
}

/** The same tokens, anywhere. */
export function exactSpan(print: Fingerprint, file: CodeFile): Span | undefined {
  const { hashes } = file.tokens;
  const width = print.tokens;
  const copies = findRoll(hashes, width, print.roll, MOST_COPIES)
    .map((from) => ({ from, to: from + width }))
    .filter((span) => strongHash(file.hashesOf(span)) === print.hash);
  const worth = ({ from, to }: Span): number =>
    Number(contextBefore(hashes, from) === print.before) + Number(contextAfter(hashes, to) === print.after);
  const distance = (span: Span): number => Math.abs(file.placeOf(span).startLine - (print.startLine ?? 1));
  const best = copies.sort((a, b) => worth(b) - worth(a) || distance(a) - distance(b))[0];
  // So few tokens that stand among others are not the ones that were meant.
  if (best !== undefined && width < TELLING_TOKENS && worth(best) === 0) return undefined;
  return best;
}

/** What stands now between the tokens that stood before it and those that stood after. Undefined where that is nothing. */
function betweenContexts(print: Fingerprint, file: CodeFile): Span | undefined {
  const { hashes } = file.tokens;
  if (print.before === undefined || print.after === undefined) return undefined;
  // The beginning of a file and its end surround anything.
  if (print.before === 0 && print.after === 0) return undefined;
  const starts: number[] = [];
  for (let at = 0; at <= hashes.length && starts.length < MOST_COPIES; at++)
    if (contextBefore(hashes, at) === print.before) starts.push(at);
  const furthest = Math.max(SMALL_RANGE, MOST_GROWTH * print.tokens);
  const spans = starts.flatMap((from): readonly Span[] => {
    const end = Math.min(hashes.length, from + furthest);
    for (let to = from; to <= end; to++)
      if (contextAfter(hashes, to) === print.after && (to < hashes.length || print.after === 0)) return [{ from, to }];
    return [];
  });
  const distance = (span: Span): number => Math.abs(file.placeOf(span).startLine - (print.startLine ?? 1));
  const nearest = spans.sort((a, b) => distance(a) - distance(b))[0];
  return nearest === undefined || nearest.from === nearest.to ? undefined : nearest;
}

/** Where most of what was captured stands together. */
export function densestSpan(print: Fingerprint, file: CodeFile, sketch: Sketch): Span | undefined {
  if (print.tokens < CONTEXT || sketch.length === 0) return undefined;
  const { hashes } = file.tokens;
  const wanted = new Set(sketch);
  const marks: { readonly at: number; readonly hash: number }[] = [];
  shinglesOf(hashes).forEach((hash, at) => {
    if (wanted.has(hash)) marks.push({ at, hash });
  });
  const reach = Math.ceil(print.tokens * 1.5);
  const inside = new Map<number, number>();
  let first = 0;
  let best: { readonly count: number; readonly from: number; readonly to: number } | undefined;
  for (const [last, mark] of marks.entries()) {
    inside.set(mark.hash, (inside.get(mark.hash) ?? 0) + 1);
    for (let left = marks[first]; left !== undefined && mark.at - left.at > reach; left = marks[++first]) {
      const count = (inside.get(left.hash) ?? 1) - 1;
      if (count === 0) inside.delete(left.hash);
      else inside.set(left.hash, count);
    }
    if (best === undefined || inside.size > best.count)
      best = { count: inside.size, from: marks[first]?.at ?? mark.at, to: (marks[last]?.at ?? 0) + 4 };
  }
  if (best === undefined || best.count / sketch.length < ENOUGH) return undefined;
  return { from: best.from, to: Math.min(hashes.length, best.to) };
}

function drifted(file: CodeFile, span: Span, sketch: Sketch, why: string): Refound {
  const alike = likeness(sketch, sketchOf(file.hashesOf(span)));
  return { freshness: "drifted", why, likeness: alike, ...file.placeOf(trimmed(file, span)) };
}

function trimmed(file: CodeFile, { from, to }: Span): Span {
  const { hashes } = file.tokens;
  while (from < to - 1 && isLayout(hashes[from] ?? 0)) from++;
  return { from, to };
}

function moved(print: Fingerprint, file: CodeFile, span: Span): Pick<Refound, "why" | "startLine" | "endLine"> {
  const place = file.placeOf(span);
  if (place.startLine === print.startLine && place.endLine === print.endLine) return { why: "same code" };
  return { why: `same code, now on lines ${place.startLine} to ${place.endLine}`, ...place };
}
