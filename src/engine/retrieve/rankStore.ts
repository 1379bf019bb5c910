import type { Anchor, Memory } from "../../contract/memory.ts";
import type { Projection } from "../seams.ts";
import type { Candidate, Candidates } from "./candidates.ts";
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
  const waiting: Waiting[] = [];
  let ceilingScore = 1;
  for (let next = 0; ; next++) {
    const candidate = candidates.at(next);
    const bound = candidate === undefined ? -1 : scoreBound(candidate.score, candidates.ceiling, named !== undefined);
    for (let best = waiting.at(-1); best !== undefined; best = waiting.at(-1)) {
      if (best.score < bound && waiting.length < LOOKAHEAD) break;
      waiting.pop();
      ceilingScore = Math.min(ceilingScore, best.score);
      const memory = request.projection.memory(best.candidate.row);
      if (memory !== undefined) yield rankedOf(best, memory, ceilingScore, request.store);
    }
    if (candidate === undefined) return;
    if (next % 64 === 63) deadline.check();
    insert(waiting, score(candidate, request));
  }
}

/** A candidate that waits; its memory is read when its turn comes. */
interface Waiting {
  readonly candidate: Candidate;
  readonly score: number;
  readonly anchor?: Anchor;
}

function score(candidate: Candidate, { candidates, named, now, projection }: RankRequest): Waiting {
  const anchor =
    named === undefined || !projection.isAnchored(candidate.row)
      ? undefined
      : namedAnchor(named, projection.memory(candidate.row)?.anchors ?? []);
  const age = now - candidate.timestamp;
  return {
    candidate,
    score: combineScore(candidate.score, candidates.ceiling, anchor !== undefined, age),
    ...(anchor === undefined ? {} : { anchor }),
  };
}

function rankedOf({ candidate, anchor }: Waiting, memory: Memory, key: number, store: number): Ranked {
  return {
    ...{ store, row: candidate.row, key, memory, score: key },
    ...(memory.parts.length > 1 ? { part: candidate.part } : {}),
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
      (other.score < entry.score || (other.score === entry.score && other.candidate.row < entry.candidate.row));
    if (before) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, entry);
}
