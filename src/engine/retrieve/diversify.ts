import type { Memory } from "../../contract/memory.ts";

/** How far down the ranking is looked for something else to say. */
const LOOKAHEAD = 8;
/** So many of those that went before are compared with. */
const RECENT = 10;
/** What a memory loses that says all of what one before it says. */
const STRENGTH = 0.3;

interface Entry {
  readonly memory: Memory;
  readonly key: number;
  readonly score: number;
}

/**
 * The same entries, those that say nearly what one before them says later: maximal marginal relevance (Carbonell and Goldstein, "The use of MMR",
 * 1998), with the share of equal MinHash bands as similarity. Keys never rise: what is overtaken takes the key of the one before it. It
 * looks at the ranking and not at the page, so that pages joined are the same as one large page. Equal texts are left to `collapseEqual`.
 */
export function* diversify<T extends Entry>(ranking: Iterable<T>): Generator<T> {
  const entries = ranking[Symbol.iterator]();
  const waiting: Waiting<T>[] = [];
  const recent: Waiting<T>[] = [];
  let ceiling = Infinity;
  for (;;) {
    while (waiting.length < LOOKAHEAD) {
      const next = entries.next();
      if (next.done === true) break;
      const entry = new Waiting(next.value);
      for (const before of recent) entry.meet(before);
      waiting.push(entry);
    }
    let best = waiting[0];
    if (best === undefined) return;
    for (const other of waiting) if (other.worth > best.worth) best = other;
    waiting.splice(waiting.indexOf(best), 1);
    for (const other of waiting) other.meet(best);
    recent.push(best);
    if (recent.length > RECENT) recent.shift();
    const { entry } = best;
    if (entry.key > ceiling) yield { ...entry, key: ceiling, score: ceiling };
    else {
      ceiling = entry.key;
      yield entry;
    }
  }
}

class Waiting<T extends Entry> {
  readonly entry: T;
  readonly #bands: Uint32Array;
  #alike = 0;

  constructor(entry: T) {
    this.entry = entry;
    this.#bands = bandsOf(entry.memory.signature);
  }

  get worth(): number {
    return this.entry.key * (1 - STRENGTH * this.#alike);
  }

  meet(before: Waiting<T>): void {
    if (before.entry.memory.signature === this.entry.memory.signature) return;
    let shared = 0;
    for (let band = 0; band < this.#bands.length; band++) if (this.#bands[band] === before.#bands[band]) shared++;
    this.#alike = Math.max(this.#alike, shared / Math.max(1, this.#bands.length));
  }
}

/** See `Memory.signature`: 32 bits each. */
function bandsOf(signature: string): Uint32Array {
  const bytes = Uint8Array.from(Buffer.from(signature.slice(signature.indexOf(":") + 1), "base64"));
  return new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
}
