import type { SecretFinding } from "./secretFinding.ts";

/** What looks random in a text: `named` where the words before it call it a secret, so that it is redacted; the rest is only flagged. */
export interface RandomTokens {
  readonly named: readonly SecretFinding[];
  readonly tokens: readonly { readonly start: number; readonly end: number }[];
}

/** Finds runs that look like keys. Git ids, other hex, UUIDs, hashes with a known prefix, ids in the
 * path of an address and embedded files are not counted. */
export function findRandomTokens(content: string): RandomTokens {
  const named: SecretFinding[] = [];
  const tokens: RandomTokens["tokens"][number][] = [];
  for (const range of longRuns(content)) {
    if (!looksRandom(content.slice(range.start, range.end))) continue;
    const before = content.slice(Math.max(0, range.start - 64), range.start);
    if (EMBEDDED.test(before) || ADDRESS.test(before)) continue;
    if (NAMED.test(before)) named.push({ ...range, rule: "named-secret" });
    else tokens.push(range);
  }
  return { named, tokens };
}

const SHORTEST = 20;
const EQUALS = 61;

/** What `/[A-Za-z0-9+/_-]{20,}={0,2}/g` matches. The expression tries again at every character of a shorter run; this looks at each once. */
function longRuns(content: string): readonly { readonly start: number; readonly end: number }[] {
  const runs: { readonly start: number; readonly end: number }[] = [];
  for (let at = 0; at < content.length; at++) {
    const start = at;
    while (IN_RUN[content.charCodeAt(at)] === 1) at++;
    if (at - start < SHORTEST) continue;
    let end = at;
    while (end < at + 2 && content.charCodeAt(end) === EQUALS) end++;
    runs.push({ start, end });
    at = end - 1;
  }
  return runs;
}

const IN_RUN = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/_-]/u.test(String.fromCharCode(code)) ? 1 : 0,
);

/** `data:image/png;base64,` and the like, and a hash whose name stands before it. */
const EMBEDDED = /(?:base64,|(?:sha|md|blake)\d?[\w-]{0,12}[:= -]{1,2})$/iu;
/** In the host or path of an address, where ids stand; what follows `?`, `#` or `=` is looked at. */
const ADDRESS = /:\/\/?[^\s?#=]*$/u;
/** `api_key = "`, `"clientSecret": "`, `token: `, `Bearer `. */
const NAMED =
  /(?:(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]{0,24}["'`]?\s{0,3}(?:[:=]|=>|:=|\bis\b)\s{0,3}["'`]?|\bbearer\s{1,3})$/iu;

/**
 * Whether a run of base64 or base62 characters was made by a generator rather than a person. Names that people write are words, so the pieces
 * between changes of case, of digits and of separators are long in them (4 and more), while in random text they are 1.7 characters on average.
 */
export function looksRandom(token: string): boolean {
  if (HASH.test(token)) return false;
  const rest = token.replace(IDS, "");
  if (rest.length < SHORTEST) return false;
  const pieces = rest.match(PIECES) ?? [];
  let letters = 0;
  let characters = 0;
  for (const piece of pieces) {
    characters += piece.length;
    if (piece.charCodeAt(0) > 57) letters += piece.length;
  }
  if (letters < 8 || (letters === characters && characters < 24) || characters / pieces.length > 2.6) return false;
  return bitsPerCharacter(rest) >= 3.5;
}

const PIECES = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/gu;
/** Hex of any length from seven, also as an address or part of a path or a UUID. */
const IDS = /(?<![A-Za-z0-9])(?:0x)?(?:[0-9a-f]{7,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![A-Za-z0-9])/giu;
const HASH = /^(?:sha(?:1|224|256|384|512)|md5|blake\d\w?|h1)[-:=_]/iu;

/** Shannon entropy of the characters of `token`. */
function bitsPerCharacter(token: string): number {
  const counts = new Uint16Array(128);
  for (let at = 0; at < token.length; at++) {
    const code = token.charCodeAt(at) & 127;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits;
}
