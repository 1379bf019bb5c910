import { ByteReader, type ByteWriter } from "./bytes.ts";
import { WrittenTexts } from "./describedTexts.ts";
import type { NameTable } from "./nameTable.ts";
import { many } from "./numbers.ts";

/** The texts of one record, each once. */
export class RecordTexts {
  readonly names: number[] = [];
  readonly own: string[] = [];
  readonly #table: NameTable;
  readonly #placeOfName = new Map<string, number>();
  readonly #placeOfOwn = new Map<string, number>();

  constructor(table: NameTable) {
    this.#table = table;
  }

  name(name: string): number {
    let place = this.#placeOfName.get(name);
    if (place === undefined) {
      place = this.names.push(this.#table.intern(name)) - 1;
      this.#placeOfName.set(name, place);
    }
    return place;
  }

  writeName(writer: ByteWriter, name: string): void {
    writer.number(this.name(name));
  }

  writeOwn(writer: ByteWriter, text: string | undefined): void {
    if (text === undefined) {
      writer.number(0);
      return;
    }
    let place = this.#placeOfOwn.get(text);
    if (place === undefined) {
      place = this.own.push(text) - 1;
      this.#placeOfOwn.set(text, place);
    }
    writer.optional(place);
  }
}

/** The texts of a record while it is read: each is made when it is asked for. */
export class TextsOfRecord {
  readonly #names: NameTable;
  readonly #numbers: readonly number[];
  /** Where those of its own begin. */
  readonly #own: readonly number[];
  readonly described: WrittenTexts;
  readonly #reader: ByteReader;

  /** Reads up to where the rest of the record begins. */
  constructor(reader: ByteReader, record: Uint8Array, names: NameTable) {
    this.#names = names;
    this.#reader = new ByteReader(record);
    const count = reader.number();
    reader.skipNumbers(1);
    this.#numbers = many(count, () => reader.number());
    for (let lists = 0; lists < 4; lists++) reader.skipNumbers(reader.number());
    this.#own = many(reader.number(), () => {
      const { at } = reader;
      reader.skipText();
      return at;
    });
    this.described = new WrittenTexts(reader);
  }

  name(place: number): string {
    const number = this.#numbers[place];
    return number === undefined ? "" : this.#names.nameOf(number);
  }

  own(place: number | undefined): string | undefined {
    const at = place === undefined ? undefined : this.#own[place];
    return at === undefined ? undefined : this.#reader.textAt(at);
  }

  placesOf(names: ReadonlySet<string>): ReadonlySet<number> {
    const wanted = new Set([...names].map((name) => this.#names.find(name)));
    return new Set(this.#numbers.flatMap((number, place) => (wanted.has(number) ? [place] : [])));
  }
}
