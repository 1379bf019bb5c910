/**
 * Terms and their ids, 0, 1, 2, …, on typed arrays: a hash table with linear probing over ids, and the terms' characters one after the
 * other. No JavaScript object a term, so that it costs about 20 bytes a term and loads without decoding.
 *
 * A UTF-16 unit below 255 is one byte; any other is the byte 255 and the unit's high and low byte.
 */
export class TermDictionary {
  #size: number;
  /** Where the term's characters start; one more entry ends the last. */
  #offsets: Uint32Array;
  #characters: Uint8Array;
  /** Id plus one, 0 for a free slot; the length is a power of two and at most two thirds are taken. */
  #slots: Uint32Array;

  /** The arrays are kept, not copied, until a term is added. */
  constructor(offsets: Uint32Array = new Uint32Array(1), characters: Uint8Array = new Uint8Array(0)) {
    this.#size = offsets.length - 1;
    this.#offsets = offsets;
    this.#characters = characters;
    this.#slots = new Uint32Array(0);
    this.#rehash();
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#offsets.byteLength + this.#characters.byteLength + this.#slots.byteLength;
  }

  /** Views of the used parts, as the constructor takes them. */
  get offsets(): Uint32Array {
    return this.#offsets.subarray(0, this.#size + 1);
  }
  get characters(): Uint8Array {
    return this.#characters.subarray(0, this.#offsets[this.#size]);
  }

  /** The id of a term, or -1. */
  find(term: string): number {
    return (this.#slots[this.#slotOf(term)] ?? 0) - 1;
  }

  /** The id of a term, which is added if it is not there. */
  intern(term: string): number {
    const slot = this.#slotOf(term);
    const known = this.#slots[slot] ?? 0;
    return known === 0 ? this.#append(term, slot) : known - 1;
  }

  /** The term with this id. */
  text(id: number): string {
    const end = this.#offsets[id + 1] ?? 0;
    let text = "";
    for (let at = this.#offsets[id] ?? 0; at < end; at++) {
      let unit = this.#characters[at] ?? 0;
      if (unit === WIDE) {
        unit = ((this.#characters[at + 1] ?? 0) << 8) | (this.#characters[at + 2] ?? 0);
        at += 2;
      }
      text += String.fromCharCode(unit);
    }
    return text;
  }

  /** A dictionary of only those terms whose id `keep` accepts, in the same order. */
  filtered(keep: (id: number) => boolean): TermDictionary {
    const kept = new TermDictionary();
    for (let id = 0; id < this.#size; id++) if (keep(id)) kept.intern(this.text(id));
    return kept;
  }

  #slotOf(term: string): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(term) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#equals(entry - 1, term)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(id: number, term: string): boolean {
    const characters = this.#characters;
    let at = this.#offsets[id] ?? 0;
    const end = this.#offsets[id + 1] ?? 0;
    for (let index = 0; index < term.length; index++) {
      if (at >= end) return false;
      const unit = term.charCodeAt(index);
      if (unit < WIDE) {
        if (characters[at] !== unit) return false;
        at += 1;
      } else {
        if (characters[at] !== WIDE || characters[at + 1] !== unit >> 8 || characters[at + 2] !== (unit & 0xff))
          return false;
        at += 3;
      }
    }
    return at === end;
  }

  #append(term: string, slot: number): number {
    const id = this.#size;
    let at = this.#offsets[id] ?? 0;
    if (this.#characters.length < at + 3 * term.length) {
      const grown = new Uint8Array(Math.max(1024, Math.ceil(this.#characters.length * 1.5), at + 3 * term.length));
      grown.set(this.#characters);
      this.#characters = grown;
    }
    if (this.#offsets.length < id + 2) {
      const grown = new Uint32Array(Math.max(256, Math.ceil(this.#offsets.length * 1.5)));
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    at = writeTerm(term, this.#characters, at);
    this.#size = id + 1;
    this.#offsets[id + 1] = at;
    this.#slots[slot] = id + 1;
    if (this.#size * 3 > this.#slots.length * 2) this.#rehash();
    return id;
  }

  #rehash(): void {
    let length = 256;
    while (length * 2 < this.#size * 3 + 3) length *= 2;
    const slots = new Uint32Array(length);
    const mask = length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#hashOfId(id) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }

  /** Equals `hashOf(text(id))`. */
  #hashOfId(id: number): number {
    const characters = this.#characters;
    const end = this.#offsets[id + 1] ?? 0;
    let hash = FNV_BASIS;
    for (let at = this.#offsets[id] ?? 0; at < end; at++) {
      let unit = characters[at] ?? 0;
      if (unit === WIDE) {
        unit = ((characters[at + 1] ?? 0) << 8) | (characters[at + 2] ?? 0);
        at += 2;
      }
      hash = Math.imul(hash ^ unit, FNV_PRIME);
    }
    return mix(hash);
  }
}

/** The bytes of a term as a dictionary keeps them. */
export function encodeTerm(term: string): Uint8Array {
  const bytes = new Uint8Array(3 * term.length);
  return bytes.subarray(0, writeTerm(term, bytes, 0));
}

/** Gives the place after the term's last byte. */
function writeTerm(term: string, bytes: Uint8Array, from: number): number {
  let at = from;
  for (let index = 0; index < term.length; index++) {
    const unit = term.charCodeAt(index);
    if (unit < WIDE) bytes[at++] = unit;
    else {
      bytes[at++] = WIDE;
      bytes[at++] = unit >> 8;
      bytes[at++] = unit & 0xff;
    }
  }
  return at;
}

/**
 * Which bytes occur, as bits by their lowest five bits. One edit changes at most two of them, and at most four where a wide unit is in
 * the term, which the bit of its mark tells.
 */
export function lettersOf(characters: Uint8Array, from: number, to: number): number {
  let letters = 0;
  for (let at = from; at < to; at++) letters |= 1 << ((characters[at] ?? 0) & 31);
  return letters;
}

/** Marks a UTF-16 unit of two bytes. */
export const WIDE = 0xff;

export const WIDE_LETTER = 1 << 31;

/** FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/), its high bits folded down. */
const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const mix = (hash: number): number => (hash ^ (hash >>> 15)) >>> 0;

function hashOf(term: string): number {
  let hash = FNV_BASIS;
  for (let index = 0; index < term.length; index++) hash = Math.imul(hash ^ term.charCodeAt(index), FNV_PRIME);
  return mix(hash);
}
