import { mix } from "../../contract/mix.ts";
import { hashText } from "./words.ts";

/**
 * One number for what makes two alike texts say different things: in their order, the numbers and versions, paths and identifiers, comparison
 * operators, negations, and words that come in opposites. Texts that differ in it are never near-duplicates. Case is folded.
 */
export function factHash(text: string): number {
  let hash = 0;
  for (const token of text.toLowerCase().split(/\s+/u)) {
    if (isPlainWord(token)) continue;
    if (SPACELESS.test(token)) {
      for (const [piece] of token.matchAll(SPACELESS_PIECES)) if (isFact(piece)) hash = mix(hash ^ hashText(piece));
      continue;
    }
    const bare = token.replace(AROUND, "").replace(QUOTES, "'");
    if (isFact(bare)) hash = mix(Math.imul(hash, 31) ^ hashText(bare));
  }
  return hash;
}

/**
 * What only the case of letters shows: camelCase identifiers, names inside sentences, and code between backticks. Compared between two texts whose
 * words differ; texts that are equal after folding are one whatever their case.
 */
export function namedFacts(text: string): string {
  const code = [...text.matchAll(/`[^`\n]{1,200}`/gu)].map(([span]) => span);
  const shouting = !/\p{Ll}/u.test(text);
  const names = shouting ? [] : [...text.matchAll(NAMES)].map(([name]) => name);
  return [...code, ...names].join("\n");
}

/** What `factHash` and `namedFacts` are of, one by one, in lower case: to say in what two texts differ. */
export function listFacts(text: string): readonly string[] {
  const facts: string[] = [];
  for (const token of text.toLowerCase().split(/\s+/u)) {
    if (isPlainWord(token)) continue;
    const pieces = SPACELESS.test(token)
      ? [...token.matchAll(SPACELESS_PIECES)].map(([piece]) => piece)
      : [token.replace(AROUND, "").replace(QUOTES, "'")];
    facts.push(...pieces.filter(isFact));
  }
  const named = namedFacts(text).toLowerCase();
  return named === "" ? facts : [...facts, ...named.split("\n")];
}

/** Letters a to z with punctuation around them, and no word of the opposites: most of a text, told without an expression. */
function isPlainWord(token: string): boolean {
  let start = 0;
  let end = token.length;
  while (AROUND_START[token.charCodeAt(start)] === 1) start++;
  while (end > start && AROUND_END[token.charCodeAt(end - 1)] === 1) end--;
  if (start === end) return false;
  for (let at = start; at < end; at++) {
    const code = token.charCodeAt(at);
    if (code < 97 || code > 122) return false;
  }
  return !OPPOSITES.has(end - start === token.length ? token : token.slice(start, end));
}

/** The ASCII characters of `AROUND` that count wherever they stand. */
const [AROUND_START, AROUND_END] = ["(\"'`*[{", ")\"'`*]}.,;:!?"].map((characters) =>
  Uint8Array.from({ length: 128 }, (_, code) => (characters.includes(String.fromCharCode(code)) ? 1 : 0)),
) as [Uint8Array, Uint8Array];

function isFact(token: string): boolean {
  return token !== "" && (INNER.test(token) ? !WORDS_ONLY.test(token) || NEGATED.test(token) : OPPOSITES.has(token));
}

/** Punctuation and markup around a token. `+` and `#` stay for C++ and C#, operators are tokens of their own. */
const AROUND = /^(?:[("'`*\[{“‘«]|_(?=\p{L})|[-+*>#]+$)+|(?:[)"'`*\]}.,;:!?”’»]|(?<=\p{L})_)+$/gu;
const QUOTES = /’/gu;
/** Something beside plain letters and hyphens: a digit, a separator of paths and identifiers, an operator, an apostrophe. */
const INNER = /[^\p{L}\p{M}-]/u;
/** Words joined by hyphens, commas, apostrophes or dashes hold no fact of their own. */
const WORDS_ONLY = /^[\p{L}\p{M}',–—-]+$/u;
const NEGATED = /n't/u;

const OPPOSITES: ReadonlySet<string> = new Set(
  (
    "not no never none nor neither without cannot cant dont isnt unless except nothing nobody nicht kein keine keinen nie ohne pas jamais sans sin nunca " +
    "true false yes on off enable enables enabled disable disables disabled always sometimes before after min max minimum maximum must may should " +
    "allow allows allowed deny denies denied forbid forbidden add adds added remove removes removed more less most least first last left right up down " +
    "top bottom start starts started stop stops stopped open opens opened close closes closed increase increases increased decrease decreases decreased " +
    "upgrade upgraded downgrade downgraded public private sync async read write input output success failure fail fails failed pass passes passed " +
    "accept accepts accepted reject rejects rejected above below inside outside internal external required optional safe unsafe valid invalid " +
    "include includes included exclude excludes excluded show hide shown hidden lock unlock locked unlocked client server production staging " +
    "development test old new one two three four five six seven eight nine ten monday tuesday wednesday thursday friday saturday sunday"
  ).split(" "),
);

const SPACELESS = /[\u2e80-\ud7ff\u0e00-\u0eff]/u;
const SPACELESS_PIECES = /[\x21-\x7e]+|[不没沒未無无非否別别禁ない]/gu;
const NAMES = /(?<=[\p{Ll}\p{N},;:)"'] )\p{Lu}[\p{L}\p{N}]+|\b\p{Ll}+\p{Lu}\w*|\b\p{Lu}\p{Ll}+\p{Lu}\w*/gu;
