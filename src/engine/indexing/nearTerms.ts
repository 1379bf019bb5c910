import { encodeTerm, lettersOf, type TermDictionary, WIDE, WIDE_LETTER } from "./termDictionary.ts";

/**
 * Finds the terms of a dictionary that resemble a given one. Terms are kept in lists by their first byte, each with its letters and length
 * beside it, so that a look goes through one list, or two, from end to end. Made when first needed and kept up then: 9 bytes a term.
 */
export class NearTerms {
  readonly dictionary: TermDictionary;
  readonly #lists: TermList[] = [];
  /** Terms from here on are in no list yet. */
  #known = 0;

  constructor(dictionary: TermDictionary) {
    this.dictionary = dictionary;
  }

  get bytes(): number {
    return this.#lists.reduce((sum, list) => sum + list.bytes, 0);
  }

  /**
   * Ids of terms that may be within `distance` edits of `term` (two edits: with the same first byte), begin with it (when `completions`), or
   * hold it when it is one character of an unspaced script. Some that are none of these are among them; none is left out, none is twice.
   */
  find(term: string, distance: 0 | 1 | 2, completions: boolean): readonly number[] {
    this.#keepUp();
    const found = new Set<number>();
    const wanted = encodeTerm(term);
    const [first = 0] = wanted;
    // A character of three bytes may stand at the second place of any term.
    const anywhere = completions && wanted.length === 3 && first === WIDE;
    for (const [byte, list] of this.#lists.entries()) {
      // Lists of wide characters hold so many different ones that trying them out is no cheaper.
      if (byte === first || anywhere || (distance === 1 && byte === WIDE)) {
        this.#scan(list, { wanted, distance, completions, anywhere }, found);
      } else if (distance === 1 && list.count > 0) {
        const letter = String.fromCharCode(byte);
        this.#add(letter + term, found);
        this.#add(letter + term.slice(1), found);
        if (term.charCodeAt(1) === byte) this.#add(letter + term.charAt(0) + term.slice(2), found);
      }
    }
    if (distance === 1) this.#add(term.slice(1), found);
    return [...found];
  }

  #scan(list: TermList, look: Look, found: Set<number>): void {
    const { wanted, distance, completions, anywhere } = look;
    const { ids, letters, lengths, count } = list;
    const { characters, offsets } = this.dictionary;
    const wantedLetters = lettersOf(wanted, 0, wanted.length);
    for (let at = 0; at < count; at++) {
      const length = lengths[at] ?? 0;
      const held = letters[at] ?? 0;
      if (completions && length > wanted.length && (held & wantedLetters) === wantedLetters) {
        const id = ids[at] ?? 0;
        const start = offsets[id] ?? 0;
        if (startsWith(characters, start, wanted) || (anywhere && startsWith(characters, start + 3, wanted))) {
          found.add(id);
          continue;
        }
      }
      if (distance === 0) continue;
      // One edit changes at most two letters, and one that adds or takes away a character at most one; a wide character counts as three.
      const longer = Math.abs(length - wanted.length);
      const wide = ((held | wantedLetters) & WIDE_LETTER) !== 0;
      if (longer > (wide ? 3 * distance : distance)) continue;
      if (bitCount(held ^ wantedLetters) <= (wide ? 4 * distance : 2 * distance - longer)) found.add(ids[at] ?? 0);
    }
  }

  #add(term: string, found: Set<number>): void {
    const id = this.dictionary.find(term);
    if (id !== -1) found.add(id);
  }

  #keepUp(): void {
    const { size, characters, offsets } = this.dictionary;
    for (let id = this.#known; id < size; id++) {
      const start = offsets[id] ?? 0;
      const end = offsets[id + 1] ?? 0;
      const byte = characters[start] ?? 0;
      while (this.#lists.length <= byte) this.#lists.push(new TermList());
      this.#lists[byte]?.add(id, lettersOf(characters, start, end), end - start);
    }
    this.#known = size;
  }
}

interface Look {
  readonly wanted: Uint8Array;
  readonly distance: 0 | 1 | 2;
  readonly completions: boolean;
  readonly anywhere: boolean;
}

/** Terms with one first byte. */
class TermList {
  ids = new Uint32Array(0);
  letters = new Uint32Array(0);
  /** In bytes; a term is no longer than 64 units of at most three. */
  lengths = new Uint8Array(0);
  count = 0;

  get bytes(): number {
    return this.ids.byteLength + this.letters.byteLength + this.lengths.byteLength;
  }

  add(id: number, letters: number, length: number): void {
    if (this.count === this.ids.length) this.#grow();
    this.ids[this.count] = id;
    this.letters[this.count] = letters;
    this.lengths[this.count] = length;
    this.count += 1;
  }

  #grow(): void {
    const room = Math.ceil(this.count * 1.5) + 16;
    const [ids, letters, lengths] = [new Uint32Array(room), new Uint32Array(room), new Uint8Array(room)];
    ids.set(this.ids);
    letters.set(this.letters);
    lengths.set(this.lengths);
    [this.ids, this.letters, this.lengths] = [ids, letters, lengths];
  }
}

function startsWith(characters: Uint8Array, from: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index++) if (characters[from + index] !== prefix[index]) return false;
  return true;
}

function bitCount(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
