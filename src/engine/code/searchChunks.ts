import { addRow, emptyRowSet, type RowSet } from "../../contract/rowSet.ts";
import type { CodeIndex, IndexedFile, PlacedChunk } from "./codeIndex.ts";
import { readQuestion } from "./codeQuestion.ts";
import { shareOfRole } from "./fileRole.ts";

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
  const found: FoundChunk[] = [];
  for (const row of new Set([...texts.keys(), ...similarities.keys()])) {
    const at = index.chunkAt(row);
    if (at === undefined) continue;
    const [byText = 0, byMeaning = 0] = [texts.get(row), similarities.get(row)];
    const parts = text === undefined || vector === undefined ? 1 : 2;
    const named = at.chunk.symbol !== undefined && names.some((name) => at.chunk.symbol?.split(".").includes(name));
    const evidence = (byText + byMeaning) / parts;
    const share = shareOfRole(at.file.role, question);
    const score = (evidence + (named ? NAME_SHARE * (1 - evidence) : 0)) * share;
    const reasons = [
      ...(named ? [`defines ${at.chunk.symbol}`] : []),
      ...(byText > 0 ? [`holds ${Math.round(100 * byText)} % of what the words are worth`] : []),
      ...(byMeaning > 0.2 ? [`near in meaning (${byMeaning.toFixed(2)})`] : []),
      ...(share < 1 ? [`comes down as a ${at.file.role} file`] : []),
    ];
    if (reasons.length > 0) found.push({ ...at, score, reasons });
  }
  return found.sort((a, b) => b.score - a.score || a.chunk.row - b.chunk.row).slice(0, search.limit);
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
