import { movedIndex } from "../parts/movedIndex.ts";

/** Where somebody is in the picture of a symbol. */
export interface GraphPlace {
  readonly column: "left" | "centre" | "right";
  readonly index: number;
}

const ORDER = ["left", "centre", "right"] as const;
const PAGE = 8;

/** Where a key moves to: up and down in a column, left and right to the next one that holds anything; undefined for keys that do not move. */
export function movedInGraph(
  key: string,
  { column, index }: GraphPlace,
  counts: Readonly<Record<GraphPlace["column"], number>>,
): GraphPlace | undefined {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) {
    const to = movedIndex(key, index, counts[column], PAGE);
    return to === undefined ? undefined : { column, index: to };
  }
  const next = ORDER[ORDER.indexOf(column) + step];
  if (next === undefined || counts[next] === 0) return undefined;
  // From the middle to the middle of the others.
  return { column: next, index: next === "centre" ? 0 : Math.floor((counts[next] - 1) / 2) };
}
