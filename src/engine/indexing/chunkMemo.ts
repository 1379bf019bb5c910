/** What is known of a chunk. */
interface Entry<Value> {
  readonly chunk: string;
  readonly hash: number;
  readonly value: Value;
}

/**
 * Remembers what was made of the chunks of texts. A chunk is looked up where it stands in its text, without cutting it out: that and hashing it
 * again would cost more than all else. Sets of four places: a chunk that is met again moves forward, a new one takes the last place.
 */
export class ChunkMemo<Value> {
  readonly #entries: (Entry<Value> | undefined)[];
  readonly #mask: number;

  /** `sets` is a power of two; four times as many chunks are held at most. */
  constructor(sets: number) {
    this.#entries = new Array<Entry<Value> | undefined>(sets * WAYS).fill(undefined);
    this.#mask = sets - 1;
  }

  /** The entry of the chunk from `start` up to `end`, made by `make` when it is not known. */
  get(text: string, start: number, end: number, make: (chunk: string) => Value): Entry<Value> {
    let hash = FNV_BASIS;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
    const entries = this.#entries;
    const first = ((hash ^ (hash >>> 15)) & this.#mask) * WAYS;
    for (let place = first; place < first + WAYS; place++) {
      const entry = entries[place];
      if (entry?.hash !== hash || !isAt(entry.chunk, text, start, end)) continue;
      if (place === first) return entry;
      entries[place] = entries[place - 1];
      entries[place - 1] = entry;
      return entry;
    }
    const chunk = copyOf(text, start, end);
    const made = { chunk, hash, value: make(chunk) };
    entries[first + WAYS - 1] = made;
    return made;
  }
}

const WAYS = 4;

/** FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** A slice of more than a dozen units would keep all of its text in memory. */
function copyOf(text: string, start: number, end: number): string {
  if (end - start < SLICED) return text.slice(start, end);
  const units: number[] = [];
  for (let at = start; at < end; at++) units.push(text.charCodeAt(at));
  return String.fromCharCode(...units);
}
/** Length from which on V8 makes a slice a view of its text. */
const SLICED = 13;

function isAt(chunk: string, text: string, start: number, end: number): boolean {
  if (chunk.length !== end - start) return false;
  for (let at = start; at < end; at++) if (chunk.charCodeAt(at - start) !== text.charCodeAt(at)) return false;
  return true;
}
