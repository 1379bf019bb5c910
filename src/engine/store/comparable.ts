/**
 * Text as filters compare it. Half of a surrogate pair has no UTF-8 form, so it counts as the replacement character, in the tables and in
 * the interpreter alike.
 */
export function comparableText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** Order of two comparable texts by code point, which is the order of their UTF-8 bytes and so SQLite's. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Halves of surrogate pairs stand for code points above every other unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
