import type { CodeSymbol } from "../contract/code.ts";
import type { Anchor, Memory } from "../contract/memory.ts";
import { hasRow } from "../contract/rowSet.ts";
import type { CodeWarning } from "../contract/warnings.ts";
import { placesNow } from "./anchoredMemories.ts";
import { qualifiedName } from "./code/qualifiedName.ts";
import { oneLine } from "./compose/neutralise.ts";
import type { SearchStore } from "./retrieve/storePlan.ts";

/** Lines that are about to be edited, 1-based and inclusive. */
export interface EditedLines {
  readonly start: number;
  readonly end: number;
}

/** Where in a file something is asked about. */
export interface AskedLines {
  /** Undefined: anywhere in the file. */
  readonly lines: readonly EditedLines[] | undefined;
  /** Of the file; undefined where they are not known: then a symbol may be anywhere. */
  readonly symbols: readonly CodeSymbol[] | undefined;
}

const LONGEST_TEXT = 320;
/** An anchor of lines that nobody looked after may be off by as many. */
const OFF_BY = 10;

/** Visible gotchas whose anchors are in a file now, and within it to the lines that are asked about, the newest first. */
export function gotchasAt(
  path: string,
  stores: readonly SearchStore[],
  now: number,
  asked: AskedLines = { lines: undefined, symbols: undefined },
): readonly CodeWarning[] {
  return stores
    .flatMap(({ projection, view, freshness }) => {
      const rows = [...new Set([...projection.anchoredIn(path), ...(freshness?.nowIn(path) ?? [])])];
      if (rows.length === 0) return [];
      const visible = projection.visibleRows(view, now);
      const columns = projection.columns();
      const gotcha = columns.codeOf("kind", "gotcha");
      const kinds = columns.facet("kind");
      return rows
        .filter((row) => kinds[row] === gotcha && hasRow(visible, row))
        .flatMap((row) => {
          const memory = projection.memory(row);
          if (memory === undefined) return [];
          const here = placesNow(memory, freshness?.stateOf(row)).filter((anchor) => anchor.path === path);
          return here.some((anchor) => isAt(anchor, asked)) ? [{ memory, here }] : [];
        });
    })
    .sort((a, b) => b.memory.timestamp - a.memory.timestamp)
    .map(({ memory, here }) => warningOf(memory, here));
}

function isAt({ symbol, startLine, endLine = startLine }: Anchor, { lines, symbols }: AskedLines): boolean {
  if (lines === undefined || lines.length === 0) return true;
  if (symbol !== undefined) {
    const places = symbols?.filter((one) => qualifiedName(one) === symbol || one.name === symbol) ?? [];
    // One that is nowhere to be seen may be what the edit brings back.
    return (
      places.length === 0 ||
      places.some(({ leadLine, startLine: first, endLine: last }) => overlaps(lines, leadLine ?? first, last))
    );
  }
  return startLine === undefined || endLine === undefined || overlaps(lines, startLine - OFF_BY, endLine + OFF_BY);
}

const overlaps = (lines: readonly EditedLines[], first: number, last: number): boolean =>
  lines.some(({ start, end }) => start <= last && end >= first);

function warningOf({ id, title, content, provenance: { commit } }: Memory, here: readonly Anchor[]): CodeWarning {
  const symbols = here.flatMap(({ symbol }) => symbol ?? []);
  const text = title === undefined || content.includes(title.replace(/^\w+: /u, "")) ? content : `${title}: ${content}`;
  return {
    id,
    text: oneLine(text, LONGEST_TEXT),
    ...(commit === undefined ? {} : { commit }),
    ...(symbols.length === 0 || symbols.length < here.length
      ? {}
      : { symbols: symbols.map((one) => oneLine(one, 120)) }),
  };
}
