/** A chain of calls is followed back so far. */
const BEFORE = 200;

/**
 * What a method is called on, where the grammar writes the links of a chain beside each other and not into each other (Dart): `a.b(1)` of
 * `a.b(1).c()`. Of a cascade, `a..b()..c()`, it is the same for each. Undefined where nothing is in front of the name.
 */
export function receiverBefore(
  text: string,
  start: number,
): { readonly begin: number; readonly receiver: string } | undefined {
  if (text.charAt(start - 1) !== ".") return undefined;
  const least = Math.max(0, start - BEFORE);
  let depth = 0;
  let end = start;
  let begin = start;
  for (let at = start - 1; at >= least; at--) {
    const sign = text.charAt(at);
    if (depth === 0 && sign === "." && text.charAt(at - 1) === ".") {
      end = --at;
      begin = end;
      continue;
    }
    if (sign === ")" || sign === "]") depth += 1;
    else if (sign === "(" || sign === "[") depth -= 1;
    if (depth < 0 || (depth === 0 && !isLink(text, at))) break;
    begin = at;
  }
  const receiver = text
    .slice(begin, end)
    .replace(/[?!]?\.?$/u, "")
    .trim();
  return receiver === "" || depth > 0 ? undefined : { begin, receiver: receiver.replace(/\s+/gu, " ") };
}

/** Whether a character belongs to a chain; a space does where a link follows it. */
function isLink(text: string, at: number): boolean {
  const sign = text.charAt(at);
  return /[\w$.?!)(\][]/u.test(sign) || (/\s/u.test(sign) && /^\s*[?!]?\./u.test(text.slice(at, at + 40)));
}
