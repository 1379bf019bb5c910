import { FUNCTION_WORDS } from "./indexing/functionWords.ts";
import { stemEnglish } from "./indexing/englishStemmer.ts";

/** How two statements are opposed. */
export interface Opposition {
  readonly why: string;
  /** 0..1: how much of what both are about is the same. Judged, not measured. */
  readonly sureness: number;
}

/** So much of the words of matter of the shorter sentence the other one has to share. */
const LEAST_SHARED = 0.6;
const FEWEST_SHARED = 2;
const MOST_SENTENCES = 12;
/** What a sentence says more than this of other things makes it another one. */
const MOST_OTHER = 0.5;

const NEGATIONS: ReadonlySet<string> = new Set(
  "not no never none nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't shouldn't mustn't avoid neither nothing forbidden".split(
    " ",
  ),
);
const PAIRS: readonly (readonly [string, string])[] = (
  "always/never enable/disable enabled/disabled allow/forbid allowed/forbidden allow/deny required/optional public/private true/false on/off sync/async synchronous/asynchronous " +
  "before/after mutable/immutable add/remove include/exclude increase/decrease open/close start/stop safe/unsafe strict/loose tabs/spaces single/double first/last " +
  "supported/unsupported valid/invalid stable/unstable fast/slow eager/lazy local/remote client/server internal/external ascending/descending early/late"
)
  .split(" ")
  .map((pair) => {
    const [one = "", other = ""] = pair.split("/");
    return [stemEnglish(one), stemEnglish(other)];
  });

interface Sentence {
  readonly words: ReadonlySet<string>;
  readonly numbers: readonly string[];
  readonly isNegated: boolean;
}

/** Whether two texts say the opposite of one thing, by rules that can be read: one says not, words that exclude each other, other numbers. English. */
export function opposed(a: string, b: string): Opposition | undefined {
  let found: Opposition | undefined;
  const others = sentencesOf(b);
  for (const one of sentencesOf(a))
    for (const other of others) {
      const opposition = opposedSentences(one, other);
      if (opposition !== undefined && opposition.sureness > (found?.sureness ?? 0)) found = opposition;
    }
  return found;
}

function opposedSentences(a: Sentence, b: Sentence): Opposition | undefined {
  const shared = [...a.words].filter((word) => b.words.has(word));
  const least = Math.min(a.words.size, b.words.size);
  const [onlyA, onlyB] = [
    [...a.words].filter((word) => !b.words.has(word)),
    [...b.words].filter((word) => !a.words.has(word)),
  ];
  const excluding = PAIRS.find(
    ([one, other]) => (onlyA.includes(one) && onlyB.includes(other)) || (onlyA.includes(other) && onlyB.includes(one)),
  );
  const sharing = (shared.length + (excluding === undefined ? 0 : 1)) / Math.max(1, least);
  const most = Math.max(a.words.size, b.words.size);
  if (shared.length < FEWEST_SHARED || sharing < LEAST_SHARED || (most - shared.length) / most > MOST_OTHER)
    return undefined;
  const sureness = Math.min(1, (2 * shared.length) / (a.words.size + b.words.size));
  // A negation and words that exclude each other take each other back.
  if ((excluding !== undefined) !== (a.isNegated !== b.isNegated))
    return excluding === undefined
      ? { why: "one says not", sureness }
      : { why: `"${excluding.join('" against "')}"`, sureness };
  if (excluding !== undefined) return undefined;
  const [numbersA, numbersB] = [onlyIn(a.numbers, b.numbers), onlyIn(b.numbers, a.numbers)];
  if (numbersA.length === 1 && numbersB.length === 1 && onlyA.length <= 1 && onlyB.length <= 1)
    return { why: `${numbersA[0]} against ${numbersB[0]}`, sureness };
  return undefined;
}

const onlyIn = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((one) => !others.includes(one));

function sentencesOf(text: string): readonly Sentence[] {
  return text
    .slice(0, 4_000)
    .split(/(?<=[.!?;])\s+|\n+/u)
    .slice(0, MOST_SENTENCES)
    .map(sentenceOf)
    .filter(({ words }) => words.size >= FEWEST_SHARED);
}

function sentenceOf(text: string): Sentence {
  const tokens = text.toLowerCase().match(/[\p{L}][\p{L}\p{N}_'\u2019-]*|\d+(?:\.\d+)?/gu) ?? [];
  const words = new Set<string>();
  const numbers: string[] = [];
  let negations = 0;
  for (const token of tokens) {
    const word = token.replaceAll("\u2019", "'");
    if (NEGATIONS.has(word)) negations += 1;
    else if (/^\d/u.test(word)) numbers.push(word);
    else if (!FUNCTION_WORDS.has(word) || OPPOSABLE.has(stemEnglish(word))) words.add(stemEnglish(word));
  }
  return { words, numbers, isNegated: negations % 2 === 1 };
}

/** Words such as "before", "on" and "first" are matter where they may exclude another. */
const OPPOSABLE: ReadonlySet<string> = new Set(PAIRS.flat());
