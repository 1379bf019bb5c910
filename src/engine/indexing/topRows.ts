/** A passage that is among the best, with the row it belongs to. */
export interface TopRow {
  readonly score: number;
  readonly row: number;
}

/** The best rows so far, at most `limit`, one passage a row: a heap whose root is the worst. Of equal scores the higher row is better. */
export class TopRows<Entry extends TopRow> {
  readonly #limit: number;
  readonly #heap: Entry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What a row has to reach to be taken; 0 while there is room. */
  get threshold(): number {
    return this.#heap.length < this.#limit ? 0 : (this.#heap[0]?.score ?? 0);
  }

  /** `siblings`: the row has other passages, which may be in the heap already. */
  offer(entry: Entry, siblings: boolean): void {
    const { score, row } = entry;
    const worst = this.#heap[0];
    const full = this.#heap.length >= this.#limit;
    if (full && (worst === undefined || score < worst.score || (score === worst.score && row <= worst.row))) return;
    if (siblings) {
      const place = this.#heap.findIndex((other) => other.row === row);
      const present = this.#heap[place];
      if (present !== undefined) {
        if (score > present.score) this.#sink(place, entry);
        return;
      }
    }
    if (full) this.#sink(0, entry);
    else this.#rise(entry);
  }

  /** Best first. */
  sorted(): readonly Entry[] {
    return [...this.#heap].sort((a, b) => b.score - a.score || b.row - a.row);
  }

  #rise(entry: Entry): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(entry);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isWorse(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  #sink(from: number, entry: Entry): void {
    const heap = this.#heap;
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      let child = heap[below];
      const other = heap[below + 1];
      if (child !== undefined && other !== undefined && isWorse(other, child)) {
        below += 1;
        child = other;
      }
      if (child === undefined || !isWorse(child, entry)) break;
      heap[place] = child;
      place = below;
    }
    heap[place] = entry;
  }
}

function isWorse(a: TopRow, b: TopRow): boolean {
  return a.score < b.score || (a.score === b.score && a.row < b.row);
}
