/** Lines of a file that are found and shown together. */
export interface CodeChunk {
  /** 1-based, both inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  /** The symbol that most of it belongs to, with what contains it: `Router.add`. */
  readonly symbol?: string;
}

/** Where something is defined. Lines are 1-based; `startLine` is that of what documents it. */
export interface ChunkBoundary {
  readonly name: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** A chunk is not left before it has so many lines, and never has more than the most. */
const FEWEST_LINES = 12;
const MOST_LINES = 60;
/** Without symbols: windows of so many lines. */
const WINDOW_LINES = 40;

/**
 * Cuts a file where its symbols begin: small neighbours share a chunk, a long one is cut into windows. `lineCount` lines; boundaries in the order
 * of their first line.
 */
export function chunkCode(lineCount: number, boundaries: readonly ChunkBoundary[]): readonly CodeChunk[] {
  if (lineCount === 0) return [];
  const starts = new Set(boundaries.map(({ startLine }) => startLine));
  const cuts = [1];
  for (let line = 2; line <= lineCount; line++) {
    const length = line - (cuts.at(-1) ?? 1);
    const most = boundaries.length === 0 ? WINDOW_LINES : MOST_LINES;
    if (length >= most || (length >= FEWEST_LINES && starts.has(line))) cuts.push(line);
  }
  return cuts.map((startLine, at) => {
    const endLine = (cuts[at + 1] ?? lineCount + 1) - 1;
    const symbol = mostOf(startLine, endLine, boundaries);
    return { startLine, endLine, ...(symbol === undefined ? {} : { symbol }) };
  });
}

/** The innermost symbol that covers the most of these lines. */
function mostOf(startLine: number, endLine: number, boundaries: readonly ChunkBoundary[]): string | undefined {
  let best: { readonly name: string; readonly covered: number; readonly size: number } | undefined;
  for (const { name, startLine: from, endLine: to } of boundaries) {
    if (from > endLine) break;
    const covered = Math.min(to, endLine) - Math.max(from, startLine) + 1;
    const size = to - from;
    if (covered > 0 && (best === undefined || covered > best.covered || (covered === best.covered && size < best.size)))
      best = { name, covered, size };
  }
  return best?.name;
}
