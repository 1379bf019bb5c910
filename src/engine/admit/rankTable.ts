/**
 * The tokens of a byte-pair encoding by their bytes, in typed arrays: 2.1 MB for cl100k_base, where a Map of strings takes 20. Counts by joining
 * the pair of neighbours with the lowest rank until none has a rank (https://github.com/openai/tiktoken, src/lib.rs).
 */
export class RankTable {
  /** The bytes of all tokens, one after the other, and where each begins. */
  readonly #bytes: Uint8Array;
  readonly #starts: Uint32Array;
  /** Rank plus one, below 15 bits of the hash; 0 is free. Open addressing, at most two fifths full. */
  readonly #slots = new Uint32Array(SLOTS);
  /** Of the piece that is being counted: hashes of its beginnings, where its parts start, and the rank of each part joined with the next. */
  #prefixes = new Int32Array(LONG_PIECE);
  #parts = new Int32Array(LONG_PIECE);
  #joined = new Int32Array(LONG_PIECE);
  #powers = powersUpTo(LONG_PIECE);
  /** Short pieces of several tokens that were counted last, one a slot: the words of a text come again and again. */
  readonly #keptPieces = new Uint8Array(KEPT * KEPT_PIECE);
  readonly #keptLengths = new Uint8Array(KEPT);
  readonly #keptCounts = new Uint8Array(KEPT);

  /** `file` holds a line for every token, in the order of the ranks from 0: its bytes in base64, a space, the rank. */
  constructor(file: Uint8Array) {
    this.#bytes = new Uint8Array(file.length);
    const starts: number[] = [0];
    let end = 0;
    for (let at = 0; at < file.length; at++) {
      let bits = 0;
      let held = 0;
      for (let code = file[at] ?? SPACE; code !== SPACE && code !== EQUALS; code = file[++at] ?? SPACE) {
        held = ((held << 6) | valueOfBase64(code)) & 0xffff;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        this.#bytes[end++] = held >> bits;
      }
      starts.push(end);
      while (at < file.length && file[at] !== NEWLINE) at++;
    }
    this.#bytes = this.#bytes.slice(0, end);
    this.#starts = Uint32Array.from(starts);
    for (let rank = 0; rank + 1 < starts.length; rank++) this.#insert(rank);
  }

  /** Tokens of the piece of `source` from `from` up to `to`. */
  count(source: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length <= 1) return 1;
    let hash = 0;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, BASE) + (source[at] ?? 0) + 1) | 0;
    if (this.#rank(source, from, to, hash) !== NONE) return 1;
    if (length > KEPT_PIECE) return this.#merge(source, from, length);
    const slot = mix(hash) & (KEPT - 1);
    const known = this.#isKept(slot, source, from, length) ? (this.#keptCounts[slot] ?? 0) : 0;
    if (known > 0) return known;
    const counted = this.#merge(source, from, length);
    this.#keptPieces.set(source.subarray(from, to), slot * KEPT_PIECE);
    this.#keptLengths[slot] = length;
    this.#keptCounts[slot] = counted;
    return counted;
  }

  #isKept(slot: number, source: Uint8Array, from: number, length: number): boolean {
    if (this.#keptLengths[slot] !== length) return false;
    const kept = this.#keptPieces;
    for (let at = slot * KEPT_PIECE, own = from; own < from + length; at++, own++)
      if (kept[at] !== source[own]) return false;
    return true;
  }

  #merge(source: Uint8Array, from: number, length: number): number {
    if (length + 2 > this.#prefixes.length) this.#grow(2 * length + 2);
    const parts = this.#parts;
    const joined = this.#joined;
    const prefixes = this.#prefixes;
    const powers = this.#powers;
    for (let at = 0; at < length; at++)
      prefixes[at + 1] = (Math.imul(prefixes[at] ?? 0, BASE) + (source[from + at] ?? 0) + 1) | 0;
    let count = length;
    const rankAt = (part: number): number => {
      if (part + 1 >= count) return NONE;
      const start = parts[part] ?? 0;
      const end = parts[part + 2] ?? 0;
      const hash = ((prefixes[end] ?? 0) - Math.imul(prefixes[start] ?? 0, powers[end - start] ?? 0)) | 0;
      return this.#rank(source, from + start, from + end, hash);
    };
    for (let part = 0; part <= length; part++) parts[part] = part;
    for (let part = 0; part < length; part++) joined[part] = rankAt(part);
    for (;;) {
      let lowest = NONE;
      let best = -1;
      for (let part = 0; part + 1 < count; part++) {
        const rank = joined[part] ?? NONE;
        if (rank >= lowest) continue;
        lowest = rank;
        best = part;
      }
      if (best === -1) return count;
      // One further than the parts: the end of the last one stands there.
      parts.copyWithin(best + 1, best + 2, count + 1);
      joined.copyWithin(best + 1, best + 2, count);
      count -= 1;
      joined[best] = rankAt(best);
      if (best > 0) joined[best - 1] = rankAt(best - 1);
    }
  }

  #rank(source: Uint8Array, from: number, to: number, hash: number): number {
    const mixed = mix(hash);
    const tag = mixed & TAG;
    for (let slot = mixed & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const held = this.#slots[slot] ?? 0;
      if (held === 0) return NONE;
      if ((held & TAG) !== tag) continue;
      const rank = (held & RANK) - 1;
      if (this.#equals(rank, source, from, to)) return rank;
    }
  }

  #equals(rank: number, source: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[rank] ?? 0;
    if ((this.#starts[rank + 1] ?? 0) - start !== to - from) return false;
    for (let at = from; at < to; at++) if (source[at] !== this.#bytes[start + at - from]) return false;
    return true;
  }

  #insert(rank: number): void {
    let hash = 0;
    const end = this.#starts[rank + 1] ?? 0;
    for (let at = this.#starts[rank] ?? 0; at < end; at++)
      hash = (Math.imul(hash, BASE) + (this.#bytes[at] ?? 0) + 1) | 0;
    const mixed = mix(hash);
    let slot = mixed & (SLOTS - 1);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
    this.#slots[slot] = (mixed & TAG) | (rank + 1);
  }

  #grow(length: number): void {
    this.#prefixes = new Int32Array(length);
    this.#parts = new Int32Array(length);
    this.#joined = new Int32Array(length);
    this.#powers = powersUpTo(length);
  }
}

/** A rank that no token has. */
const NONE = 0x7fffffff;
/** Bytes for which there is room from the start; most pieces are shorter. */
const LONG_PIECE = 512;
/** Slots for pieces that are remembered, and the bytes of the longest of them: 210 KB. */
const KEPT = 0x2000;
const KEPT_PIECE = 24;
const SLOTS = 0x4_0000;
const RANK = 0x1_ffff;
const TAG = ~RANK;

/** Hashes are polynomials in this base modulo 2^32, so that the hash of any part follows from those of two beginnings. */
const BASE = 0x01000193;

function powersUpTo(length: number): Int32Array<ArrayBuffer> {
  const powers = new Int32Array(length).fill(1);
  for (let at = 1; at < length; at++) powers[at] = Math.imul(powers[at - 1] ?? 0, BASE);
  return powers;
}

/** The finalizer of MurmurHash3. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const SPACE = 32;
const EQUALS = 61;
const NEWLINE = 10;

/** RFC 4648, section 4. */
function valueOfBase64(code: number): number {
  if (code >= 97) return code - 71;
  if (code >= 65) return code - 65;
  if (code >= 48) return code + 4;
  return code === 43 ? 62 : 63;
}
