import type { Memory } from "../../contract/memory.ts";
import type { Projection, TextHit } from "../seams.ts";
import type { Candidates } from "./candidates.ts";
import type { Deadline } from "./deadline.ts";
import { type NamedCode, namedAnchor } from "./namedAnchors.ts";
import { combineScore, scoreBound } from "./score.ts";

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
  /** The anchor of it that the query names. */
  readonly namedAnchor?: string;
}

export interface RankRequest {
  readonly store: number;
  readonly projection: Projection;
  readonly candidates: Candidates;
  readonly named: NamedCode | undefined;
  /** Milliseconds since the epoch from which ages count: that of the first page. */
  readonly now: number;
  readonly deadline: Deadline;
}

/**
 * Rows by score, best first, scores never rising. A row waits until no candidate that is still to come can score more, or until 128 wait;
 * what is then overtaken takes the score of the row before it. So the order does not depend on how many rows are taken at a time.
 */
export function* rankStore(request: RankRequest): Generator<Ranked> {
  const { candidates, named, deadline } = request;
  const waiting: Ranked[] = [];
  let ceilingScore = 1;
  for (let next = 0; ; next++) {
    const hit = candidates.at(next);
    const bound = hit === undefined ? -1 : scoreBound(hit.score, candidates.ceiling, named !== undefined);
    for (let best = waiting.at(-1); best !== undefined; best = waiting.at(-1)) {
      if (best.key < bound && waiting.length < LOOKAHEAD) break;
      waiting.pop();
      ceilingScore = Math.min(ceilingScore, best.score);
      yield best.score === ceilingScore ? best : { ...best, key: ceilingScore, score: ceilingScore };
    }
    if (hit === undefined) return;
    if (next % 64 === 63) deadline.check();
    const scored = scoreHit(hit, request);
    if (scored !== undefined) insert(waiting, scored);
  }
}

function scoreHit(hit: TextHit, request: RankRequest): Ranked | undefined {
  const memory = request.projection.memory(hit.row);
  if (memory === undefined) return undefined;
  const anchor = request.named === undefined ? undefined : namedAnchor(request.named, memory.anchors);
  const age = request.now - memory.timestamp;
  const score = combineScore(hit.score, request.candidates.ceiling, anchor !== undefined, age);
  return {
    store: request.store,
    row: hit.row,
    key: score,
    memory,
    score,
    ...(memory.parts.length > 1 ? { part: hit.part } : {}),
    ...(anchor === undefined
      ? {}
      : { namedAnchor: anchor.symbol === undefined ? anchor.path : `${anchor.path}#${anchor.symbol}` }),
  };
}

/** Keeps `waiting` ascending by score, then by row: the best is last, and of equals the newest. */
function insert(waiting: Ranked[], entry: Ranked): void {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiting[middle];
    if (other !== undefined && (other.score < entry.score || (other.score === entry.score && other.row < entry.row))) {
      low = middle + 1;
    } else high = middle;
  }
  waiting.splice(low, 0, entry);
}
