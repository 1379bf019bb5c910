import type { IndexedChunk, IndexedFile } from "./codeIndex.ts";
import type { CodeQuestion } from "./codeQuestion.ts";
import type { UseLimits } from "./graph/symbolGraph.ts";
import { namedIn } from "./graph/symbolAt.ts";
import type { CodeSources } from "./locate/signals.ts";
import { qualifiedName } from "./qualifiedName.ts";

/** A file that defines or calls what a question names. */
export interface CallerPlace {
  readonly file: IndexedFile;
  readonly reasons: readonly string[];
  /** Those that the definition and the calls stand in. */
  readonly chunks: readonly IndexedChunk[];
}

const MOST_NAMES = 3;
/** A name that more files define is asked about in general. */
const MOST_DEFINERS = 3;
const LIMITS: UseLimits = { files: 60, unlikely: 20, edges: 100 };
const LINES_TOLD = 3;

/** Where the symbols that a question names are defined, then where they are called, the surest calls first. */
export function callerPlaces({ names }: CodeQuestion, { index, symbols }: CodeSources): readonly CallerPlace[] {
  const found = new Map<IndexedFile, { readonly reasons: string[]; readonly lines: number[] }>();
  for (const name of names.slice(0, MOST_NAMES)) {
    const definers = index.definersOf(name);
    if (definers.length > MOST_DEFINERS) continue;
    for (const target of definers.flatMap((file) => namedIn(file, name).slice(0, 1))) {
      const defined = found.get(target.file) ?? { reasons: [], lines: [] };
      found.set(target.file, defined);
      defined.lines.push(target.symbol.startLine);
      defined.reasons.push(`defines ${qualifiedName(target.symbol)}`);
      for (const { file, line, from } of symbols.callersOf(target, LIMITS).edges) {
        const known = found.get(file) ?? { reasons: [], lines: [] };
        found.set(file, known);
        known.lines.push(line);
        if (known.reasons.length < LINES_TOLD)
          known.reasons.push(
            `calls ${qualifiedName(target.symbol)} in line ${line}${from === undefined ? "" : `, in ${qualifiedName(from.symbol)}`}`,
          );
      }
    }
  }
  return [...found].map(([file, { reasons, lines }]) => ({
    file,
    reasons,
    chunks: file.chunks.filter(({ startLine, endLine }) => lines.some((line) => startLine <= line && line <= endLine)),
  }));
}
