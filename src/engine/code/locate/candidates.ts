import type { IndexedFile } from "../indexedFile.ts";

/** The files that something speaks for, numbered as they came. Scores are held by these numbers: a map for each signal costs more than what is asked of it. */
export class Candidates {
  readonly #files: IndexedFile[] = [];
  readonly #places = new Map<IndexedFile, number>();

  get files(): readonly IndexedFile[] {
    return this.#files;
  }

  /** The file's number; it is one of them from now on. */
  take(file: IndexedFile): number {
    const known = this.#places.get(file);
    if (known !== undefined) return known;
    const place = this.#files.push(file) - 1;
    this.#places.set(file, place);
    return place;
  }

  /** The number of one of them. */
  placeOf(file: IndexedFile): number | undefined {
    return this.#places.get(file);
  }
}

/** What one signal says of candidates, by their numbers. */
export class Scores {
  /** Of those that it speaks for, each once. */
  readonly places: number[] = [];
  /** Beside them. */
  readonly values: number[];
  /** The most that any of them has, at least 0. */
  most = 0;

  /** Of the first candidates, as many as there are values. */
  constructor(values: number[] = []) {
    this.values = values;
    for (let place = 0; place < values.length; place++) {
      this.places.push(place);
      this.most = Math.max(this.most, values[place] ?? 0);
    }
  }

  add(place: number, value: number): void {
    this.places.push(place);
    this.values.push(value);
    this.most = Math.max(this.most, value);
  }

  /** 0 for one that it does not speak for. Looks through all: for few. */
  of(place: number): number {
    return this.values[this.places.indexOf(place)] ?? 0;
  }
}
