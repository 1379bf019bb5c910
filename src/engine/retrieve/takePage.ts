import { collapseEqual } from "./collapse.ts";
import { diversify } from "./diversify.ts";
import type { PagePosition } from "./cursor.ts";
import type { Ranked } from "./rankStore.ts";

export interface TakenPage {
  /** What the page shows, with the rows of the same text that it therefore does not show again. */
  readonly shown: readonly { readonly entry: Ranked; readonly equals: readonly Ranked[] }[];
  /** Entries passed, those with an equal text included, and the last of them. */
  readonly passed: number;
  readonly last?: Ranked;
  readonly more: boolean;
}

interface Marked {
  readonly entry: Ranked;
  readonly equalTo?: Ranked;
}

/** The first page of a ranking, or the one after `position`. `diverse`: what says nearly the same as a better entry comes later. */
export function takeRanked(
  ranking: Iterable<Ranked>,
  limit: number,
  position: PagePosition | undefined,
  diverse: boolean,
): TakenPage {
  const marked = collapseEqual(diverse ? diversify(ranking) : ranking);
  return take(position === undefined ? marked : restAfter(marked, position.last), limit);
}

/** A page of a listing, which shows every row and already begins where it should. */
export function takeListed(listing: Iterable<Ranked>, limit: number): TakenPage {
  return take(eachOnItsOwn(listing), limit);
}

function take(entries: Iterable<Marked>, limit: number): TakenPage {
  const shown: { readonly entry: Ranked; readonly equals: Ranked[] }[] = [];
  let passed = 0;
  let last: Ranked | undefined;
  for (const { entry, equalTo } of entries) {
    if (equalTo !== undefined) shown.find((one) => one.entry === equalTo)?.equals.push(entry);
    else if (shown.length < limit) shown.push({ entry, equals: [] });
    else return { shown, passed, more: true, ...(last === undefined ? {} : { last }) };
    last = entry;
    passed++;
  }
  return { shown, passed, more: false };
}

function* eachOnItsOwn(entries: Iterable<Ranked>): Generator<Marked> {
  for (const entry of entries) yield { entry };
}

/** Goes on after the row of `last`; where that row is gone, with the first that would come after it. */
function* restAfter(entries: Generator<Marked>, last: PagePosition["last"]): Generator<Marked> {
  const tied: Marked[] = [];
  for (let next = entries.next(); next.done !== true; next = entries.next()) {
    const { entry } = next.value;
    if (entry.store === last.store && entry.row === last.row) {
      yield* entries;
      return;
    }
    if (entry.key < last.key) {
      yield* tied;
      yield next.value;
      yield* entries;
      return;
    }
    if (entry.key === last.key && (entry.store > last.store || (entry.store === last.store && entry.row < last.row))) {
      tied.push(next.value);
    }
  }
  yield* tied;
}
