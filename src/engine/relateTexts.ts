import { listFacts } from "./admit/facts.ts";
import { isFunctionWord } from "./indexing/functionWords.ts";

export interface Differing {
  /** Numbers, names, negations, opposites and identifiers that only the one text has, as written, in lower case. */
  readonly existing: readonly string[];
  readonly incoming: readonly string[];
}

export interface TextRelation {
  readonly relation: "same" | "existing says more" | "incoming says more" | "reworded" | "contradicts";
  readonly differing: Differing;
}

/** Share of a text's words of matter that another has to hold to contain it. */
const CONTAINED = 0.9;
/** From this share of common words on, two short texts are one sentence with something replaced. */
const ONE_SENTENCE = 0.7;
/** Longer texts are not aligned word by word: it is quadratic, and one word says little in them. */
const MOST_ALIGNED = 80;

/**
 * How two texts that mean about the same stand to one another. They contradict when each has a fact that the other lacks, when only one is negated,
 * or when they are one sentence with another word in one place, or the same words in another order. Otherwise the one with more facts says more, or the one that holds nearly all
 * words of the other; what is left is reworded.
 */
export function relateTexts(existing: string, incoming: string): TextRelation {
  const [before, after] = [wordsOf(existing), wordsOf(incoming)];
  if (before.join(" ") === after.join(" ")) return { relation: "same", differing: { existing: [], incoming: [] } };
  const differing = { existing: factsBeside(existing, incoming), incoming: factsBeside(incoming, existing) };
  const all = [...differing.existing, ...differing.incoming];
  if ((differing.existing.length > 0 && differing.incoming.length > 0) || all.some((fact) => NEGATION.test(fact)))
    return { relation: "contradicts", differing };
  const replaced = anotherOrder(before, after) ?? replacedWord(before, after);
  if (replaced !== undefined) return { relation: "contradicts", differing: replaced };
  if (differing.existing.length > 0) return { relation: "existing says more", differing };
  if (differing.incoming.length > 0) return { relation: "incoming says more", differing };
  if (contains(before, after)) return { relation: "existing says more", differing };
  if (contains(after, before)) return { relation: "incoming says more", differing };
  return { relation: "reworded", differing };
}

/** Whether two texts have the same words of matter in the same order and the same facts: all that may be merged of texts too short for shingles. */
export function saysTheSame(a: string, b: string): boolean {
  const [left, right] = [matterOf(wordsOf(a)), matterOf(wordsOf(b))];
  return (
    left.length > 0 &&
    left.join(" ") === right.join(" ") &&
    factsBeside(a, b).length === 0 &&
    factsBeside(b, a).length === 0
  );
}

const NEGATION =
  /^(?:not|no|never|none|nor|neither|without|cannot|cant|dont|isnt|unless|except|nothing|nobody|nicht|kein|keine|keinen|nie|ohne|pas|jamais|sans|nunca)$|n't$|^[不没沒未無无非否别別禁]$|^ない$/u;
const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** Number words as digits, so that "three" is no other fact than "3". */
const plainFact = (fact: string): string => {
  const digit = NUMBER_WORDS.indexOf(fact);
  return digit === -1 ? fact : String(digit);
};

/** Facts of a text that another does not hold, wherever they stand there. */
function factsBeside(text: string, other: string): readonly string[] {
  const held = new Set([...wordsOf(other), ...listFacts(other)].map(plainFact));
  const whole = other.toLowerCase();
  const facts = [...new Set(listFacts(text))];
  return facts.filter((fact) => !held.has(plainFact(fact)) && !(/[\s`]/u.test(fact) && whole.includes(fact)));
}

/** Words in lower case without the punctuation around them. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replace(/’/gu, "'")
    .split(/\s+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+#%]+$/gu, ""))
    .filter((word) => word !== "");

/** Function words are left out, unless they say when, whether or which: "not", "before", "off". */
const matterOf = (words: readonly string[]): readonly string[] =>
  words.filter((word) => !isFunctionWord(word) || listFacts(word).length > 0);

function contains(whole: readonly string[], part: readonly string[]): boolean {
  const [all, some] = [new Set(matterOf(whole).map(stemOf)), new Set(matterOf(part).map(stemOf))];
  if (some.size === 0 || all.size < some.size) return false;
  return [...some].filter((word) => all.has(word)).length / some.size >= CONTAINED;
}

/** Enough to see "retry" in "retries". */
const stemOf = (word: string): string => (word.length < 5 ? word : word.slice(0, Math.max(4, word.length - 3)));

/** The same words of matter, of which one order means what the other does not: "a before b". */
function anotherOrder(before: readonly string[], after: readonly string[]): Differing | undefined {
  const [existing, incoming] = [matterOf(before), matterOf(after)];
  if (existing.length > MOST_ALIGNED || existing.join(" ") === incoming.join(" ")) return undefined;
  return existing.toSorted().join(" ") === incoming.toSorted().join(" ") ? { existing, incoming } : undefined;
}

/** The one pair of words of matter that stand for one another in what is otherwise one sentence. */
function replacedWord(before: readonly string[], after: readonly string[]): Differing | undefined {
  if (before.length > MOST_ALIGNED || after.length > MOST_ALIGNED) return undefined;
  const shared = commonWords(before, after);
  if ((2 * shared.length) / (before.length + after.length) < ONE_SENTENCE) return undefined;
  let [left, right] = [0, 0];
  for (const [nextLeft, nextRight] of [...shared, [before.length, after.length] as const]) {
    const gaps = [before.slice(left, nextLeft), after.slice(right, nextRight)].map(matterOf);
    const [one, other] = gaps.map((gap) => (gap.length === 1 ? gap[0] : undefined));
    if (one !== undefined && other !== undefined && stemOf(one) !== stemOf(other))
      return { existing: [one], incoming: [other] };
    [left, right] = [nextLeft + 1, nextRight + 1];
  }
  return undefined;
}

/** Places of a longest common subsequence. */
function commonWords(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
  const places: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) places.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return places;
}
