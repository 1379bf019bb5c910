/**
 * Whether every word of `text` is within `distance` edits of some word of a candidate, case folded. An edit is an insertion, a deletion,
 * a replacement or a swap of neighbours (Damerau-Levenshtein, optimal string alignment). A word of n letters allows at most n - 1 edits,
 * or it would match everything. Text without a word is compared as a whole.
 */
export function fuzzyMatcher(text: string, distance: number): (candidate: string) => boolean {
  const wanted = wordsOf(text);
  const whole = fold(text);
  if (wanted.length === 0) return (candidate) => withinDistance(whole, fold(candidate), allowed(whole, distance));
  return (candidate) => {
    const words = wordsOf(candidate);
    return wanted.every((word) => words.some((other) => withinDistance(word, other, allowed(word, distance))));
  };
}

const fold = (text: string): string => text.normalize("NFC").toLowerCase();

const wordsOf = (text: string): readonly string[] => fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

const allowed = (word: string, distance: number): number => Math.min(distance, word.length - 1);

/** Only the band of cells that can still be within `limit` is computed. */
export function withinDistance(a: string, b: string, limit: number): boolean {
  if (a === b) return true;
  if (limit < 1 || Math.abs(a.length - b.length) > limit) return false;
  const width = b.length + 1;
  const far = limit + 1;
  let before = new Array<number>(width).fill(far);
  let previous = Array.from({ length: width }, (_, column) => Math.min(column, far));
  let current = new Array<number>(width).fill(far);
  for (let row = 1; row <= a.length; row++) {
    current.fill(far);
    if (row <= limit) current[0] = row;
    let best = current[0] ?? far;
    const last = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= last; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      let cost = Math.min(
        (previous[column] ?? far) + 1,
        (current[column - 1] ?? far) + 1,
        (previous[column - 1] ?? far) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1);
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? far) + 1);
      current[column] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) {
      // A swap may still come from the row before, but only at one more than its cost.
      if (Math.min(...previous) + 1 > limit) return false;
    }
    [before, previous, current] = [previous, current, before];
  }
  return (previous[b.length] ?? far) <= limit;
}
