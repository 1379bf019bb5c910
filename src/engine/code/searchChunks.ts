import { addRow, emptyRowSet, type RowSet } from "../../contract/rowSet.ts";
import type { CodeIndex, IndexedFile, PlacedChunk } from "./codeIndex.ts";
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
  const texts = new Map(text?.hits.map(({ row, score }) => [row, score / Math.max(text.ceiling, Number.MIN_VALUE)]));
  const similarities = new Map(near.map(({ row, similarity }) => [row, Math.max(0, similarity)]));
  const lacking = [...texts.keys()].filter((row) => !similarities.has(row));
  if (vector !== undefined)
    for (const [at, hit] of (index.vectors?.similarities(vector, lacking) ?? []).entries())
      similarities.set(lacking[at] ?? -1, Math.max(0, hit?.similarity ?? 0));
  const parts = text === undefined || vector === undefined ? 1 : 2;
  const shares = new Map<FileRole, number>();
  const shareOf = (role: FileRole): number => {
    const known = shares.get(role) ?? shareOfRole(role, question);
    shares.set(role, known);
    return known;
  };
  const candidates: Candidate[] = [];
  for (const row of new Set([...texts.keys(), ...similarities.keys()])) {
    const file = index.fileOfRow(row);
    if (file === undefined) continue;
    const [byText = 0, byMeaning = 0] = [texts.get(row), similarities.get(row)];
    const [evidence, share] = [(byText + byMeaning) / parts, shareOf(file.role)];
    candidates.push({ row, file, byText, byMeaning, evidence, share, score: evidence * share });
  }
  return bestOf(index, candidates, names, search.limit).map((candidate) => told(candidate));
}

/** A chunk that may be told, with what its file's record need not be unpacked for. */
interface Candidate {
  readonly row: number;
  readonly file: IndexedFile;
  readonly byText: number;
  readonly byMeaning: number;
  readonly evidence: number;
  readonly share: number;
  readonly score: number;
  readonly isNamed?: true;
}

/** The best ones when those that the question names are raised. Only what could be among them then is unpacked to see what its symbol is. */
function bestOf(
  index: CodeIndex,
  candidates: readonly Candidate[],
  names: readonly string[],
  limit: number,
): readonly Candidate[] {
  const byScore = (a: Candidate, b: Candidate): number => b.score - a.score || a.row - b.row;
  const spokenFor = candidates.filter(isSpokenFor).sort(byScore);
  if (names.length === 0) return spokenFor.slice(0, limit);
  const least = spokenFor[limit - 1]?.score ?? 0;
  const mayBeNamed = index.naming(names);
  const raised = candidates.flatMap((candidate): readonly Candidate[] => {
    const score = raisedScore(candidate);
    if (score >= least && mayBeNamed(candidate.file) && isNamed(candidate, names))
      return [{ ...candidate, score, isNamed: true }];
    return isSpokenFor(candidate) ? [candidate] : [];
  });
  return raised.sort(byScore).slice(0, limit);
}

const raisedScore = ({ evidence, share }: Candidate): number => (evidence + NAME_SHARE * (1 - evidence)) * share;
const isSpokenFor = ({ byText, byMeaning, share }: Candidate): boolean =>
  byText > 0 || byMeaning > NEAR_IN_MEANING || share < 1;

function isNamed({ file, row }: Candidate, names: readonly string[]): boolean {
  const parts = file.chunks[row - file.firstRow]?.symbol?.split(".") ?? [];
  return names.some((name) => parts.includes(name));
}

function told({ row, file, byText, byMeaning, share, score, isNamed: named }: Candidate): FoundChunk {
  const chunk = file.chunks[row - file.firstRow] ?? { row, startLine: 1, endLine: 1 };
  const reasons = [
    ...(named === true ? [`defines ${chunk.symbol}`] : []),
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
