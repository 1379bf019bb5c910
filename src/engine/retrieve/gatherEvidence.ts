import type { Evidence } from "../../contract/ranking.ts";
import { hasRow, type RowSet } from "../../contract/rowSet.ts";
import type { Projection, TextIndex } from "../seams.ts";
import { AnchorEvidence, type Lender } from "./anchorEvidence.ts";
import type { Candidates } from "./candidates.ts";
import type { Condition } from "../../contract/filter.ts";
import type { Deadline } from "./deadline.ts";
import { BESIDE_WEIGHTS, CLOSE, weigh } from "./evidence.ts";
import { shareOf } from "./score.ts";
import type { Signals } from "./signals.ts";
import type { SearchVectors } from "./storePlan.ts";
import type { Weights } from "./weights.ts";

/**
 * So many of the best by text, and as many by meaning, are weighed with all that speaks for them. Measured on conversations and functions:
 * 128 find 0.2 to 0.4 % more and take 0.1 ms longer.
 */
export const WINDOW = 64;
/** So many of the best results lend their words to the query. */
const FEEDBACK_PASSAGES = 6;
/** From this relevance on the best result holds so much of what is asked that nothing is looked for in its words. */
const ANSWERED = 0.5;

export interface EvidenceRequest {
  readonly projection: Projection;
  readonly text: TextIndex;
  readonly vectors?: SearchVectors;
  readonly candidates: Candidates;
  readonly query: string;
  /** Rows that may be found. */
  readonly rows: RowSet;
  /** Visible rows: what a memory may be read in the context of, though a filter keeps it from being found. */
  readonly context: RowSet;
  /** For a later page: rows from here on do not exist. */
  readonly rowBound?: number;
  /** What has to be checked of a row beside being one of `rows`. */
  readonly check?: Condition;
  readonly signals: Signals;
  readonly weights: Weights;
  readonly deadline: Deadline;
}

/** A row with all that speaks for it. */
export interface Weighed {
  readonly row: number;
  readonly part: number;
  readonly evidence: Evidence;
  /** Number of the file at which other memories speak for it. */
  readonly file?: number | undefined;
}

export interface GatheredEvidence {
  readonly weighed: readonly Weighed[];
  /** How many of the candidates by text are among them: the first ones. */
  readonly textHits: number;
  /** Rows found by meaning, and milliseconds. */
  readonly vectorHits: number;
  readonly vectorMs: number;
}

interface Found {
  part: number;
  text: number;
  meaning?: number;
  beside: number;
  expansion?: number;
}

/**
 * Weighs the best rows of each way of finding them: those that hold the words, those that mean the same, and those that stand beside the
 * former in a session. The window is the same however many results are asked for, so that pages agree with one another.
 */
export function gatherEvidence(request: EvidenceRequest): GatheredEvidence {
  const { projection, text, query, context, vectors, signals, deadline } = request;
  const found = new Map<number, Found>();
  const sessions = projection.sessions();
  const shares = signals.context
    ? text.sessionShares(query, sessions, context, request.rowBound)
    : new Map<number, number>();
  const textHits = takeText(request, found);
  deadline.check();
  const started = deadline.now();
  const vectorHits = vectors === undefined ? 0 : takeVectors(request, vectors, found);
  const vectorMs = deadline.now() - started;
  if (shares.size > 0) takeBeside(request, found, textHits);
  const anchors = signals.context ? takeAnchored(request, found) : undefined;
  if (vectors !== undefined) addMeaning(vectors, found);
  const evidenceOf = (row: number, one: Found, lent = anchors?.of(row)): Evidence => {
    const evidence: { -readonly [part in keyof Evidence]: Evidence[part] } = { text: one.text };
    if (vectors !== undefined) evidence.meaning = Math.max(0, one.meaning ?? 0);
    const session = sessions.of[row] ?? 0;
    if (session !== 0 && shares.size > 0 && !standsAlone(projection, row, context)) {
      const share = shares.get(session) ?? 0;
      if (sessions.isDocument(session)) evidence.document = share;
      else evidence.context = { beside: one.beside, session: share };
    }
    if (lent !== undefined) evidence.atAnchor = lent.share;
    if (one.expansion !== undefined) evidence.expansion = one.expansion;
    return evidence;
  };
  if (signals.expansion) {
    takeFeedback(request, found, evidenceOf);
    if (vectors !== undefined) addMeaning(vectors, found);
  }
  const weighed = [...found].map(([row, one]): Weighed => {
    const lent = anchors?.of(row);
    return { row, part: one.part, evidence: evidenceOf(row, one, lent), file: lent?.file };
  });
  return { weighed, textHits, vectorHits, vectorMs };
}

/** What the best results say beside the words of the query finds others that answer it. */
function takeFeedback(
  request: EvidenceRequest,
  found: Map<number, Found>,
  evidenceOf: (row: number, found: Found) => Evidence,
): void {
  const { projection, text, query, rows, rowBound } = request;
  const best = [...found]
    .map(([row, one]) => ({ row, part: one.part, weight: weigh(evidenceOf(row, one), request.weights) }))
    .sort((a, b) => b.weight - a.weight || b.row - a.row)
    .slice(0, FEEDBACK_PASSAGES);
  if ((best[0]?.weight ?? 0) >= ANSWERED) return;
  const passages = best.flatMap(({ row, part, weight }) => {
    const memory = projection.memory(row);
    if (memory === undefined) return [];
    const { start = 0, end = memory.content.length } = memory.parts[part] ?? {};
    return [{ text: `${memory.title ?? ""}\n${memory.content.slice(start, end)}`, weight }];
  });
  const hits = text.feedback(query, passages, { limit: WINDOW, rows, ...(rowBound === undefined ? {} : { rowBound }) });
  const strangers = hits.map(({ row }) => row).filter((row) => !found.has(row));
  const kept = checked(request, strangers);
  for (const { row, part, score } of hits) {
    const known = found.get(row);
    if (known !== undefined) known.expansion = score;
    else if (kept.has(row)) found.set(row, { part, text: 0, beside: 0, expansion: score });
  }
}

function takeText({ candidates }: EvidenceRequest, found: Map<number, Found>): number {
  for (let at = 0; at < WINDOW; at++) {
    const hit = candidates.at(at);
    if (hit === undefined) return at;
    found.set(hit.row, { part: hit.part, text: shareOf(hit.score, candidates.ceiling), beside: 0 });
  }
  return WINDOW;
}

function takeVectors(request: EvidenceRequest, { index, query }: SearchVectors, found: Map<number, Found>): number {
  const hits = index.search(query, { limit: WINDOW, rows: request.rows });
  const kept = checked(
    request,
    hits.map(({ row }) => row),
  );
  let taken = 0;
  for (const { row, part, similarity } of hits) {
    if (!kept.has(row)) continue;
    const known = found.get(row);
    if (known === undefined && similarity < CLOSE) continue;
    taken++;
    if (known !== undefined) known.meaning = similarity;
    else found.set(row, { part, text: 0, meaning: similarity, beside: 0 });
  }
  return taken;
}

/** Memories right beside a match in its session share in its evidence, and are found where they may be. */
function takeBeside(request: EvidenceRequest, found: Map<number, Found>, textHits: number): void {
  const { projection, context, rows } = request;
  const gained = new Map<number, number>();
  for (const [row, { text }] of [...found].slice(0, textHits)) {
    const { before, after } = projection.beside(row, BESIDE_WEIGHTS.length, context);
    for (const side of [before, after])
      for (const [at, neighbour] of side.entries())
        gained.set(neighbour, (gained.get(neighbour) ?? 0) + (BESIDE_WEIGHTS[at] ?? 0) * text);
  }
  const strangers = [...gained.keys()].filter((row) => !found.has(row) && hasRow(rows, row));
  const kept = checked(request, strangers);
  for (const row of strangers) if (kept.has(row)) found.set(row, { part: 0, text: 0, beside: 0 });
  for (const [row, beside] of gained) {
    const known = found.get(row);
    if (known !== undefined) known.beside = beside;
  }
}

/** Memories at the files that matches speak of share in their evidence, and the newest of them are found where they may be. */
function takeAnchored(request: EvidenceRequest, found: Map<number, Found>): AnchorEvidence | undefined {
  const { projection, context, rows, rowBound } = request;
  const matches: Lender[] = [];
  for (const [row, { text }] of found)
    if (text > 0 && projection.isAnchored(row) && hasRow(context, row)) matches.push({ row, text });
  if (matches.length === 0) return undefined;
  const anchors = new AnchorEvidence(projection, matches, rowBound);
  const strangers = anchors.borrowers(rows).filter((row) => !found.has(row) && anchors.of(row) !== undefined);
  const kept = checked(request, strangers);
  for (const row of strangers) if (kept.has(row)) found.set(row, { part: 0, text: 0, beside: 0 });
  return anchors;
}

/** The meaning of rows that were found otherwise. */
function addMeaning({ index, query }: SearchVectors, found: Map<number, Found>): void {
  const rows = [...found].filter(([, { meaning }]) => meaning === undefined).map(([row]) => row);
  for (const hit of index.similarities(query, rows)) {
    const known = hit === undefined ? undefined : found.get(hit.row);
    if (hit === undefined || known === undefined) continue;
    known.meaning = hit.similarity;
    // What holds no word of the query is shown by the passage that means most of it.
    if (known.text === 0) known.part = hit.part;
  }
}

function checked({ check, projection }: EvidenceRequest, rows: readonly number[]): ReadonlySet<number> {
  return new Set(check === undefined || rows.length === 0 ? rows : projection.keepWhere(check, rows));
}

function standsAlone(projection: Projection, row: number, context: RowSet): boolean {
  const { before, after } = projection.beside(row, 1, context);
  return before.length + after.length === 0;
}
