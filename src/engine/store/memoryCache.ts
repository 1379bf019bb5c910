import type { Memory } from "../../contract/memory.ts";

/** The parsed memories that were read last. Bounded by number and by their characters, as one memory may hold a megabyte. */
export class MemoryCache {
  readonly #limit: number;
  readonly #characterLimit: number;
  /** In order of last use. */
  readonly #memories = new Map<number, Memory>();
  #characters = 0;

  constructor(limit: number, characterLimit: number) {
    this.#limit = limit;
    this.#characterLimit = characterLimit;
  }

  get(row: number): Memory | undefined {
    const memory = this.#memories.get(row);
    if (memory === undefined) return undefined;
    this.#memories.delete(row);
    this.#memories.set(row, memory);
    return memory;
  }

  set(row: number, memory: Memory): void {
    this.delete(row);
    this.#memories.set(row, memory);
    this.#characters += memory.content.length;
    while (this.#memories.size > this.#limit || this.#characters > this.#characterLimit) {
      const oldest = this.#memories.keys().next();
      if (oldest.done === true) return;
      this.delete(oldest.value);
    }
  }

  delete(row: number): void {
    const memory = this.#memories.get(row);
    if (memory === undefined) return;
    this.#characters -= memory.content.length;
    this.#memories.delete(row);
  }

  clear(): void {
    this.#memories.clear();
    this.#characters = 0;
  }
}
