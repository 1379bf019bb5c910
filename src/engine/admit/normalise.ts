/**
 * Text as it is stored: NFC, LF line ends, no lone surrogates, no control characters but line feed and tab, and nothing invisible that could
 * hide or reorder what a reader sees (Trojan Source, CVE-2021-42574). Trailing white space of lines and of the text, and blank lines before it,
 * go. Applying it twice changes nothing. Linear in the length.
 */
export function normaliseContent(text: string): string {
  return trimEdges(cleanText(text).replace(TRAILING_SPACE, ""));
}

/** The same for a text of one line (title, tag, event type): every run of white space becomes one space. */
export function normaliseLine(text: string): string {
  return cleanText(text).replace(WHITE_SPACE, " ").trim();
}

/** The same for a value whose white space may matter (a string in metadata): only unseen characters, line ends and composition are changed. */
export function cleanText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  let current = text.replace(LINE_ENDS, "\n");
  // Taking a character out can bring two others together that now compose or join, so this runs until nothing changes; twice is the rule.
  for (;;) {
    const cleaned = current
      .replace(INVISIBLE, "")
      .replace(REPEATED_JOINERS, "$1")
      .replace(STRAY_JOINERS, "")
      .replace(REPEATED_SELECTORS, "$1")
      .replace(STRAY_SELECTORS, "")
      .replace(LONE_SURROGATES, "\ufffd")
      .normalize("NFC");
    if (cleaned === current) return cleaned;
    current = cleaned;
  }
}

const UNUSUAL = /[^\n\t\x20-\x7e]/u;
const LINE_ENDS = /\r\n?|[\x85\u2028\u2029]/gu;
const WHITE_SPACE = /\s+/gu;
// The look-behind lets a match start only where a run starts: without it a long run inside a line costs its square.
const TRAILING_SPACE = /(?<![ \t])[ \t]+(?=\n|$)/gu;

/**
 * Control characters; bidirectional marks, embeddings, overrides and isolates; zero-width spaces; soft hyphen; invisible operators; interlinear
 * annotation; and the tag characters, which spell ASCII that no reader sees.
 */
const INVISIBLE =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Joiners mean something between two letters of a script that joins, or between two emoji; anywhere else they only hide. */
const REPEATED_JOINERS = /([\u200c\u200d])[\u200c\u200d]+/gu;
const STRAY_JOINERS =
  /(?<!(?![\x00-\x7f])[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|[\u200c\u200d](?!(?![\x00-\x7f])[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])/gu;

/** A variation selector chooses the look of the character before it; a second one, or one after a plain letter, only carries hidden data. */
const REPEATED_SELECTORS = /([\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu;
const STRAY_SELECTORS =
  /(?<![0-9#*]|(?![\x00-\x7f])[\p{L}\p{M}\p{S}\p{P}])[\ufe00-\ufe0f]|(?<!\p{Ideographic})[\u{e0100}-\u{e01ef}]/gu;

/** Without blank lines before the first line, whose indent stays, and without white space after the last. */
function trimEdges(text: string): string {
  const end = text.trimEnd();
  let start = 0;
  for (let at = 0; at < end.length; at++) {
    const character = end.charCodeAt(at);
    if (character === 10) start = at + 1;
    else if (character !== 32 && character !== 9) break;
  }
  return start === 0 ? end : end.slice(start);
}
