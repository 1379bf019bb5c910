import type { BundleShape, CodeItem } from "../../../src/engine/seams.ts";

export const SHAPE: BundleShape = {
  memoryShare: 0.35,
  memoriesFirst: true,
  commitWorth: 0.6,
  levels: { outline: 0.25, signatures: 0.4, implementation: 0.95 },
};

/** A file of `lines` lines, with a symbol and a passage for every ten of them. */
export function codeItem(path: string, changes: Partial<CodeItem> & { readonly lines?: number } = {}): CodeItem {
  const { lines = 40 } = changes;
  const parts = Array.from({ length: Math.ceil(lines / 10) }, (_, at) => at * 10 + 1);
  const text = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, at) => `  const line${from + at} = compute(${from + at});`).join("\n");
  return {
    path,
    language: "typescript",
    score: 0.8,
    reasons: [`defines part1 of ${path}`, "changes often"],
    symbols: parts.map((startLine, at) => ({
      name: `part${at + 1}`,
      signature: `function part${at + 1}(input: Input): Output`,
      startLine,
      endLine: Math.min(lines, startLine + 9),
    })),
    passages: parts.map((startLine, at) => {
      const endLine = Math.min(lines, startLine + 9);
      return { startLine, endLine, symbol: `part${at + 1}`, text: text(startLine, endLine) };
    }),
    whole: text(1, lines),
    ...changes,
    lines,
  };
}
