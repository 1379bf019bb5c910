import { addRow, emptyRowSet, type RowSet } from "../../contract/rowSet.ts";
import type { CodeIndex, IndexedChunk, IndexedFile, PlacedChunk } from "./codeIndex.ts";
import { readQuestion } from "./codeQuestion.ts";
import { type FileRole, shareOfRole } from "./fileRole.ts";

export interface ChunkSearch {
  readonly mode: "hybrid" | "text" | "semantic";
  readonly limit: number;
  readonly accepts?: (file: IndexedFile) => boolean;
}

export interface FoundChunk extends PlacedChunk {
  /** 0..1 */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Chunks by text and by meaning that are looked at. */
const MOST_CANDIDATES = 200;
/** What a chunk gains, of all that it lacks, where the question names its symbol. */
const NAME_SHARE = 0.25;
/** Cosine from which on it is a reason. */
const NEAR_IN_MEANING = 0.2;

/** Chunks that answer a question, best first. By text alone where nothing is compared by meaning. */
export function searchChunks(index: CodeIndex, question: string, search: ChunkSearch): readonly FoundChunk[] {
  const { words, names } = readQuestion(question);
  const rows = search.accepts === undefined ? undefined : acceptedRows(index, search.accepts);
  const options = { limit: MOST_CANDIDATES, ...(rows === undefined ? {} : { rows }) };
  const text = search.mode === "semantic" ? undefined : index.text.search(words, options);
  const vector = search.mode === "text" ? undefined : index.questionVector(words);
  const near = vector === undefined ? [] : (index.vectors?.search(vector, options) ?? []);
  const parts = text === undefined || vector === undefined ? 1 : 2;
  const shares = new Map<FileRole, number>();
  const shareOf = (role: FileRole): number => {
    const known = shares.get(role) ?? shareOfRole(role, question);
    shares.set(role, known);
    return known;
  };
  const byRow = new Map<number, Candidate>();
  const candidateAt = (row: number): Candidate | undefined => {
    const known = byRow.get(row);
    const file = known === undefined ? index.fileOfRow(row) : undefined;
    if (file === undefined) return known;
    const candidate = { row, file, share: shareOf(file.role), byText: 0, byMeaning: 0, evidence: 0, score: 0 };
    byRow.set(row, candidate);
    return candidate;
  };
  const most = Math.max(text?.ceiling ?? 0, Number.MIN_VALUE);
  for (const { row, score } of text?.hits ?? []) {
    const candidate = candidateAt(row);
    if (candidate !== undefined) candidate.byText = score / most;
  }
  const lacking = new Set(byRow.keys());
  for (const { row, similarity } of near) {
    lacking.delete(row);
    const candidate = candidateAt(row);
    if (candidate !== undefined) candidate.byMeaning = Math.max(0, similarity);
  }
  if (vector !== undefined)
    for (const hit of index.vectors?.similarities(vector, [...lacking]) ?? []) {
      const candidate = hit === undefined ? undefined : byRow.get(hit.row);
      if (candidate !== undefined) candidate.byMeaning = Math.max(0, hit?.similarity ?? 0);
    }
  const candidates = [...byRow.values()];
  for (const candidate of candidates) {
    candidate.evidence = (candidate.byText + candidate.byMeaning) / parts;
    candidate.score = candidate.evidence * candidate.share;
  }
  return bestOf(index, candidates, names, search.limit).map((candidate) => told(candidate));
}

/** A chunk that may be told, with what its file's record need not be unpacked for. */
interface Candidate {
  readonly row: number;
  readonly file: IndexedFile;
  readonly share: number;
  byText: number;
  byMeaning: number;
  evidence: number;
  score: number;
  isNamed?: true;
  /** Where it was read. */
  chunk?: IndexedChunk | undefined;
}

/** The best ones when those that the question names are raised. Only what could be among them then is unpacked to see what its symbol is. */
function bestOf(
  index: CodeIndex,
  candidates: readonly Candidate[],
  names: readonly string[],
  limit: number,
): readonly Candidate[] {
  const byScore = (a: Candidate, b: Candidate): number =>
    a.score === b.score ? a.row - b.row : b.score > a.score ? 1 : -1;
  const spokenFor = candidates.filter(isSpokenFor).sort(byScore);
  if (names.length === 0) return spokenFor.slice(0, limit);
  const least = spokenFor[limit - 1]?.score ?? 0;
  const mayBeNamed = index.naming(names);
  const byFile = new Map<IndexedFile, Candidate[]>();
  for (const candidate of candidates) {
    const { file } = candidate;
    if (raisedScore(candidate) < least || !(byFile.has(file) || mayBeNamed(file))) continue;
    const beside = byFile.get(file);
    if (beside === undefined) byFile.set(file, [candidate]);
    else beside.push(candidate);
  }
  const named = new Set<Candidate>();
  for (const [file, those] of byFile)
    for (const [at, chunk] of file.chunksAt(those.map(({ row }) => row)).entries()) {
      const candidate = those[at];
      if (candidate === undefined) continue;
      candidate.chunk = chunk;
      if (isNamed(chunk, names)) named.add(candidate);
    }
  for (const candidate of named) {
    candidate.isNamed = true;
    candidate.score = raisedScore(candidate);
  }
  return candidates
    .filter((candidate) => named.has(candidate) || isSpokenFor(candidate))
    .sort(byScore)
    .slice(0, limit);
}

const raisedScore = ({ evidence, share }: Candidate): number => (evidence + NAME_SHARE * (1 - evidence)) * share;
const isSpokenFor = ({ byText, byMeaning, share }: Candidate): boolean =>
  byText > 0 || byMeaning > NEAR_IN_MEANING || share < 1;

function isNamed(chunk: IndexedChunk | undefined, names: readonly string[]): boolean {
  const parts = chunk?.symbol?.split(".") ?? [];
  return names.some((name) => parts.includes(name));
}

function told({ row, file, byText, byMeaning, share, score, ...known }: Candidate): FoundChunk {
  const chunk = known.chunk ?? file.chunksAt([row])[0] ?? { row, startLine: 1, endLine: 1 };
  const reasons = [
    ...(known.isNamed === true ? [`defines ${chunk.symbol}`] : []),
    ...(byText > 0 ? [`holds ${Math.round(100 * byText)} % of what the words are worth`] : []),
    ...(byMeaning > NEAR_IN_MEANING ? [`near in meaning (${byMeaning.toFixed(2)})`] : []),
    ...(share < 1 ? [`comes down as a ${file.role} file`] : []),
  ];
  return { file, chunk, score, reasons };
}

function acceptedRows(index: CodeIndex, accepts: (file: IndexedFile) => boolean): RowSet {
  const accepted: IndexedFile[] = [];
  let end = 1;
  for (const file of index.files()) {
    if (!accepts(file)) continue;
    accepted.push(file);
    end = Math.max(end, file.firstRow + file.rows);
  }
  const rows = emptyRowSet(end);
  for (const { firstRow, rows: count } of accepted)
    for (let row = firstRow; row < firstRow + count; row++) addRow(rows, row);
  return rows;
}
