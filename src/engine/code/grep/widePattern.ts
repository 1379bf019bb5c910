/**
 * A pattern for ripgrep that matches every line that the RE2 pattern matches, and perhaps more: what asserts without taking a character is left
 * out, and what remains is asked once of characters and once of bytes, for files that are no UTF-8. Undefined where the two may read it differently.
 */
export function widePattern(pattern: string): string | undefined {
  let wide = "";
  for (let at = 0; at < pattern.length;) {
    const [part = "", rest] = PART.exec(pattern.slice(at)) ?? [];
    if (part === "" || rest !== undefined) return undefined;
    if (!ASSERTION.test(part)) wide += part;
    at += part.length;
  }
  return `(?:${wide})|(?-u:${wide})`;
}

const ASSERTION = /^(?:\^|\$|\\[bB])$/u;
/** What both read in one way, or in group 1 whatever else there is: flags, named groups, Unicode classes, octal numbers, other alphabets. */
const PART = new RegExp(
  `^(?:${[
    String.raw`\\[wdstbB]`,
    String.raw`\\[^\w\s<>\u0080-\u{10ffff}]`,
    // No escapes in one that is negated: to ripgrep \w is more, so that what is none is less.
    String.raw`\[\^[^[\]\\&~^-][^[\]\\&~]*\]`,
    String.raw`\[(?:\\[wdst]|\\[^\w\s]|[^[\]\\&~^-])(?:\\[wdst]|\\[^\w\s]|[^[\]\\&~])*\]`,
    String.raw`\(\?:`,
    String.raw`\((?!\?)`,
    String.raw`[)|.*+?^$]`,
    String.raw`\{\d+(?:,\d*)?\}`,
    String.raw`[^\\[\](){}|.*+?^$\u0080-\u{10ffff}]`,
    String.raw`([^])`,
  ].join("|")})`,
  "u",
);
