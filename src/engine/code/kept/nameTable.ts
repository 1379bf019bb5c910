import { ByteReader, ByteWriter } from "./bytes.ts";

/**
 * Names of code, each kept once and known by a small number: a million of them as strings in a Map would be 100 MB. Of a name that no file holds any more only
 * the number is saved.
 */
export class NameTable {
  /** UTF-16 units of all names, one after the other: those below 255 in one byte, any other as the byte 255 and its high and its low byte. */
  #bytes = new Uint8Array(1 << 14);
  #text = Buffer.from(this.#bytes.buffer);
  /** By number, where its bytes begin; one more than there are names. */
  #starts = new Uint32Array(1 << 11);
  /** By number, how many files hold it. */
  #holders = new Uint32Array(1 << 11);
  /** Numbers of names, each plus one, at the places that their hashes lead to; 0 where there is none. */
  #places = new Uint32Array(1 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#holders.byteLength + this.#places.byteLength;
  }

  /** The number of a name, which is new to the table if it has to be. */
  intern(name: string): number {
    const place = this.#placeOf(name);
    const known = this.#places[place] ?? 0;
    if (known > 0) return known - 1;
    const number = this.#append(name);
    this.#places[place] = number + 1;
    if (2 * this.#size > this.#places.length) this.#spread(2 * this.#places.length);
    return number;
  }

  find(name: string): number | undefined {
    const known = this.#places[this.#placeOf(name)] ?? 0;
    return known === 0 ? undefined : known - 1;
  }

  nameOf(number: number): string {
    const [start = 0, end = 0] = [this.#starts[number], this.#starts[number + 1]];
    let name = this.#text.toString("latin1", start, end);
    if (!name.includes(WIDE_CHARACTER)) return name;
    name = "";
    for (let at = start; at < end; at++) {
      let unit = this.#bytes[at] ?? 0;
      if (unit === WIDE) unit = ((this.#bytes[++at] ?? 0) << 8) | (this.#bytes[++at] ?? 0);
      name += String.fromCharCode(unit);
    }
    return name;
  }

  /** One more file holds it. */
  hold(number: number): void {
    this.#holders[number] = (this.#holders[number] ?? 0) + 1;
  }

  release(number: number): void {
    this.#holders[number] = Math.max(0, (this.#holders[number] ?? 0) - 1);
  }

  save(): Uint8Array {
    const writer = new ByteWriter();
    writer.number(this.#size);
    for (let number = 0; number < this.#size; number++) {
      writer.number(this.#holders[number] ?? 0);
      if ((this.#holders[number] ?? 0) > 0) writer.text(this.nameOf(number));
    }
    return writer.take();
  }

  /** Throws RangeError where the bytes end too early. */
  static load(bytes: Uint8Array): NameTable {
    const reader = new ByteReader(bytes);
    const table = new NameTable();
    const size = reader.number();
    table.#spread(powerOfTwo(2 * size + 2));
    for (let number = 0; number < size; number++) {
      const holders = reader.number();
      table.#append(holders > 0 ? reader.text() : "");
      table.#holders[number] = holders;
    }
    table.#spread(table.#places.length);
    return table;
  }

  #append(name: string): number {
    const number = this.#size++;
    const start = this.#starts[number] ?? 0;
    const most = start + 3 * name.length;
    if (most > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, Math.max(most, 1.5 * this.#bytes.length));
      this.#text = Buffer.from(this.#bytes.buffer);
    }
    if (number + 1 >= this.#starts.length) {
      this.#starts = grown(this.#starts, 1.5 * this.#starts.length);
      this.#holders = grown(this.#holders, this.#starts.length);
    }
    let end = start;
    for (let at = 0; at < name.length; at++) {
      const unit = name.charCodeAt(at);
      if (unit >= WIDE) {
        this.#bytes[end++] = WIDE;
        this.#bytes[end++] = unit >> 8;
      }
      this.#bytes[end++] = unit;
    }
    this.#starts[number + 1] = end;
    return number;
  }

  /** Where the name is, or would be put. */
  #placeOf(name: string): number {
    const mask = this.#places.length - 1;
    for (let place = hashOf(name) & mask; ; place = (place + 1) & mask) {
      const known = this.#places[place] ?? 0;
      if (known === 0 || this.#isName(known - 1, name)) return place;
    }
  }

  #isName(number: number, name: string): boolean {
    const [start = 0, end = 0] = [this.#starts[number], this.#starts[number + 1]];
    if (end - start < name.length) return false;
    let place = start;
    for (let at = 0; at < name.length; at++) {
      const unit = name.charCodeAt(at);
      if (unit >= WIDE && (this.#bytes[place++] !== WIDE || this.#bytes[place++] !== unit >> 8)) return false;
      if (this.#bytes[place++] !== (unit & 0xff)) return false;
    }
    return place === end;
  }

  #spread(places: number): void {
    this.#places = new Uint32Array(places);
    for (let number = 0; number < this.#size; number++) {
      // One that nothing held when it was saved has no bytes, and is not found.
      if (this.#starts[number] === this.#starts[number + 1]) continue;
      this.#places[this.#placeOf(this.nameOf(number))] = number + 1;
    }
  }
}

/** What stands before the two bytes of a unit that does not fit in one. */
const WIDE = 0xff;
const WIDE_CHARACTER = "\u00ff";

/** FNV-1a over UTF-16 units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function grown<Words extends Uint8Array | Uint32Array>(words: Words, length: number): Words {
  const more = new (words.constructor as new (length: number) => Words)(Math.ceil(length));
  more.set(words);
  return more;
}

function powerOfTwo(least: number): number {
  let power = 1 << 12;
  while (power < least) power *= 2;
  return power;
}
