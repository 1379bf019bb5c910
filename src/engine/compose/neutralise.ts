/**
 * Memory text is hostile input: it must read as data, whatever it holds. A body goes into a code fence that it cannot close, where neither
 * headings nor HTML mean anything; everything else of a memory goes into one line with Markdown's active characters escaped.
 */

/** `text` inside a fence whose backtick run is longer than any in the text, and at least three. No line end after it. */
export function fenced(text: string): string {
  const fence = fenceFor(text);
  return `${fence}text\n${text}\n${fence}`;
}

/** The shortest fence that `text` cannot close. */
export function fenceFor(text: string): string {
  let longest = 0;
  for (const run of text.matchAll(/`+/gu)) longest = Math.max(longest, run[0].length);
  return "`".repeat(Math.max(3, longest + 1));
}

/** A citation inside a memory's text must not pass for one of ours: `[mem:ID]` becomes `[cites mem:ID]`. */
export const withoutCitations = (text: string): string => text.replace(/\[(?=\s*mem\s*:)/giu, "[cites ");

/** One line of at most `limit` UTF-16 units (an ellipsis marks a cut), that can open no code span, HTML, link, heading or citation. */
export function inline(text: string, limit: number): string {
  return oneLine(text, limit).replace(/[\\`<>[\]]/gu, "\\$&");
}

/** The same for JSON and for a page, where no mark means anything. */
export function oneLine(text: string, limit: number): string {
  // Only as much as can be shown: the text may be a megabyte.
  const head = text.length > limit * 4 ? text.slice(0, limit * 4) : text;
  const flat = withoutCitations(head.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim());
  return flat.length > limit ? `${cutPairSafe(flat, limit - 1)}…` : flat;
}

/** The first `length` units, without leaving half of a surrogate pair. */
const cutPairSafe = (text: string, length: number): string =>
  text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/u, "")
    .trimEnd();
