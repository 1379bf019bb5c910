import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { ByteReader, ByteWriter } from "./bytes.ts";

/** What is shorter, in bytes, gains little. */
const WORTH_PACKING = 128;

const writer = new ByteWriter();

/**
 * Texts that are most of a record and seldom asked for, signatures and comments, pressed together to a third. Absent ones are undefined.
 */
export class DescribedTexts {
  readonly #placeOf = new Map<string, number>();

  /** Where the text stands among them. */
  placeOf(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    const place = this.#placeOf.get(text) ?? this.#placeOf.size;
    this.#placeOf.set(text, place);
    return place;
  }

  /** How many bytes there are, how many they were pressed to (0 where they were not), and those. */
  write(to: ByteWriter): void {
    for (const text of this.#placeOf.keys()) writer.text(text);
    const plain = writer.take();
    const pressed = plain.length < WORTH_PACKING ? plain : deflateRawSync(plain, { windowBits: 13 });
    const isPressed = pressed.length < plain.length;
    to.number(plain.length);
    to.number(isPressed ? pressed.length : 0);
    to.bytes(isPressed ? pressed : plain);
  }
}

/** Texts that were written so. They are unpacked when the first of them is asked for. */
export class WrittenTexts {
  readonly #bytes: Uint8Array;
  readonly #plainLength: number;
  readonly #isPressed: boolean;
  #texts: readonly string[] | undefined;

  /** Reads past them. Throws RangeError where they end too early. */
  constructor(reader: ByteReader) {
    this.#plainLength = reader.number();
    const pressed = reader.number();
    this.#isPressed = pressed > 0;
    this.#bytes = reader.bytes(this.#isPressed ? pressed : this.#plainLength);
  }

  at(place: number | undefined): string | undefined {
    return place === undefined ? undefined : (this.#texts ??= this.#unpacked())[place];
  }

  #unpacked(): readonly string[] {
    // In one piece that is as large as they are.
    const room = { chunkSize: Math.max(constants.Z_MIN_CHUNK, this.#plainLength) };
    const reader = new ByteReader(this.#isPressed ? inflateRawSync(this.#bytes, room) : this.#bytes);
    const texts: string[] = [];
    while (!reader.isAtEnd) texts.push(reader.text());
    return texts;
  }
}
