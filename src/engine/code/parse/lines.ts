/** Where the lines of a text begin. */
export class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#starts = starts;
  }

  /** The line without white space around it; rows begin with 0. */
  trimmed(row: number): string {
    return this.#text.slice(this.#starts[row], this.#starts[row + 1]).trim();
  }

  /** Whether nothing stands before it on its line. */
  isFirst(index: number): boolean {
    return this.#text.slice(this.#starts[this.rowAt(index)], index).trim() === "";
  }

  /** Where its row is, beginning with 0. */
  rowAt(index: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low;
  }
}
