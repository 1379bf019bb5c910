/** What streams are merged by, highest key first. */
export interface Keyed {
  readonly key: number;
}

/** Joins streams whose keys never rise into one; of equals those of the earlier stream come first, in their own order. */
export function* mergeRanked<T extends Keyed>(streams: readonly Iterable<T>[]): Generator<T> {
  const heads = streams.map((stream) => {
    const iterator = stream[Symbol.iterator]();
    return { iterator, head: iterator.next() };
  });
  for (;;) {
    let best: (typeof heads)[number] | undefined;
    let bestKey = -Infinity;
    for (const candidate of heads) {
      if (candidate.head.done === true || (best !== undefined && candidate.head.value.key <= bestKey)) continue;
      best = candidate;
      bestKey = candidate.head.value.key;
    }
    if (best === undefined || best.head.done === true) return;
    yield best.head.value;
    best.head = best.iterator.next();
  }
}
