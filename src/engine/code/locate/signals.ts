import { shortCommit } from "../../../contract/shortCommit.ts";
import type { CodeIndex, IndexedChunk, IndexedFile } from "../codeIndex.ts";
import type { CodeQuestion } from "../codeQuestion.ts";
import type { CodeHistory } from "../history/codeHistory.ts";
import type { SymbolGraph } from "../graph/symbolGraph.ts";
import type { ImportGraph } from "../importGraph.ts";
import { type Candidates, Scores } from "./candidates.ts";
import { pointedFiles, type PointingMemory } from "./pointers.ts";
import { trailsOf } from "./trails.ts";

/** What can speak for a file. */
export type LocateSignal =
  /** BM25 of its best chunk, and of its best ones together. */
  | "passage"
  | "passages"
  /** BM25 of its path. */
  | "path"
  /** Closeness in meaning of its best chunk. */
  | "meaning"
  /** What commits with such words changed: all of them together, and the one that fits best. */
  | "messages"
  | "message"
  | "recency"
  | "frequency"
  /** It defines a name that the question writes as code. */
  | "definition"
  /** The question writes its path. */
  | "quoted"
  /** Memories that answer the question speak of it. */
  | "memories"
  /** The best files change together with it. */
  | "together"
  /** The best files import it, or it imports them. */
  | "imports";

/** What a signal says of files. */
export interface FileScores {
  readonly scores: Scores;
  readonly reasons?: (file: IndexedFile) => string | undefined;
  /** Chunks behind the score, best first. */
  readonly chunksOf?: (file: IndexedFile) => readonly IndexedChunk[];
  /** What a file would have that holds everything that is asked for, where that can be said. */
  readonly ceiling?: number;
}

/** Everything a question is answered from. */
export interface CodeSources {
  readonly index: CodeIndex;
  readonly history: CodeHistory;
  readonly graph: ImportGraph;
  readonly symbols: SymbolGraph;
  /** Those that answer the question; none where nothing is remembered. */
  readonly memories?: readonly PointingMemory[];
}

const MOST_CHUNKS = 600;
const MOST_FILES = 400;
/** Of the chunks of a file the n-th best counts one n-th, so many at the most. */
const COUNTED_CHUNKS = 8;
/** What imports a file has less to do with a question about it than what it imports. */
const IMPORTER_SHARE = 0.75;

/** Where more files than these may import one, that says little of each: of them only those count that something else speaks for. */
const MANY_IMPORTERS = 100;

/** Every signal that needs only the question. What it speaks for is taken into `candidates`. */
export function readSignals(
  question: CodeQuestion,
  sources: CodeSources,
  candidates: Candidates,
  without: ReadonlySet<string>,
): Map<LocateSignal, FileScores> {
  const { index, history } = sources;
  const found = new Map<LocateSignal, FileScores>();
  const take = (signal: LocateSignal, read: () => FileScores): void => {
    if (!without.has(signal)) found.set(signal, read());
  };
  const text = index.text.search(question.words, { limit: MOST_CHUNKS });
  let ofChunks: ChunkScores | undefined;
  const hitsOf = (file: IndexedFile): readonly ChunkScore[] => text.hits.filter(({ row }) => isIn(file, row));
  take("passage", () => ({
    scores: (ofChunks ??= scoreChunks(index, text.hits, candidates)).best,
    chunksOf: (file) => file.chunksAt(hitsOf(file).map(({ row }) => row)).flatMap((chunk) => chunk ?? []),
    reasons: (file) => chunkReason(file.chunksAt([hitsOf(file)[0]?.row ?? 0])[0]),
    ceiling: text.ceiling,
  }));
  take("passages", () => ({ scores: (ofChunks ??= scoreChunks(index, text.hits, candidates)).together }));
  take("path", () => ({
    scores: likePaths(index, question.words, candidates),
    reasons: () => "its path has words of the question",
  }));
  take("meaning", () => ({
    scores: nearest(index, question.words, candidates),
    reasons: () => "is near in meaning",
  }));
  const changed = history.changedBy(question.words);
  const ofPaths = (worth: (found: { readonly sum: number; readonly most: number }) => number): Scores => {
    const scores = new Scores();
    for (const [path, one] of changed) {
      const file = index.fileAt(path);
      if (file !== undefined) scores.add(candidates.take(file), worth(one));
    }
    return scores;
  };
  take("messages", () => ({ scores: ofPaths(({ sum }) => sum) }));
  take("message", () => ({
    scores: ofPaths(({ most }) => most),
    reasons: ({ path }) => {
      const commit = changed.get(path)?.commit;
      return commit === undefined ? undefined : `changed by ${shortCommit(commit.id)} "${commit.subject}"`;
    },
  }));
  const pointed = pointedFiles(index, sources.memories ?? []);
  take("memories", () => ({
    scores: scored(pointed, candidates),
    reasons: (file) => {
      const by = pointed.get(file)?.by;
      return by === undefined ? undefined : `remembered in ${by.title === undefined ? "" : `"${by.title}" `}(${by.id})`;
    },
  }));
  // Of themselves these say nothing of the question: they count for what something else speaks for.
  const trails = without.has("recency") && without.has("frequency") ? [] : trailsOf(candidates.files, index, history);
  take("recency", () => ({ scores: new Scores(trails.map(({ recency }) => recency)) }));
  take("frequency", () => ({
    scores: new Scores(trails.map(({ frequency }) => frequency)),
    reasons: () => "changes often",
  }));
  take("definition", () => ({
    scores: alike(new Set(question.names.flatMap((name) => index.definersOf(name))), candidates),
    reasons: (file) => {
      const name = question.names.find((one) => index.definersOf(one).includes(file));
      return name === undefined ? undefined : `defines ${name}`;
    },
  }));
  take("quoted", () => ({
    scores: alike(quotedFiles(index, question.paths), candidates),
    reasons: ({ path }) => `the question names ${path}`,
  }));
  return found;
}

/** What the best files say of others; of many that import one only those are looked at that something speaks for. What they speak for is a candidate then. */
export function spread(
  seeds: readonly (readonly [IndexedFile, number])[],
  candidates: Candidates,
  isSpokenFor: (file: IndexedFile) => boolean,
  { index, history, graph }: CodeSources,
  without: ReadonlySet<string>,
): Map<LocateSignal, FileScores> {
  const together = new Map<IndexedFile, { score: number; readonly seed: IndexedFile }>();
  const imports = new Map<IndexedFile, { score: number; readonly seed: IndexedFile }>();
  const lend = (to: typeof together, file: IndexedFile, score: number, seed: IndexedFile): void => {
    if (score > (to.get(file)?.score ?? 0)) to.set(file, { score, seed });
  };
  const narrowed = (files: readonly IndexedFile[]): readonly IndexedFile[] =>
    files.length <= MANY_IMPORTERS ? files : files.filter(isSpokenFor).slice(0, MANY_IMPORTERS);
  for (const [seed, score] of seeds) {
    for (const [path, share] of history.changedWith(seed.path)) {
      const file = index.fileAt(path);
      if (file !== undefined) lend(together, file, score * share, seed);
    }
    for (const file of graph.importsOf(seed)) lend(imports, file, score, seed);
    for (const file of graph.importersOf(seed, narrowed)) lend(imports, file, score * IMPORTER_SHARE, seed);
  }
  const found = new Map<LocateSignal, FileScores>();
  if (!without.has("together"))
    found.set("together", {
      scores: scored(together, candidates),
      reasons: (file) => `changes together with ${together.get(file)?.seed.path}`,
    });
  if (!without.has("imports"))
    found.set("imports", {
      scores: scored(imports, candidates),
      reasons: (file) => {
        const seed = imports.get(file)?.seed;
        if (seed === undefined) return undefined;
        return graph.importsOf(seed).includes(file) ? `is imported by ${seed.path}` : `imports ${seed.path}`;
      },
    });
  return found;
}

interface ChunkScore {
  readonly row: number;
  readonly score: number;
}

const isIn = ({ firstRow, rows }: IndexedFile, row: number): boolean => row >= firstRow && row < firstRow + rows;

interface ChunkScores {
  /** Of each file that of its best chunk. */
  readonly best: Scores;
  /** Of each file those of its best chunks. */
  readonly together: Scores;
}

/** `hits` are best first. */
function scoreChunks(index: CodeIndex, hits: readonly ChunkScore[], candidates: Candidates): ChunkScores {
  const best = new Scores();
  /** By the number of a candidate, where it stands in `best`. */
  const order = new Map<number, number>();
  const [counts, sums]: [number[], number[]] = [[], []];
  for (const { row, score } of hits) {
    const file = index.fileOfRow(row);
    if (file === undefined) continue;
    const place = candidates.take(file);
    const at = order.get(place);
    if (at === undefined) {
      order.set(place, counts.push(1) - 1);
      sums.push(score);
      best.add(place, score);
      continue;
    }
    const count = (counts[at] ?? 0) + 1;
    counts[at] = count;
    if (count <= COUNTED_CHUNKS) sums[at] = (sums[at] ?? 0) + score / count;
  }
  const together = new Scores();
  for (let at = 0; at < sums.length; at++) together.add(best.places[at] ?? 0, sums[at] ?? 0);
  return { best, together };
}

function chunkReason(chunk: IndexedChunk | undefined): string | undefined {
  if (chunk === undefined) return undefined;
  const { startLine, endLine, symbol } = chunk;
  return `holds words of the question in ${symbol === undefined ? "" : `${symbol}, `}lines ${startLine} to ${endLine}`;
}

function likePaths(index: CodeIndex, words: string, candidates: Candidates): Scores {
  const scores = new Scores();
  for (const { row, score } of index.paths.search(words, { limit: MOST_FILES }).hits) {
    const file = index.file(row);
    if (file !== undefined) scores.add(candidates.take(file), score);
  }
  return scores;
}

function nearest(index: CodeIndex, words: string, candidates: Candidates): Scores {
  const vector = index.vectors === undefined ? undefined : index.questionVector(words);
  const hits = vector === undefined ? [] : (index.vectors?.search(vector, { limit: MOST_CHUNKS }) ?? []);
  const scores = new Scores();
  const known = new Set<number>();
  for (const { row, similarity } of hits) {
    const file = index.fileOfRow(row);
    if (file === undefined) continue;
    const place = candidates.take(file);
    // The nearest chunk of a file comes first.
    if (known.has(place)) continue;
    known.add(place);
    scores.add(place, Math.max(0, similarity));
  }
  return scores;
}

function quotedFiles(index: CodeIndex, paths: readonly string[]): ReadonlySet<IndexedFile> {
  const found = new Set<IndexedFile>();
  if (paths.length === 0) return found;
  const ends = paths.map((path) => `/${path}`);
  const isQuoted = ({ path }: IndexedFile): boolean => {
    // No function for each of them: there may be very many.
    for (const end of ends) if (path.endsWith(end)) return true;
    return paths.includes(path);
  };
  for (const file of index.files()) if (isQuoted(file)) found.add(file);
  return found;
}

function scored(found: ReadonlyMap<IndexedFile, { readonly score: number }>, candidates: Candidates): Scores {
  const scores = new Scores();
  for (const [file, { score }] of found) scores.add(candidates.take(file), score);
  return scores;
}

/** Each of them counts the same. */
function alike(files: Iterable<IndexedFile>, candidates: Candidates): Scores {
  const scores = new Scores();
  for (const file of files) scores.add(candidates.take(file), 1);
  return scores;
}
