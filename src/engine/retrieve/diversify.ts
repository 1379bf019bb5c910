import type { Memory } from "../../contract/memory.ts";
import type { PassageVector } from "../seams.ts";

/** How far down the ranking is looked for something else to say. */
const LOOKAHEAD = 8;
/** So many of those that went before are compared with. */
const RECENT = 10;
/** What a memory loses that says all of what one before it says: 1 - lambda, for the lambda of 0.7 with which Carbonell and Goldstein rank for relevance. */
const STRENGTH = 0.3;
/** Passages about one subject have this cosine or less: what is above is nearness in what they say of it. From 0.9 on sections are lost that are asked for. */
const SAME_SUBJECT = 0.95;
/** Vectors leave out much of what a text says: two that point the same way count as half the same. Both are measured, see docs/scores.md. */
const BY_MEANING = 0.5;

interface Entry {
  readonly memory: Memory;
  readonly key: number;
  readonly score: number;
  readonly vector?: () => PassageVector | undefined;
}

/**
 * The same entries, those that say nearly what one before them says later: maximal marginal relevance (Carbonell and Goldstein, "The use of MMR",
 * 1998). Similarity is what the cosine of the passages that were found tells, or the share of equal MinHash bands where that is more or where there are
 * no vectors. Keys never rise: what is overtaken takes the key of the one before it. It looks at the ranking and not at the page, so that
 * pages joined are the same as one large page. Equal texts are left to `collapseEqual`.
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
      waiting.push(new Waiting(next.value, recent));
    }
    let best = waiting[0];
    if (best === undefined) return;
    let worth = best.worth();
    for (const other of waiting) {
      // Keys fall: what follows is worth no more than its key.
      if (other.entry.key <= worth) break;
      const otherWorth = other.worth();
      if (otherWorth <= worth) continue;
      best = other;
      worth = otherWorth;
    }
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
  #bands: Uint32Array | undefined;
  #vector: PassageVector | null | undefined;
  #alike = 0;
  /** What came before it and was not compared with it yet: most entries are never worth a look. */
  #unmet: Waiting<T>[];

  constructor(entry: T, recent: readonly Waiting<T>[]) {
    this.entry = entry;
    this.#unmet = [...recent];
  }

  meet(before: Waiting<T>): void {
    this.#unmet.push(before);
  }

  worth(): number {
    for (const before of this.#unmet) this.#alike = Math.max(this.#alike, this.#likeness(before));
    this.#unmet = [];
    return this.entry.key * (1 - STRENGTH * this.#alike);
  }

  #likeness(other: Waiting<T>): number {
    if (other.entry.memory.signature === this.entry.memory.signature) return 0;
    const [own, theirs] = [this.#vectorOnce(), other.#vectorOnce()];
    const cosine = own === null || theirs === null ? 0 : cosineOf(own, theirs);
    return Math.max((BY_MEANING * (cosine - SAME_SUBJECT)) / (1 - SAME_SUBJECT), this.#sharedBands(other));
  }

  #sharedBands(other: Waiting<T>): number {
    const [own, theirs] = [this.#bandsOnce(), other.#bandsOnce()];
    let shared = 0;
    for (let band = 0; band < own.length; band++) if (own[band] === theirs[band]) shared++;
    return shared / Math.max(1, own.length);
  }

  #bandsOnce(): Uint32Array {
    return (this.#bands ??= bandsOf(this.entry.memory.signature));
  }

  #vectorOnce(): PassageVector | null {
    if (this.#vector === undefined) this.#vector = this.entry.vector?.() ?? null;
    return this.#vector;
  }
}

/** See `Memory.signature`: 32 bits each. */
function bandsOf(signature: string): Uint32Array {
  const bytes = Uint8Array.from(Buffer.from(signature.slice(signature.indexOf(":") + 1), "base64"));
  return new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
}

function cosineOf(a: PassageVector, b: PassageVector): number {
  if (a.model !== b.model) return 0;
  let sum = 0;
  for (let at = 0; at < a.components.length; at++) sum += (a.components[at] ?? 0) * (b.components[at] ?? 0);
  return sum * a.scale * b.scale;
}
