/**
 * The best rows so far, at most `limit`, one passage a row: a heap whose root is the worst. Of equal scores the higher row is better. It is held in arrays
 * of numbers, as a search offers thousands of which few stay.
 */
export class TopRows {
  readonly #limit: number;
  readonly #scores: Float64Array;
  readonly #rows: Uint32Array;
  readonly #passages: Uint32Array;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#scores = new Float64Array(limit);
    this.#rows = new Uint32Array(limit);
    this.#passages = new Uint32Array(limit);
  }

  /** What a row has to reach to be taken; 0 while there is room. */
  get threshold(): number {
    return this.#size < this.#limit ? 0 : (this.#scores[0] ?? 0);
  }

  /** `siblings`: the row has other passages, which may be in the heap already. */
  offer(score: number, row: number, passage: number, siblings: boolean): void {
    const full = this.#size >= this.#limit;
    if (full && (this.#limit === 0 || !this.#isWorseAt(0, score, row))) return;
    if (siblings) {
      const place = this.#placeOf(row);
      if (place >= 0) {
        if (score > (this.#scores[place] ?? 0)) this.#sink(place, score, row, passage);
        return;
      }
    }
    if (full) this.#sink(0, score, row, passage);
    else this.#rise(score, row, passage);
  }

  /** Best first, each as `made`. */
  sorted<Found>(made: (row: number, passage: number, score: number) => Found): readonly Found[] {
    const [scores, rows, passages] = [this.#scores, this.#rows, this.#passages];
    const places = new Uint32Array(this.#size);
    for (let place = 0; place < places.length; place++) places[place] = place;
    places.sort((a, b) => {
      const one = scores[a] ?? 0;
      const other = scores[b] ?? 0;
      // A difference would be a number in memory of its own, thousands of times.
      if (one !== other) return one > other ? -1 : 1;
      return (rows[b] ?? 0) - (rows[a] ?? 0);
    });
    const found: Found[] = [];
    for (const place of places) found.push(made(rows[place] ?? 0, passages[place] ?? 0, scores[place] ?? 0));
    return found;
  }

  #placeOf(row: number): number {
    const place = this.#rows.indexOf(row);
    return place < this.#size ? place : -1;
  }

  #rise(score: number, row: number, passage: number): void {
    let place = this.#size++;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.#isWorseAt(above, score, row)) break;
      this.#move(above, place);
      place = above;
    }
    this.#put(place, score, row, passage);
  }

  #sink(from: number, score: number, row: number, passage: number): void {
    const [scores, rows, size] = [this.#scores, this.#rows, this.#size];
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#isWorseAt(child + 1, scores[child] ?? 0, rows[child] ?? 0)) child += 1;
      if (!this.#isWorseAt(child, score, row)) break;
      this.#move(child, place);
      place = child;
    }
    this.#put(place, score, row, passage);
  }

  #isWorseAt(place: number, score: number, row: number): boolean {
    const other = this.#scores[place] ?? 0;
    return other < score || (other === score && (this.#rows[place] ?? 0) < row);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#scores[from] ?? 0, this.#rows[from] ?? 0, this.#passages[from] ?? 0);
  }

  #put(place: number, score: number, row: number, passage: number): void {
    this.#scores[place] = score;
    this.#rows[place] = row;
    this.#passages[place] = passage;
  }
}
