import { isDeepStrictEqual } from "node:util";
import { keepNewest } from "../contract/keepNewest.ts";
import type { BuildContextResult } from "../contract/tools.ts";
import type { Recalled } from "./seams.ts";

type Composed = Pick<BuildContextResult, "markdown" | "tokens" | "items" | "dropped" | "stoppedBecause">;

interface Kept {
  readonly from: unknown;
  readonly bundle: Composed;
}

/** Questions that may be asked again. */
const MOST = 32;

/** Bundles of the questions that were asked last. One is told again where it would be composed of the same: everything that it is made of is compared. */
export class KeptBundles {
  readonly #kept = new Map<string, Kept>();

  /** `asked`: the question with what it is asked with. `from`: what is said to it, which is not to be changed afterwards. */
  get(asked: string, from: unknown, compose: () => Composed): Composed {
    const known = this.#kept.get(asked);
    this.#kept.delete(asked);
    const kept = known !== undefined && isDeepStrictEqual(known.from, from) ? known : { from, bundle: compose() };
    this.#kept.set(asked, kept);
    keepNewest(this.#kept, MOST);
    return kept.bundle;
  }
}

/** What a bundle is made of where a memory is recalled: not how its score came about, which tells the time. */
export function composedOf(memories: readonly Recalled[]): readonly Omit<Recalled, "ranking" | "signals">[] {
  return memories.map(({ ranking: _ranking, signals: _signals, ...said }) => said);
}
