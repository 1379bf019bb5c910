import { hasRow, type RowSet } from "../../contract/rowSet.ts";
import type { Projection, Sessions } from "../seams.ts";

/** So many of the files that the best matches are anchored to bring in what else is remembered of them, and so many memories each. */
const FILES = 2;
const NEWEST = 4;
/** From so many memories at a file on it tells nothing of any of them. */
const MOST_MEMORIES = 100;

/** What a match has to lend. */
export interface Lender {
  readonly row: number;
  /** Its share of what is asked, above 0. */
  readonly text: number;
}

/** What a memory is lent, and at which file, by its number. */
export interface LentAtFile {
  /** 0..1, above 0. */
  readonly share: number;
  readonly file: number;
}

/** The two best that are anchored to a file, of different sessions or documents. */
interface Lent {
  /** What is left of it for a file that so many memories are anchored to. */
  readonly telling: number;
  best: number;
  bestFrom: number;
  second: number;
}

/**
 * What memories that are anchored to the same file lend one another: the best match there, never a sum, so that many memories lend no more than one.
 * What a file tells falls with the logarithm of how many memories it has, the fan of Anderson's spreading activation ("A spreading activation
 * theory of memory", 1983). Only matches are looked at, and of a file's other memories the newest four.
 */
export class AnchorEvidence {
  readonly #projection: Projection;
  readonly #sessions: Sessions;
  readonly #rowBound: number | undefined;
  readonly #files = new Map<number, Lent>();

  /** `rowBound`: rows from here on do not exist. */
  constructor(projection: Projection, lenders: Iterable<Lender>, rowBound?: number) {
    this.#projection = projection;
    this.#sessions = projection.sessions();
    this.#rowBound = rowBound;
    for (const { row, text } of lenders)
      for (const file of projection.anchorsOf(row)) this.#lend(file, text, this.#wholeOf(row));
  }

  /** Undefined where nothing else at its anchors matches. What stands in its own session or document is no other. */
  of(row: number): LentAtFile | undefined {
    if (this.#files.size === 0) return undefined;
    const whole = this.#wholeOf(row);
    let most: LentAtFile | undefined;
    for (const file of this.#projection.anchorsOf(row)) {
      const lent = this.#files.get(file);
      if (lent === undefined) continue;
      const share = lent.telling * (lent.bestFrom === whole ? lent.second : lent.best);
      if (share > (most?.share ?? 0)) most = { share, file };
    }
    return most;
  }

  /** Rows of `within` at the files that lend most. */
  borrowers(within: RowSet): readonly number[] {
    const files = [...this.#files]
      .filter(([, { telling }]) => telling > 0)
      .sort(([, a], [, b]) => b.telling * b.best - a.telling * a.best)
      .slice(0, FILES);
    const rows = files.flatMap(([file]) => this.#projection.newestAnchored(file, NEWEST, this.#rowBound));
    return [...new Set(rows)].filter((row) => hasRow(within, row));
  }

  #lend(file: number, text: number, from: number): void {
    const lent = this.#files.get(file);
    if (lent === undefined) {
      const telling = tellingOf(this.#projection.anchoredMemories(file, MOST_MEMORIES, this.#rowBound));
      this.#files.set(file, { telling, best: text, bestFrom: from, second: 0 });
    } else if (from === lent.bestFrom) lent.best = Math.max(lent.best, text);
    else if (text > lent.best) {
      lent.second = lent.best;
      lent.best = text;
      lent.bestFrom = from;
    } else lent.second = Math.max(lent.second, text);
  }

  /** Its session or document, else itself. */
  #wholeOf(row: number): number {
    const session = this.#sessions.of[row] ?? 0;
    return session === 0 ? -row : session;
  }
}

const tellingOf = (memories: number): number =>
  Math.max(0, 1 - Math.log(Math.max(1, memories)) / Math.log(MOST_MEMORIES));
