import type { ContentReason } from "./codeListing.ts";
import { utf16Mark } from "./decodeText.ts";

/** Bytes at the beginning of a file that are looked at for what text does not hold; git looks at as many. */
const SNIFFED_BYTES = 8_192;
/** Of a hundred characters this many may be control characters in text of an unknown encoding. */
const MAXIMUM_CONTROL_PERCENT = 5;

/** Whether these are no text: a NUL byte without the mark of UTF-16, or many control characters. */
export function isBinary(bytes: Uint8Array): boolean {
  if (utf16Mark(bytes) !== undefined) return false;
  const head = bytes.subarray(0, SNIFFED_BYTES);
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    // Tab, line feed, vertical tab, form feed, carriage return and escape stand in texts.
    if (byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27) controls++;
  }
  return controls * 100 > head.length * MAXIMUM_CONTROL_PERCENT;
}

/** Why this text is no code that somebody wrote here; undefined when nothing speaks against it. */
export function judgeText(path: string, text: string): Exclude<ContentReason, "binary"> | undefined {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (isMinified(extension, text)) return "minified";
  return isGenerated(path, extension, text) ? "generated" : undefined;
}

/** Lines of prose may be as long as a paragraph. */
const PROSE: ReadonlySet<string> = new Set("md mdx markdown rst txt adoc asciidoc org tex po csv tsv".split(" "));
const SCRIPTS: ReadonlySet<string> = new Set("js mjs cjs css".split(" "));
/** Characters a line on the average: linguist's bound for scripts and style sheets, and one that only machines pass for all others. */
const SCRIPT_LINE = 110;
const ANY_LINE = 500;
/** A text shorter than this says too little of its lines. */
const MINIMUM_TEXT = 1_000;
/** A line this long that is this share of the text is the text, whatever licence stands above it. */
const GIANT_LINE = 5_000;
const GIANT_SHARE = 0.8;

/** By the average without the longest line, as people embed data in one long line of code. */
function isMinified(extension: string, text: string): boolean {
  if (text.length < MINIMUM_TEXT || PROSE.has(extension)) return false;
  let lines = 0;
  let longest = 0;
  for (let at = 0; at <= text.length; lines++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    longest = Math.max(longest, end - at);
    at = end + 1;
  }
  const bound = SCRIPTS.has(extension) ? SCRIPT_LINE : ANY_LINE;
  return (
    (longest > GIANT_LINE && longest > GIANT_SHARE * text.length) ||
    (lines > 1 && (text.length - longest) / (lines - 1) > bound)
  );
}

/** Where a generator says what it is: at the top, after a licence perhaps, and in a comment. */
const HEAD_LINES = 40;
const COMMENT = /^\s*(?:\/\/|\/?\*|#|--|;|%|<!--|"""|'''|\(\*|\{-|REM\b|!)/u;
const SAYS_GENERATED = [
  /(?:^|[^\w`'"])@generated\b/u,
  /\b(?:auto(?:matically)?[- ]?)?generated\b.*\bdo not (?:edit|modify|change)\b/iu,
  /\bdo not (?:edit|modify)\b.*\b(?:auto(?:matically)?[- ]?)?generated\b/iu,
  /<auto-?generated/iu,
  /^\W*(?:\w+:\s*)?this (?:file|class|source file|module) (?:is|was|has been) (?:\w+ )?(?:auto(?:matically)?[- ]?)?generated\b/iu,
  /^\W*(?:the following )?(?:code|parser|lexer|bindings?) (?:was |is )?(?:auto(?:matically)?[- ]?)generated\b/iu,
  /^\W*do not edit(?: this file| manually| by hand)?\W*$/iu,
];
/** These open a line of plain prose too, so that they count only where a file begins. */
const OPENS_GENERATED =
  /^\W*(?:the following )?(?:code |parser |lexer )?(?:was )?(?:auto(?:matically)?[- ]?)?generated (?:by|from|with|using) /iu;
const OPENING_LINES = 5;
const BUILT_FOLDER = /(?:^|\/)(?:dist|build|out|bundles?)\//u;
const SAYS_BUILT =
  /__webpack_(?:require|modules)__|webpackBootstrap|^\/\*{6}\/|^\/\/#region (?:\.\.\/)*node_modules|^Object\.defineProperty\(exports, "__esModule"/mu;
const SOURCE_MAP = /^\/[*/][#@] source(?:Mapping)?URL=/u;
const BUILT_HEAD = 4_000;

function isGenerated(path: string, extension: string, text: string): boolean {
  let at = 0;
  for (let line = 0; line < HEAD_LINES && at < text.length; line++) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    // A line that is longer speaks of nothing.
    const words = text.slice(at, Math.min(end, at + 300)).trimEnd();
    if (COMMENT.test(words)) {
      if (SAYS_GENERATED.some((rule) => rule.test(words))) return true;
      if (line < OPENING_LINES && OPENS_GENERATED.test(words)) return true;
    }
    at = end + 1;
  }
  if (!SCRIPTS.has(extension)) return false;
  const last = text.trimEnd();
  if (SOURCE_MAP.test(last.slice(last.lastIndexOf("\n") + 1))) return true;
  return BUILT_FOLDER.test(path) && SAYS_BUILT.test(text.slice(0, BUILT_HEAD));
}
