import type { CodeSymbol } from "../../contract/code.ts";
import type { CodeChunk } from "./chunkCode.ts";

/** A symbol of more lines is not shown whole because a part of it was found. */
const LONGEST = 60;

/**
 * First and last line to show of a chunk, whose ends may lie within symbols: one that is most of it is shown whole where it is not long, others that are cut by an
 * end are left out. Blank lines at the ends are no part of it. Symbols are in the order in which they begin.
 */
export function wholeSymbols(
  { startLine, endLine }: CodeChunk,
  symbols: readonly CodeSymbol[],
  lines: readonly string[],
): readonly [number, number] {
  let [from, to] = [startLine, endLine];
  const first = symbols.findLast((symbol) => beginOf(symbol) < from && symbol.endLine >= from);
  if (first !== undefined) {
    const inside = Math.min(first.endLine, to) - from + 1;
    if (isMost(inside, from, to) || first.endLine >= to) from = isLong(first) ? from : beginOf(first);
    else from = first.endLine + 1;
  }
  const last = symbols.find((symbol) => beginOf(symbol) > from && beginOf(symbol) <= to && symbol.endLine > to);
  if (last !== undefined) {
    const inside = to - beginOf(last) + 1;
    if (isMost(inside, from, to)) to = isLong(last) ? to : last.endLine;
    else to = beginOf(last) - 1;
  } else if (first !== undefined && from < startLine) to = Math.max(to, first.endLine);
  const isBlank = (line: number): boolean => (lines[line - 1] ?? "").trim() === "";
  while (from < to && isBlank(from)) from++;
  while (to > from && isBlank(to)) to--;
  return [from, to];
}

const beginOf = ({ leadLine, startLine }: CodeSymbol): number => leadLine ?? startLine;
const isLong = (symbol: CodeSymbol): boolean => symbol.endLine - beginOf(symbol) >= LONGEST;
const isMost = (inside: number, from: number, to: number): boolean => inside * 2 >= to - from + 1;
