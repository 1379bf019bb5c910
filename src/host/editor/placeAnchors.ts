import type { MemoryRow } from "../../contract/explore.ts";
import type { Anchor } from "../../contract/memory.ts";

export type AnchoredRow = MemoryRow & { readonly in: readonly Anchor[] };

/** The lines of one file, 0-based and inclusive, that some memories speak of. */
export interface MarkedLines {
  readonly first: number;
  readonly last: number;
  readonly memories: readonly AnchoredRow[];
  /** None of them speaks of these lines: they are about the file. */
  readonly whole: boolean;
}

/**
 * Where each memory of a file is drawn, by first line. `lineOf` finds a symbol's line now; it wins over the lines of the time of capture,
 * because code above it may have grown. A memory of the whole file stands on its first line, as does one whose symbol is found no more.
 */
export function placeAnchors(
  rows: readonly AnchoredRow[],
  lineCount: number,
  lineOf: (symbol: string) => { readonly first: number; readonly last: number } | undefined,
): readonly MarkedLines[] {
  const byFirst = new Map<number, { last: number; memories: Set<AnchoredRow>; whole: boolean }>();
  const within = (line: number): number => Math.max(0, Math.min(line, lineCount - 1));
  for (const row of rows)
    for (const anchor of row.in) {
      const lines = (anchor.symbol === undefined ? undefined : lineOf(anchor.symbol)) ?? captured(anchor);
      const first = within(lines?.first ?? 0);
      const place = byFirst.get(first) ?? { last: first, memories: new Set(), whole: true };
      if (lines !== undefined) place.whole = false;
      place.last = Math.max(place.last, within(lines?.last ?? 0));
      byFirst.set(first, { ...place, memories: place.memories.add(row) });
    }
  return [...byFirst]
    .map(([first, { last, memories, whole }]) => ({ first, last, memories: [...memories], whole }))
    .sort((a, b) => a.first - b.first);
}

function captured({ startLine, endLine }: Anchor): { readonly first: number; readonly last: number } | undefined {
  if (startLine === undefined) return undefined;
  return { first: startLine - 1, last: (endLine ?? startLine) - 1 };
}
