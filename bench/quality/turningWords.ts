/**
 * Words by which an edit may turn a statement around, chosen before any rule was tried on these sentences, and wider than the rules: negations,
 * conditions, modal verbs, and words that come in opposites.
 */
const TURNING: ReadonlySet<string> = new Set(
  (
    "not no never none nor neither without nothing nobody nowhere avoid avoids forbidden unless except only longer yet still already hardly rarely always " +
    "if must should shall optional mandatory required requires require recommended discouraged allow allows allowed deny denied forbid forbids prevent prevents " +
    "permit permits accept accepts reject rejects rejected accepted ignore ignores ignored enable enables enabled disable disables disabled true false on off " +
    "yes before after first last start stop begin end open closed close opened public private internal external sync async synchronous asynchronous " +
    "synchronously asynchronously add adds added remove removes removed include included includes exclude excluded excludes increase increases decrease " +
    "decreases more less most least higher lower greater smaller larger above below over under early late earlier later faster slower strict loose " +
    "lazy eager lazily eagerly local remote global client server ascending descending fail fails failed succeed succeeds raise raises deprecated " +
    "stable experimental any both either inside outside mutable immutable empty present missing absent keep keeps drop drops dropped preserved discarded show " +
    "hide hidden visible automatically manually explicit implicit explicitly implicitly positive negative single double multiple once twice"
  ).split(" "),
);
const NEGATIONS: ReadonlySet<string> = new Set(
  "not no never none nor neither without nothing unless except only longer avoid".split(" "),
);
/** More changed words of both sides together make it another sentence. */
const MOST_CHANGED = 6;

export const EDITS = ["reversing", "turning", "number", "other"] as const;

/**
 * What a small edit changed: a negation came or went, or one turning word stands for another (reversing); else some turning word, or a number.
 * Anything else and larger edits are "other".
 */
export function kindOfEdit(before: string, after: string): (typeof EDITS)[number] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const [gone, come] = [a.filter((word) => !b.includes(word)), b.filter((word) => !a.includes(word))];
  const changed = [...gone, ...come];
  if (changed.length > MOST_CHANGED) return "other";
  const turns = (word: string): boolean => TURNING.has(word) || isNegatedOf(word, changed);
  if (
    gone.some((word) => NEGATIONS.has(word)) !== come.some((word) => NEGATIONS.has(word)) ||
    (gone.some(turns) && come.some(turns)) ||
    changed.some((word) => isNegatedOf(word, changed))
  )
    return "reversing";
  if (changed.some(turns)) return "turning";
  return changed.some((word) => /^v?\d/u.test(word)) ? "number" : "other";
}

const isNegatedOf = (word: string, others: readonly string[]): boolean =>
  others.some(
    (other) =>
      /^(?:un|in|im|ir|dis|non-?|de)$/u.test(word.slice(0, Math.max(0, word.length - other.length))) &&
      word.endsWith(other),
  );

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll(/\bwo?n['’]t\b/gu, "will not")
    .replaceAll(/\bcan(?:['’]t|not)\b/gu, "can not")
    .replaceAll(/n['’]t\b/gu, " not")
    .match(/[\p{L}\p{N}](?:[\p{L}\p{N}'’.-]*[\p{L}\p{N}])?/gu) ?? [];
