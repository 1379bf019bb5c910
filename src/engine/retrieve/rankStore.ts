import type { Evidence, Qualities } from "../../contract/ranking.ts";
import type { Anchor, Memory } from "../../contract/memory.ts";
import type { PassageVector, Projection, TextHit, VectorIndex } from "../seams.ts";
import type { Candidates } from "./candidates.ts";
import type { Deadline } from "./deadline.ts";
import { weigh } from "./evidence.ts";
import type { GatheredEvidence, Weighed } from "./gatherEvidence.ts";
import type { QualityReader } from "./qualities.ts";
import { combineScore, scoreBound, shareOf } from "./score.ts";
import type { Weights } from "./weights.ts";

/** A row may overtake at most so many that have a better BM25. */
const LOOKAHEAD = 128;

/** One row on its way to a page. */
export interface Ranked {
  /** Place of its store in the list of stores. */
  readonly store: number;
  readonly row: number;
  /** What the order is by, highest first: the score, or the timestamp in a listing. */
  readonly key: number;
  readonly memory: Memory;
  readonly score: number;
  readonly part?: number;
  /** Of its best passage; absent where there are no vectors. */
  readonly vector?: () => PassageVector | undefined;
  /** The anchor of it that the query names. */
  readonly namedAnchor?: string;
  /** Number of the file at which other memories speak for it. */
  readonly file?: number;
  /** What speaks for it; absent in a listing. */
  readonly evidence?: Evidence;
  readonly qualities?: Qualities;
}

export interface RankRequest {
  readonly store: number;
  readonly projection: Projection;
  readonly candidates: Candidates;
  /** The best rows, weighed with all that speaks for them. */
  readonly gathered: GatheredEvidence;
  readonly vectors: VectorIndex | undefined;
  readonly qualities: QualityReader;
  readonly weights: Weights;
  readonly deadline: Deadline;
}

/**
 * Rows by score, best first, scores never rising: those that were weighed, then the other candidates by their text alone. Of the latter a row
 * waits until no candidate that is still to come can score more, or until 128 wait; what is then overtaken takes the score of the row before
 * it. So the order does not depend on how many rows are taken at a time.
 */
export function* rankStore(request: RankRequest): Generator<Ranked> {
  const { candidates, gathered, qualities, weights, deadline } = request;
  const first: Waiting[] = [];
  for (const weighed of gathered.weighed) insert(first, waitingOf(weighed, request));
  let ceilingScore = 1;
  for (let best = first.pop(); best !== undefined; best = first.pop()) {
    ceilingScore = best.score;
    const ranked = rankedOf(best, ceilingScore, request);
    if (ranked !== undefined) yield ranked;
  }
  const known = new Set(gathered.weighed.map(({ row }) => row));
  const waiting: Waiting[] = [];
  for (let next = gathered.textHits; ; next++) {
    const candidate = candidates.at(next);
    const evidence = candidate === undefined ? undefined : textAlone(candidate, request);
    const bound = evidence === undefined ? -1 : scoreBound(weigh(evidence, weights), qualities.best, weights);
    for (let best = waiting.at(-1); best !== undefined; best = waiting.at(-1)) {
      if (best.score < bound && waiting.length < LOOKAHEAD) break;
      waiting.pop();
      ceilingScore = Math.min(ceilingScore, best.score);
      const ranked = rankedOf(best, ceilingScore, request);
      if (ranked !== undefined) yield ranked;
    }
    if (candidate === undefined || evidence === undefined) return;
    if (next % 64 === 63) deadline.check();
    if (!known.has(candidate.row))
      insert(waiting, waitingOf({ row: candidate.row, part: candidate.part, evidence }, request));
  }
}

/** A row that waits; its memory is read when its turn comes. */
interface Waiting {
  readonly weighed: Weighed;
  readonly score: number;
  readonly qualities: Qualities;
  readonly anchor?: Anchor;
}

/** What is known of a candidate that was not weighed. */
function textAlone(candidate: TextHit, { candidates, vectors }: RankRequest): Evidence {
  return { text: shareOf(candidate.score, candidates.ceiling), ...(vectors !== undefined ? { meaning: 0 } : {}) };
}

function waitingOf(weighed: Weighed, request: RankRequest): Waiting {
  const { weights } = request;
  const read = request.qualities.of(weighed.row);
  return { weighed, score: combineScore(weigh(weighed.evidence, weights), read.qualities, weights), ...read };
}

/** Undefined where the memory is gone. */
function rankedOf(
  { weighed: { row, part, evidence, file }, anchor, qualities }: Waiting,
  key: number,
  { store, projection, vectors }: RankRequest,
): Ranked | undefined {
  const memory = projection.memory(row);
  if (memory === undefined) return undefined;
  return {
    ...{ store, row, key, memory, score: key, evidence, qualities },
    ...(memory.parts.length > 1 ? { part } : {}),
    ...(file === undefined ? {} : { file }),
    ...(vectors === undefined ? {} : { vector: () => vectors.vectorOf(row, part) }),
    ...(anchor === undefined ? {} : { namedAnchor: nameOf(anchor) }),
  };
}

const nameOf = ({ path, symbol }: Anchor): string => (symbol === undefined ? path : `${path}#${symbol}`);

/** Keeps `waiting` ascending by score, then by row: the best is last, and of equals the newest. */
function insert(waiting: Waiting[], entry: Waiting): void {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiting[middle];
    const before =
      other !== undefined &&
      (other.score < entry.score || (other.score === entry.score && other.weighed.row < entry.weighed.row));
    if (before) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, entry);
}
