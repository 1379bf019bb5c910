const MOST_CHARACTERS = 200;
/** Characters that stand before the first match, so that it is read in its sentence. */
const LEAD = 48;
/** An inflected word is found by its beginning. */
const STEM_CHARACTERS = 4;
const TITLE_CHARACTERS = 80;
/** What may be left of Markdown before the first word. */
const MARKS = /^[#>*\-\s]+/u;
/** Only so much of a passage is looked through. */
const SCANNED = 20_000;
/** Where nothing is looked for, so much gives a line in any case that people write. */
const BEGINNING = 1_000;

/**
 * One line of at most 200 characters of a passage: around the first word of the query that it holds, else its beginning. Markdown's marks are
 * left out, and so is a `title` that the passage begins with: what says no more has no excerpt.
 */
export function excerptOf(passage: string, words: readonly string[], title?: string): string {
  const line = withoutTitle(plainLine(passage.slice(0, words.length === 0 ? BEGINNING : SCANNED)), title);
  if (line.length <= MOST_CHARACTERS) return line;
  const at = firstMatch(line.toLowerCase(), words);
  if (at <= LEAD) return `${wholeWords(line.slice(0, MOST_CHARACTERS - 1))}…`;
  const from = line.indexOf(" ", at - LEAD) + 1;
  const start = from > 0 && from <= at ? from : at;
  const rest = line.slice(start);
  return rest.length <= MOST_CHARACTERS - 1 ? `…${rest}` : `…${wholeWords(rest.slice(0, MOST_CHARACTERS - 2))}…`;
}

/** The title of a memory without one: its first words. */
export function firstWords(content: string): string {
  const line = plainLine(content.slice(0, 4 * TITLE_CHARACTERS)).replace(MARKS, "");
  const sentence = /^.{12,}?[.!?](?=\s|$)/u.exec(line)?.[0] ?? line;
  return sentence.length <= TITLE_CHARACTERS ? sentence : `${wholeWords(sentence.slice(0, TITLE_CHARACTERS - 1))}…`;
}

/** What a query's words begin with, in lower case, longest first. */
export function wordsToFind(query: string): readonly string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}

function firstMatch(text: string, words: readonly string[]): number {
  for (const word of words) {
    const whole = text.indexOf(word);
    if (whole !== -1) return whole;
    const beginning = word.length > STEM_CHARACTERS ? text.indexOf(word.slice(0, STEM_CHARACTERS)) : -1;
    if (beginning !== -1) return beginning;
  }
  return -1;
}

/** The words of a text that may be Markdown, on one line: headings, quotes, lists, fences, emphasis and links as what they say. */
function plainLine(text: string): string {
  return text
    .replace(/^[ \t]*(?:```|~~~).*$/gmu, "")
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+](?: \[[ xX]\])?)[ \t]+/gmu, "")
    .replace(/!?\[([^[\]\n]{1,200})\]\([^()\n]{0,500}\)/gu, "$1")
    .replace(/\*\*(?=\S)([^*\n]{1,200})\*\*/gu, "$1")
    .replace(/`([^`\n]{1,200})`/gu, "$1")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[\ud800-\udbff]$/, "")
    .trim();
}

/** A list shows the title already; nothing is left of a text that says no more. */
function withoutTitle(line: string, title: string | undefined): string {
  const text = line.replace(MARKS, "");
  const heading = title?.split(": ").at(-1);
  for (const said of [title, heading]) {
    if (said === undefined) continue;
    const isCut = said.endsWith("…");
    const begun = isCut ? said.slice(0, -1) : said;
    if (!text.startsWith(begun)) continue;
    const rest = text.slice(begun.length).replace(isCut ? /^\s+/u : /^[\s.:]+/u, "");
    if (rest === "") return "";
    if (isCut) return `…${rest}`;
    // After a sentence another one begins; a few words more are rather the title's own.
    const isApart = /^[\s.:]/u.test(text.slice(begun.length));
    if (isApart && (rest.length > 11 || /[.!?]$/u.test(begun))) return rest;
  }
  return line;
}

/** Without the piece of a word, or half of a character, that cutting left at the end. */
function wholeWords(text: string): string {
  const space = text.lastIndexOf(" ");
  return (space > text.length / 2 ? text.slice(0, space) : text.replace(/[\ud800-\udbff]$/, "")).trimEnd();
}
