import { stemEnglish } from "./indexing/englishStemmer.ts";
import { readSentence, type Statement } from "./statement.ts";

/** How two statements are opposed. */
export interface Opposition {
  readonly why: string;
  /** 0..1: the share of words of matter that both have (Dice). An order and no probability: docs/truth.md tells how often it is right. */
  readonly sureness: number;
}

/** So much of the words of matter of the shorter sentence the other one has to share. */
const LEAST_SHARED = 0.6;
const FEWEST_SHARED = 2;
/** What a sentence says more than this of other things makes it another one. */
const MOST_OTHER = 0.5;
/** Beside another number, each may have so many words of its own, and such a share of its words. */
const MOST_OWN = 2;
const MOST_OWN_SHARE = 1 / 3;

/** Of things that are so or so. What has a counterpart is often spoken of beside it (open and close, start and stop, add and remove), and is none. */
const PAIRS: readonly (readonly [string, string])[] = (
  "enable/disable allow/forbid allowed/forbidden allow/deny required/optional public/private true/false on/off sync/async synchronous/asynchronous " +
  "before/after mutable/immutable include/exclude increase/decrease safe/unsafe strict/loose tabs/spaces single/double first/last only/also " +
  "supported/unsupported valid/invalid stable/unstable fast/slow eager/lazy local/remote client/server internal/external ascending/descending early/late above/below"
)
  .split(" ")
  .map((pair) => {
    const [one = "", other = ""] = pair.split("/");
    return [stemEnglish(one), stemEnglish(other)];
  });
/** Words such as "before", "on" and "first" are matter where they may exclude another. */
const OPPOSABLE: ReadonlySet<string> = new Set(PAIRS.flat());

export const readStatement = (text: string): Statement => readSentence(text, OPPOSABLE);

/** Whether two sentences say the opposite of one thing: one says not, they differ in words that exclude each other, or in one number. */
export function opposedStatements(a: Statement, b: Statement): Opposition | undefined {
  const shared = [...a.words].filter((word) => b.words.has(word));
  const onlyA = [...a.words].filter((word) => !b.words.has(word));
  const onlyB = [...b.words].filter((word) => !a.words.has(word));
  const excluding = PAIRS.filter(
    ([one, other]) => (onlyA.includes(one) && onlyB.includes(other)) || (onlyA.includes(other) && onlyB.includes(one)),
  );
  const [least, most] = [Math.min(a.words.size, b.words.size), Math.max(a.words.size, b.words.size)];
  const sharing = (shared.length + excluding.length) / Math.max(1, least);
  if (shared.length < FEWEST_SHARED || sharing < LEAST_SHARED || (most - shared.length) / most > MOST_OTHER)
    return undefined;
  const sureness = Math.min(1, (2 * shared.length) / (a.words.size + b.words.size));
  const others = Math.min(onlyA.length, onlyB.length) - excluding.length;
  const isNegation = saysNot(a, b, onlyA.length + onlyB.length - 2 * excluding.length === 0);
  const turned = excluding.filter((pair) => pair.every((word) => !a.conditions.has(word) && !b.conditions.has(word)));
  const flips = excluding.length + (isNegation ? 1 : 0);
  if (flips > 0) {
    // What is turned around twice is as it was; and what differs in more speaks of something else.
    if (flips % 2 === 0 || others > 0 || differingNumbers(a, b).length > 0) return undefined;
    if (isNegation) return { why: "one says not", sureness };
    const [pair] = turned;
    return pair === undefined ? undefined : { why: `"${pair.join('" against "')}"`, sureness };
  }
  const [number, ...more] = differingNumbers(a, b);
  const own = Math.max(onlyA.length, onlyB.length);
  if (number === undefined || more.length > 0 || own > MOST_OWN || own > MOST_OWN_SHARE * most) return undefined;
  return { why: number.join(" against "), sureness };
}

/** Whether one says not of a word that the other one says. Where all else is the same, under another condition too. */
function saysNot(a: Statement, b: Statement, restIsSame: boolean): boolean {
  const of = (one: Statement): readonly string[] =>
    restIsSame ? [...one.negated, ...one.negatedConditions] : one.negated;
  const [ofA, ofB] = [of(a), of(b)];
  if (ofA.length % 2 === ofB.length % 2) return false;
  const [more, other] = ofA.length > ofB.length ? [ofA, b] : [ofB, a];
  return more.some(
    (word) => other.words.has(word) && !other.negated.includes(word) && !other.negatedConditions.includes(word),
  );
}

/** Numbers that stand in one place and differ; none where one sentence has more of them. */
function differingNumbers(a: Statement, b: Statement): readonly (readonly [string, string])[] {
  if (a.numbers.length !== b.numbers.length) return [];
  return a.numbers.flatMap((one, at) => (one === b.numbers[at] ? [] : [[one, b.numbers[at] ?? ""] as const]));
}
