export interface DiffPiece {
  readonly text: string;
  readonly side: "both" | "before" | "after";
}

/** More words than this (on one side) are shown whole: the table of the comparison grows with their product. */
const MOST_WORDS = 1500;

/**
 * The words that two texts share, in order, and those that only one has: a longest common subsequence over words, spaces and punctuation
 * (Wagner and Fischer 1974) after the equal beginnings and ends are taken off. The pieces of `both` and `before` joined are `before`,
 * those of `both` and `after` are `after`.
 */
export function wordDiff(before: string, after: string): readonly DiffPiece[] {
  const a = words(before);
  const b = words(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return joined([
    { text: a.slice(0, start).join(""), side: "both" },
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    { text: a.slice(a.length - end).join(""), side: "both" },
  ]);
}

function middle(a: readonly string[], b: readonly string[]): readonly DiffPiece[] {
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) {
    return [
      { text: a.join(""), side: "before" },
      { text: b.join(""), side: "after" },
    ];
  }
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = a.length - 1; row >= 0; row--) {
    for (let column = b.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        a[row] === b[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pieces: DiffPiece[] = [];
  let row = 0;
  let column = 0;
  while (row < a.length || column < b.length) {
    const left = a[row];
    const right = b[column];
    if (left !== undefined && left === right) {
      pieces.push({ text: left, side: "both" });
      row++;
      column++;
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      pieces.push({ text: left, side: "before" });
      row++;
    } else {
      pieces.push({ text: right ?? "", side: "after" });
      column++;
    }
  }
  return pieces;
}

function words(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** Neighbours of one side become one piece; empty ones go. */
function joined(pieces: readonly DiffPiece[]): readonly DiffPiece[] {
  const result: DiffPiece[] = [];
  for (const piece of pieces) {
    if (piece.text === "") continue;
    const last = result.at(-1);
    if (last?.side === piece.side) result[result.length - 1] = { side: piece.side, text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}
