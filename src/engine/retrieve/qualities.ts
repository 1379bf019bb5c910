import type { Qualities } from "../../contract/ranking.ts";
import { LASTING_KINDS } from "../../contract/kinds.ts";
import type { Anchor } from "../../contract/memory.ts";
import { balanceOf } from "../../contract/use.ts";
import type { KnownFreshness, Projection } from "../seams.ts";
import { type NamedCode, namedAnchor } from "./namedAnchors.ts";
import type { Signals } from "./signals.ts";
import type { NamedTime } from "./timeInQuery.ts";

export interface QualityRequest {
  readonly projection: Projection;
  readonly signals: Signals;
  /** How fresh the rows are; absent where nothing is compared with the code. */
  readonly freshness?: KnownFreshness | undefined;
  /** Code and time that the query names. */
  readonly named: NamedCode | undefined;
  readonly time: NamedTime | undefined;
  /** Milliseconds since the epoch from which ages count: that of the first page. */
  readonly now: number;
}

/**
 * Ages count up to the next full quarter of an hour, which is nothing beside the time in which they weigh: a question that is asked again soon finds the same
 * scores.
 */
const AGE_STEP_MS = 900_000;

/** Looks up what tells the rows of one store apart, for one query. */
export class QualityReader {
  /** The most that any row can have. */
  readonly best: Qualities;
  readonly #request: QualityRequest;
  readonly #kinds: Uint32Array;
  readonly #lasting: ReadonlySet<number>;
  readonly #now: number;

  constructor(request: QualityRequest) {
    const { projection, signals, named, time } = request;
    this.#request = request;
    this.#now = Math.ceil(request.now / AGE_STEP_MS) * AGE_STEP_MS;
    const columns = projection.columns();
    this.#kinds = columns.facet("kind");
    this.#lasting = new Set(LASTING_KINDS.flatMap((kind) => columns.codeOf("kind", kind) ?? []));
    this.best = {
      ...(named === undefined ? {} : { isNamed: true }),
      ...(time === undefined ? {} : { isOfTime: true }),
      ...(signals.kind ? { isLasting: true } : {}),
      ...(signals.use ? { use: 1 } : {}),
    };
  }

  /** With the anchor that the query names. */
  of(row: number): { readonly qualities: Qualities; readonly anchor?: Anchor } {
    const { projection, signals, freshness, named, time } = this.#request;
    const now = this.#now;
    const timestamp = projection.timestamp(row) ?? now;
    const anchor =
      named === undefined || !projection.isAnchored(row)
        ? undefined
        : namedAnchor(named, projection.memory(row)?.anchors ?? []);
    const word = signals.freshness ? freshness?.of(row) : undefined;
    const use = signals.use ? projection.use(row) : undefined;
    const qualities: Qualities = {
      ...(anchor === undefined ? {} : { isNamed: true }),
      ...(time !== undefined && timestamp >= time.from && timestamp <= time.to ? { isOfTime: true } : {}),
      ...(signals.kind && this.#lasting.has(this.#kinds[row] ?? 0) ? { isLasting: true } : {}),
      ...(word === "drifted" || word === "orphaned" ? { freshness: word } : {}),
      ...(use === undefined ? {} : { use: balanceOf(use, now) }),
      ...(signals.recency ? { ageMs: now - timestamp } : {}),
    };
    return { qualities, ...(anchor === undefined ? {} : { anchor }) };
  }
}
