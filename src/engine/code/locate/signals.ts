import { shortCommit } from "../../../contract/shortCommit.ts";
import type { CodeIndex, IndexedChunk, IndexedFile } from "../codeIndex.ts";
import type { CodeQuestion } from "../codeQuestion.ts";
import type { CodeHistory } from "../history/codeHistory.ts";
import type { SymbolGraph } from "../graph/symbolGraph.ts";
import type { ImportGraph } from "../importGraph.ts";
import { pointedFiles, type PointingMemory } from "./pointers.ts";
import { trailsIn } from "./trails.ts";

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

export interface FileScores {
  readonly scores: ReadonlyMap<IndexedFile, number>;
  /** The most that any file has, at least 0. */
  readonly most: number;
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

/** Every signal that needs only the question. */
export function readSignals(
  question: CodeQuestion,
  sources: CodeSources,
  without: ReadonlySet<string>,
): Map<LocateSignal, FileScores> {
  const { index, history } = sources;
  const found = new Map<LocateSignal, FileScores>();
  const take = (signal: LocateSignal, read: () => Omit<FileScores, "most">): void => {
    if (!without.has(signal)) found.set(signal, withMost(read()));
  };
  const text = index.text.search(question.words, { limit: MOST_CHUNKS });
  const chunks = chunksByFile(index, text.hits);
  take("passage", () => ({
    scores: mapped(chunks, (hits) => hits[0]?.score ?? 0),
    chunksOf: (file) => (chunks.get(file) ?? []).flatMap(({ row }) => file.chunks[row - file.firstRow] ?? []),
    reasons: (file) => chunkReason(file.chunks[(chunks.get(file)?.[0]?.row ?? 0) - file.firstRow]),
    ceiling: text.ceiling,
  }));
  take("passages", () => ({
    scores: mapped(chunks, (hits) =>
      hits.slice(0, COUNTED_CHUNKS).reduce((sum, { score }, at) => sum + score / (at + 1), 0),
    ),
  }));
  take("path", () => ({
    scores: filesOf(index, index.paths, question.words),
    reasons: () => "its path has words of the question",
  }));
  take("meaning", () => ({ scores: nearest(index, question.words), reasons: () => "is near in meaning" }));
  const changed = history.changedBy(question.words);
  const ofPaths = (
    worth: (found: { readonly sum: number; readonly most: number }) => number,
  ): Map<IndexedFile, number> => {
    const scores = new Map<IndexedFile, number>();
    for (const [path, one] of changed) {
      const file = index.fileAt(path);
      if (file !== undefined) scores.set(file, worth(one));
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
    scores: mapped(pointed, ({ score }) => score),
    reasons: (file) => {
      const by = pointed.get(file)?.by;
      return by === undefined ? undefined : `remembered in ${by.title === undefined ? "" : `"${by.title}" `}(${by.id})`;
    },
  }));
  // Of themselves these say nothing of the question: they count for what something else speaks for.
  const candidates = new Set<IndexedFile>();
  for (const { scores } of found.values()) for (const file of scores.keys()) candidates.add(file);
  const trailOf = trailsIn(index, history);
  take("recency", () => ({ scores: mapOf(candidates, (file) => trailOf(file).recency) }));
  take("frequency", () => ({
    scores: mapOf(candidates, (file) => trailOf(file).frequency),
    reasons: () => "changes often",
  }));
  take("definition", () => ({
    scores: new Map(question.names.flatMap((name) => index.definersOf(name).map((file) => [file, 1] as const))),
    reasons: (file) => {
      const name = question.names.find((one) => index.definersOf(one).includes(file));
      return name === undefined ? undefined : `defines ${name}`;
    },
  }));
  take("quoted", () => ({
    scores: quotedFiles(index, question.paths),
    reasons: ({ path }) => `the question names ${path}`,
  }));
  return found;
}

/** What the best files say of others; `known` are those that something speaks for already. */
export function spread(
  seeds: readonly (readonly [IndexedFile, number])[],
  known: ReadonlyMap<IndexedFile, unknown>,
  { index, history, graph }: CodeSources,
  without: ReadonlySet<string>,
): Map<LocateSignal, FileScores> {
  const together = new Map<IndexedFile, { score: number; readonly seed: IndexedFile }>();
  const imports = new Map<IndexedFile, { score: number; readonly seed: IndexedFile }>();
  const lend = (to: typeof together, file: IndexedFile, score: number, seed: IndexedFile): void => {
    if (score > (to.get(file)?.score ?? 0)) to.set(file, { score, seed });
  };
  const narrowed = (files: readonly IndexedFile[]): readonly IndexedFile[] =>
    files.length <= MANY_IMPORTERS ? files : files.filter((file) => known.has(file)).slice(0, MANY_IMPORTERS);
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
    found.set(
      "together",
      withMost({
        scores: mapped(together, ({ score }) => score),
        reasons: (file) => `changes together with ${together.get(file)?.seed.path}`,
      }),
    );
  if (!without.has("imports"))
    found.set(
      "imports",
      withMost({
        scores: mapped(imports, ({ score }) => score),
        reasons: (file) => {
          const seed = imports.get(file)?.seed;
          if (seed === undefined) return undefined;
          return graph.importsOf(seed).includes(file) ? `is imported by ${seed.path}` : `imports ${seed.path}`;
        },
      }),
    );
  return found;
}

function withMost(found: Omit<FileScores, "most">): FileScores {
  let most = 0;
  for (const score of found.scores.values()) most = Math.max(most, score);
  return { ...found, most };
}

interface ChunkScore {
  readonly row: number;
  readonly score: number;
}

function chunksByFile(index: CodeIndex, hits: readonly ChunkScore[]): Map<IndexedFile, ChunkScore[]> {
  const byFile = new Map<IndexedFile, ChunkScore[]>();
  for (const { row, score } of hits) {
    const file = index.fileOfRow(row);
    if (file === undefined) continue;
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [{ row, score }]);
    else known.push({ row, score });
  }
  return byFile;
}

function chunkReason(chunk: IndexedChunk | undefined): string | undefined {
  if (chunk === undefined) return undefined;
  const { startLine, endLine, symbol } = chunk;
  return `holds words of the question in ${symbol === undefined ? "" : `${symbol}, `}lines ${startLine} to ${endLine}`;
}

function filesOf(index: CodeIndex, over: CodeIndex["paths"], words: string): Map<IndexedFile, number> {
  const scores = new Map<IndexedFile, number>();
  for (const { row, score } of over.search(words, { limit: MOST_FILES }).hits) {
    const file = index.file(row);
    if (file !== undefined) scores.set(file, score);
  }
  return scores;
}

function nearest(index: CodeIndex, words: string): Map<IndexedFile, number> {
  const vector = index.vectors === undefined ? undefined : index.questionVector(words);
  if (vector === undefined) return new Map();
  const hits = index.vectors?.search(vector, { limit: MOST_CHUNKS }) ?? [];
  const scores = new Map<IndexedFile, number>();
  for (const { row, similarity } of hits) {
    const file = index.fileOfRow(row);
    // The nearest chunk of a file comes first.
    if (file !== undefined && !scores.has(file)) scores.set(file, Math.max(0, similarity));
  }
  return scores;
}

function quotedFiles(index: CodeIndex, paths: readonly string[]): Map<IndexedFile, number> {
  const found = new Map<IndexedFile, number>();
  if (paths.length === 0) return found;
  for (const file of index.files())
    if (paths.some((path) => file.path === path || file.path.endsWith(`/${path}`))) found.set(file, 1);
  return found;
}

function mapped<Value>(
  from: ReadonlyMap<IndexedFile, Value>,
  worth: (value: Value) => number,
): Map<IndexedFile, number> {
  const scores = new Map<IndexedFile, number>();
  for (const [file, value] of from) scores.set(file, worth(value));
  return scores;
}

function mapOf(files: Iterable<IndexedFile>, worth: (file: IndexedFile) => number): Map<IndexedFile, number> {
  const scores = new Map<IndexedFile, number>();
  for (const file of files) scores.set(file, worth(file));
  return scores;
}
