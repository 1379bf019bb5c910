/** Characters before a call in which it may be said what it is kept in. */
const BEFORE = 120;
/** `=`, or `:=` of Go, and what may stand between it and a call; no comparison, and nothing that adds to what is there. */
const ASSIGNED = /(?<![=!<>+\-*/%|&^~?])=\s*(?:(?:await|new|yield|try|&)\s*)*$/u;
/** The last name of a declaration, with or without a type on either side: `const cart: Cart`, `Cart cart`, `let mut cart`, `self.cart`, `@cart`. */
const NAME = /(?:^|[\s*&])((?:(?:this|self|\$this)(?:\.|->))?[@#$]?[\w$#]+)[?!]?\s*(?::(?!:)[^=]*)?$/u;
/** Go gives an error beside: `cart, err :=`. */
const FIRST_OF_TWO = /^\s*(?:var\s+)?(\w+)\s*,\s*\w+\s*:?$/u;

/** The variable or field that takes what the call gives that begins here. */
export function keptIn(text: string, begin: number): string | undefined {
  // Nearly every call is told by one character that it is not kept.
  let at = begin - 1;
  while (at >= 0 && /[\s&]/u.test(text.charAt(at))) at -= 1;
  if (!/[=twyd]/u.test(text.charAt(at))) return undefined;
  const before = text.slice(Math.max(0, begin - BEFORE), begin);
  const assigned = ASSIGNED.exec(before);
  if (assigned === null) return undefined;
  const whole = before.slice(0, assigned.index);
  const start = Math.max(...["\n", ";", "{", "}", "("].map((end) => whole.lastIndexOf(end)));
  // In brackets it is the name of an argument.
  if (whole.charAt(start) === "(") return undefined;
  const said = whole.slice(start + 1);
  if (said.includes(",")) return FIRST_OF_TWO.exec(said)?.[1];
  return NAME.exec(said.replace(/:$/u, ""))?.[1];
}
