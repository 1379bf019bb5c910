import type { CodeIndex, IndexedChunk, IndexedFile } from "./codeIndex.ts";
import { readIntent, type ReadIntent } from "./intent/readIntent.ts";
import { callerPlaces } from "./callerPlaces.ts";
import { frameReason, type ResolvedFrame, resolveFrames } from "./intent/resolveFrames.ts";
import { type LocatedFile, locateFiles, type LocateOptions } from "./locate/locateFiles.ts";
import type { CodeSources } from "./locate/signals.ts";

/** A file that a question is about, with the frames of a trace that lead there, innermost first. */
export interface LocatedPlace extends LocatedFile {
  readonly frames: readonly ResolvedFrame[];
}

export interface LocatedQuestion extends ReadIntent {
  /** Those that frames name come first, the innermost frame before all; where callers are asked for, the definition and they. */
  readonly places: readonly LocatedPlace[];
  /** Frames of libraries and runtimes, and frames whose file is not in the index. */
  readonly foreign: { readonly dependencies: number; readonly unknown: number };
}

/** What comes before everything that is found. */
interface Lead {
  readonly frames: readonly ResolvedFrame[];
  readonly reasons: readonly string[];
  readonly chunks: readonly IndexedChunk[];
}

/** Everything that a question is about, by what it wants and by the places that it names. `read`: what was read of it, where the caller did already. */
export function locateQuestion(
  text: string,
  sources: CodeSources,
  options: Pick<LocateOptions, "limit" | "accepts" | "without">,
  read: ReadIntent = readIntent(text),
): LocatedQuestion {
  const { accepts = () => true, limit } = options;
  const { weights, shape, question, intent, trace } = read;
  const resolved = resolveFrames(trace.frames, sources.index);
  const leads = new Map<IndexedFile, Lead>();
  for (const frame of resolved) {
    const { file } = frame;
    if (file === undefined || !accepts(file)) continue;
    const { frames = [], reasons = [], chunks = [] } = leads.get(file) ?? {};
    leads.set(file, {
      frames: [...frames, frame],
      reasons: [...reasons, frameReason(frame)],
      chunks: [...chunks, ...chunkOf(frame, sources.index)],
    });
  }
  if (intent.name === "usage")
    for (const { file, ...lead } of callerPlaces(question, sources).slice(0, limit))
      if (accepts(file) && !leads.has(file)) leads.set(file, { frames: [], ...lead });
  const found = locateFiles(question, sources, {
    ...options,
    limit: limit + leads.size,
    weights,
    spares: shape.spares,
  });
  const count = (origin: ResolvedFrame["origin"]): number => resolved.filter((frame) => frame.origin === origin).length;
  return {
    ...read,
    places: [...leading(leads, found), ...found.filter(({ file }) => !leads.has(file)).map(unled)].slice(0, limit),
    foreign: { dependencies: count("dependency"), unknown: count("unknown") },
  };
}

const unled = (file: LocatedFile): LocatedPlace => ({ ...file, frames: [] });

/** Their scores lie between the best of all others and 1, so that they stand first by their scores too. */
function leading(leads: ReadonlyMap<IndexedFile, Lead>, found: readonly LocatedFile[]): readonly LocatedPlace[] {
  const floor = found.find(({ file }) => !leads.has(file))?.score ?? 0;
  return [...leads].map(([file, { frames, reasons, chunks }], rank) => {
    const known = found.find((one) => one.file === file);
    return {
      file,
      frames,
      score: 1 - ((1 - floor) * rank) / leads.size,
      evidence: 1,
      reasons: [...new Set([...reasons, ...(known?.reasons ?? [])])].slice(0, MOST_REASONS),
      chunks: [...new Map([...chunks, ...(known?.chunks ?? [])].map((chunk) => [chunk.row, chunk])).values()],
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
