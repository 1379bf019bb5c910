import type { CodeIndex } from "../codeIndex.ts";
import type { CodeQuestion } from "../codeQuestion.ts";

/**
 * How much a tree has of a question, 0..1, to compare it with other trees: the best passage's share of what the words are worth there, and how near the
 * nearest is in meaning, together and squared; 1 where the question names a file or something that is defined there. Of several forms that were tried on
 * two pairs of repositories this simple one did best, see docs/locate.md.
 */
export function evidenceOfTree(
  { words }: CodeQuestion,
  index: CodeIndex,
  places: readonly { readonly evidence: number }[],
): number {
  if (places.some(({ evidence }) => evidence === 1)) return 1;
  const { hits, ceiling } = index.text.search(words, { limit: 1 });
  const passage = Math.min(1, (hits[0]?.score ?? 0) / Math.max(ceiling, Number.MIN_VALUE));
  const vector = index.questionVector(words);
  if (vector === undefined) return passage ** 2;
  const [nearest] = index.vectors?.search(vector, { limit: 1 }) ?? [];
  return ((passage + Math.max(0, nearest?.similarity ?? 0)) / 2) ** 2;
}
