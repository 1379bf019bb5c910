/** The largest count first; of equal ones the smallest key, so that the order is always the same. */
export class Heap {
  readonly #counts: number[] = [];
  readonly #keys: number[] = [];

  push(count: number, key: number): void {
    let at = this.#keys.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#precedes(count, key, above)) break;
      this.#move(above, at);
      at = above;
    }
    this.#counts[at] = count;
    this.#keys[at] = key;
  }

  pop(): { readonly count: number; readonly key: number } | undefined {
    const [topCount, topKey] = [this.#counts[0], this.#keys[0]];
    const [count, key] = [this.#counts.pop(), this.#keys.pop()];
    if (topCount === undefined || topKey === undefined || count === undefined || key === undefined) return undefined;
    let at = 0;
    for (let below = 1; below < this.#keys.length; below = 2 * at + 1) {
      if (
        below + 1 < this.#keys.length &&
        this.#precedes(this.#counts[below + 1] ?? 0, this.#keys[below + 1] ?? 0, below)
      )
        below++;
      if (this.#precedes(count, key, below)) break;
      this.#move(below, at);
      at = below;
    }
    if (this.#keys.length > 0) {
      this.#counts[at] = count;
      this.#keys[at] = key;
    }
    return { count: topCount, key: topKey };
  }

  #precedes(count: number, key: number, other: number): boolean {
    const otherCount = this.#counts[other] ?? 0;
    return count > otherCount || (count === otherCount && key < (this.#keys[other] ?? 0));
  }

  #move(from: number, to: number): void {
    this.#counts[to] = this.#counts[from] ?? 0;
    this.#keys[to] = this.#keys[from] ?? 0;
  }
}
