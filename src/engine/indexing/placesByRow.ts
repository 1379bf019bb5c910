/** A number for each row that has one, in four bytes a row: a Map takes eight times as much. Rows are small and not sparse. */
export class PlacesByRow {
  /** By row, its number plus one; 0 where it has none. */
  #places = new Uint32Array(256);
  #size = 0;

  /** Rows that have a number. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#places.byteLength;
  }

  has(row: number): boolean {
    return (this.#places[row] ?? 0) > 0;
  }

  get(row: number): number | undefined {
    const place = this.#places[row] ?? 0;
    return place === 0 ? undefined : place - 1;
  }

  set(row: number, place: number): void {
    if (row >= this.#places.length) {
      const grown = new Uint32Array(Math.ceil(Math.max(row + 1, 1.5 * this.#places.length)));
      grown.set(this.#places);
      this.#places = grown;
    }
    if (!this.has(row)) this.#size += 1;
    this.#places[row] = place + 1;
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    this.#places[row] = 0;
    this.#size -= 1;
  }

  clear(): void {
    this.#places.fill(0);
    this.#size = 0;
  }
}
