/** Writes numbers and texts one after the other into bytes that grow. One can be used for many records. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(8_192);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. */
  number(value: number): void {
    this.#need(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  /** A number that may be absent. */
  optional(value: number | undefined): void {
    this.number(value === undefined ? 0 : value + 1);
  }

  text(text: string): void {
    this.#need(3 * text.length + 8);
    const most = this.#at + lengthOfNumber(3 * text.length);
    const bytes = this.#bytes.write(text, most, "utf8");
    this.number(bytes);
    // The length takes as many bytes as the most that it could have been, or the text moves to it.
    this.#bytes.copyWithin(this.#at, most, most + bytes);
    this.#at += bytes;
  }

  bytes(bytes: Uint8Array): void {
    this.#need(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A double, as the machine has it. */
  double(value: number): void {
    this.#need(8);
    this.#bytes.writeDoubleLE(value, this.#at);
    this.#at += 8;
  }

  /** What was written, in memory that `room` gives; the next is written from the start. */
  take(room = (length: number): Uint8Array => new Uint8Array(length)): Uint8Array {
    const taken = room(this.#at);
    taken.set(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  #need(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#at + more));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}

/** Reads what a `ByteWriter` wrote, in the same order. Throws RangeError past the end. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  /** The next is read from there. */
  moveTo(place: number): void {
    this.#at = place;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    const first = this.#bytes[this.#at] ?? 0x80;
    if (first < 0x80) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) this.#ended();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  optional(): number | undefined {
    const value = this.number();
    return value === 0 ? undefined : value - 1;
  }

  text(): string {
    const { start, end } = this.#take(this.number());
    return this.#bytes.toString("utf8", start, end);
  }

  /** Passes a text by; `textAt` its place gives it later. */
  skipText(): void {
    this.#take(this.number());
  }

  /** The text that begins at a place that was passed. */
  textAt(place: number): string {
    this.moveTo(place);
    return this.text();
  }

  /** Passes so many numbers by. */
  skipNumbers(count: number): void {
    for (let left = count; left > 0; left--) while ((this.#bytes[this.#at++] ?? this.#ended()) > 0x7f);
  }

  /** A view of the bytes, not a copy. */
  bytes(length: number): Uint8Array {
    const { start, end } = this.#take(length);
    return this.#bytes.subarray(start, end);
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8).start);
  }

  #ended(): never {
    throw new RangeError("a number ends after the bytes");
  }

  #take(length: number): { readonly start: number; readonly end: number } {
    const start = this.#at;
    const end = start + length;
    if (end > this.#bytes.length) throw new RangeError("a text ends after the bytes");
    this.#at = end;
    return { start, end };
  }
}

function lengthOfNumber(value: number): number {
  let length = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
