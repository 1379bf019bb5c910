import type { CodeSymbol } from "../../../contract/code.ts";

/** A heading or a key with how deep it stands; smaller is further out. */
export interface LevelEntry {
  readonly kind: "heading" | "key";
  readonly level: number;
  readonly name: string;
  readonly signature: string;
  readonly doc?: string | undefined;
  /** Begins with 1. */
  readonly line: number;
  /** Where it ends, when that is known. */
  readonly endLine?: number | undefined;
}

/** Each holds what follows until the next that is no deeper, or the end. `lastLine` is that of the text. */
export function outlineLevels(entries: readonly LevelEntry[], lastLine: number): readonly CodeSymbol[] {
  const ends = new Array<number>(entries.length).fill(lastLine);
  const open: number[] = [];
  const paths = entries.map((entry, index) => {
    while (open.length > 0 && (entries[open.at(-1) ?? 0]?.level ?? 0) >= entry.level)
      ends[open.pop() ?? 0] = Math.max(entry.line - 1, 1);
    const path = open.map((at) => entries[at]?.name ?? "").join(".");
    open.push(index);
    return path;
  });
  return entries.map(({ kind, name, signature, doc, line, endLine }, index) => ({
    ...{ kind, name, ...(paths[index] === "" ? {} : { container: paths[index] ?? "" }), signature },
    ...(doc === undefined ? {} : { doc }),
    ...{ startLine: line, endLine: Math.max(line, endLine ?? ends[index] ?? line) },
  }));
}
