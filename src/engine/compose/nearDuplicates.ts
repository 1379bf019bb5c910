/** Jaccard similarity of the words from which on two candidates say the same. */
export const SAME_WORDS = 0.9;

/** Tells of each text, in the order they come, whether it nearly repeats one that came before. */
export class NearDuplicates {
  readonly #kept: { readonly ref: string; readonly words: ReadonlySet<string> }[] = [];

  /** The reference of the earlier text that this one nearly repeats; otherwise it is kept itself. */
  meet(ref: string, text: string): string | undefined {
    const words = wordsOf(text);
    const same = this.#kept.find((earlier) => alike(earlier.words, words));
    if (same === undefined) this.#kept.push({ ref, words });
    return same?.ref;
  }
}

/** A text without letters or digits is its own single word, so that two different ones are not the same. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []);
  return words.size === 0 ? new Set([text]) : words;
}

function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  // |a ∩ b| / |a ∪ b| is at most |small| / |large|.
  if (small.size < SAME_WORDS * large.size) return false;
  let common = 0;
  for (const word of small) if (large.has(word)) common++;
  if (common < SAME_WORDS * (a.size + b.size - common)) return false;
  return !differsInMeaning(a, b) && !differsInMeaning(b, a);
}

/** One "not" or another number turns a sentence around, however many words it shares. */
function differsInMeaning(words: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const word of words) if (!others.has(word) && (NEGATIONS.has(word) || /\p{N}/u.test(word))) return true;
  return false;
}

/** As they come out of `wordsOf`, which splits "don't" into "don" and "t". */
const NEGATIONS: ReadonlySet<string> = new Set(
  "no not never none neither nor without cannot don doesn didn isn aren wasn weren won can must shouldn couldn always only".split(
    " ",
  ),
);
