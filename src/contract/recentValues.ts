/**
 * Values by key, those that were asked for last. Kept in two generations, each of at most half of `most`: when the younger one is full, what was not asked
 * for since the last time goes. Asking and keeping cost no more than a map does.
 */
export class RecentValues<Key, Value> {
  readonly #most: number;
  #younger = new Map<Key, Kept<Value>>();
  #older = new Map<Key, Kept<Value>>();
  /** Of the younger generation. */
  #size = 0;

  /** `most`: sizes of all that is kept, in the unit in which `keep` is told them. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key): Value | undefined {
    const young = this.#younger.get(key);
    if (young !== undefined) return young.value;
    const old = this.#older.get(key);
    if (old === undefined) return undefined;
    this.#add(key, old);
    return old.value;
  }

  /** What is larger than a generation is not kept. */
  keep(key: Key, value: Value, size: number): void {
    this.forget(key);
    if (size * 2 <= this.#most) this.#add(key, { value, size });
  }

  forget(key: Key): void {
    this.#size -= this.#younger.get(key)?.size ?? 0;
    this.#younger.delete(key);
    this.#older.delete(key);
  }

  #add(key: Key, kept: Kept<Value>): void {
    if ((this.#size + kept.size) * 2 > this.#most) {
      this.#older = this.#younger;
      this.#younger = new Map();
      this.#size = 0;
    }
    this.#older.delete(key);
    this.#younger.set(key, kept);
    this.#size += kept.size;
  }
}

interface Kept<Value> {
  readonly value: Value;
  readonly size: number;
}
