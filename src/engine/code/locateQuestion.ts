import type { CodeIndex, IndexedChunk, IndexedFile } from "./codeIndex.ts";
import { readIntent, type ReadIntent } from "./intent/readIntent.ts";
import { frameReason, type ResolvedFrame, resolveFrames } from "./intent/resolveFrames.ts";
import { type LocatedFile, locateFiles, type LocateOptions } from "./locate/locateFiles.ts";
import type { CodeSources } from "./locate/signals.ts";

/** A file that a question is about, with the frames of a trace that lead there, innermost first. */
export interface LocatedPlace extends LocatedFile {
  readonly frames: readonly ResolvedFrame[];
}

export interface LocatedQuestion extends ReadIntent {
  /** Those that frames name come first, the innermost frame before all. */
  readonly places: readonly LocatedPlace[];
  /** Frames of libraries and runtimes, and frames whose file is not in the index. */
  readonly foreign: { readonly dependencies: number; readonly unknown: number };
}

/** Everything that a question is about, by what it wants and by the places that it names. */
export function locateQuestion(
  text: string,
  sources: CodeSources,
  options: Pick<LocateOptions, "limit" | "accepts" | "without">,
): LocatedQuestion {
  const read = readIntent(text);
  const { accepts = () => true, limit } = options;
  const resolved = resolveFrames(read.trace.frames, sources.index);
  const named = new Map<IndexedFile, ResolvedFrame[]>();
  for (const frame of resolved) {
    if (frame.file === undefined || !accepts(frame.file)) continue;
    const known = named.get(frame.file);
    if (known === undefined) named.set(frame.file, [frame]);
    else known.push(frame);
  }
  const { weights, shape, question } = read;
  const found = locateFiles(question, sources, {
    ...options,
    limit: limit + named.size,
    weights,
    spares: shape.spares,
  });
  const count = (origin: ResolvedFrame["origin"]): number => resolved.filter((frame) => frame.origin === origin).length;
  return {
    ...read,
    places: [
      ...leading(named, found, sources.index),
      ...found.filter(({ file }) => !named.has(file)).map(unframed),
    ].slice(0, limit),
    foreign: { dependencies: count("dependency"), unknown: count("unknown") },
  };
}

const unframed = (file: LocatedFile): LocatedPlace => ({ ...file, frames: [] });

/** Their scores lie between the best of all others and 1, so that they stand first by their scores too. */
function leading(
  named: ReadonlyMap<IndexedFile, readonly ResolvedFrame[]>,
  found: readonly LocatedFile[],
  index: CodeIndex,
): readonly LocatedPlace[] {
  const others = found.filter(({ file }) => !named.has(file));
  const floor = others[0]?.score ?? 0;
  return [...named].map(([file, frames], rank) => {
    const known = found.find((one) => one.file === file);
    return {
      file,
      frames,
      score: 1 - ((1 - floor) * rank) / named.size,
      evidence: 1,
      reasons: [...new Set([...frames.map(frameReason), ...(known?.reasons ?? [])])].slice(0, MOST_REASONS),
      chunks: [...new Set([...frames.flatMap((frame) => chunkOf(frame, index)), ...(known?.chunks ?? [])])],
    };
  });
}

const MOST_REASONS = 6;

/** The chunk that the frame's line lies in. */
function chunkOf({ file, frame }: ResolvedFrame, index: CodeIndex): readonly IndexedChunk[] {
  const { line } = frame;
  if (file === undefined || line === undefined) return [];
  const chunk = index.fileAt(file.path)?.chunks.find(({ startLine, endLine }) => startLine <= line && line <= endLine);
  return chunk === undefined ? [] : [chunk];
}
