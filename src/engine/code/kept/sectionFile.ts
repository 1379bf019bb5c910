import { crc32 } from "node:zlib";
import { HeirloomError } from "../../../contract/errors.ts";
import type { OpenFile } from "../../ports.ts";

/** "HLCX" */
const MAGIC = 0x58434c48;
/** Goes up when the frame changes. What the sections hold has a fingerprint of its own. */
const VERSION = 1;
/** Magic and version; nothing else stands before the sections. */
const HEADER_BYTES = 8;
/** Length and CRC-32 of the contents, which stand before it, and the magic: a file that was cut off does not end like that. */
const FOOTER_BYTES = 12;
const PIECE_BYTES = 1_048_576;
/** More is not read into one array. */
const LONGEST_SECTION = 0x7fffffff;

interface Section {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly crc32: number;
}

interface Contents {
  /** Of everything that the sections depend on. */
  readonly fingerprint: string;
  readonly sections: readonly Section[];
}

/**
 * Writes sections one after the other, so that no two of them have to be in memory, then where they are and their checksums. Gives the length of the file.
 * `file` is empty, and is not synced here. Throws what writing throws.
 */
export async function writeSections(
  file: OpenFile,
  fingerprint: string,
  sections: AsyncIterable<readonly [name: string, bytes: Iterable<Uint8Array>]>,
): Promise<number> {
  await file.append(words(MAGIC, VERSION));
  const written: Section[] = [];
  let at = HEADER_BYTES;
  for await (const [name, pieces] of sections) {
    let [length, sum] = [0, 0];
    for (const piece of together(pieces)) {
      await file.append(piece);
      sum = crc32(piece, sum);
      length += piece.length;
    }
    written.push({ name, at, length, crc32: sum });
    at += length;
  }
  const contents = Buffer.from(JSON.stringify({ fingerprint, sections: written } satisfies Contents));
  await file.append(contents);
  await file.append(words(contents.length, crc32(contents), MAGIC));
  return at + contents.length + FOOTER_BYTES;
}

/** Reads single sections of a file that `writeSections` wrote. */
export class SectionReader {
  readonly #file: OpenFile;
  readonly #sections: ReadonlyMap<string, Section>;

  private constructor(file: OpenFile, sections: readonly Section[]) {
    this.#file = file;
    this.#sections = new Map(sections.map((section) => [section.name, section]));
  }

  /** Undefined where it has another fingerprint. STORE_CORRUPT, UNSUPPORTED_VERSION. */
  static async open(file: OpenFile, fingerprint: string): Promise<SectionReader | undefined> {
    const size = await file.size();
    const [magic, version] = wordsOf(await file.read(0, HEADER_BYTES));
    if (size < HEADER_BYTES + FOOTER_BYTES || magic !== MAGIC) throw corrupt("it is no saved index");
    if (version !== VERSION)
      throw new HeirloomError("UNSUPPORTED_VERSION", `The saved index has version ${version}, and ${VERSION} is read.`);
    const [length = 0, sum, end] = wordsOf(await file.read(size - FOOTER_BYTES, FOOTER_BYTES));
    if (end !== MAGIC || length > size - HEADER_BYTES - FOOTER_BYTES) throw corrupt("it was not written to its end");
    const bytes = await file.read(size - FOOTER_BYTES - length, length);
    if (crc32(bytes) !== sum) throw corrupt("the checksum of its contents does not match");
    const contents = JSON.parse(Buffer.from(bytes).toString("utf8")) as Contents;
    return contents.fingerprint === fingerprint ? new SectionReader(file, contents.sections) : undefined;
  }

  /** Undefined where there is none of that name. STORE_CORRUPT. */
  async read(name: string): Promise<Uint8Array | undefined> {
    const section = this.#sections.get(name);
    if (section === undefined) return undefined;
    if (section.length > LONGEST_SECTION) throw corrupt("a section is too long");
    const bytes = await this.#file.read(section.at, section.length);
    if (bytes.length !== section.length || crc32(bytes) !== section.crc32)
      throw corrupt(`the checksum of its ${name} does not match`);
    return bytes;
  }
}

/** Small pieces are written as one. */
function* together(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < PIECE_BYTES) continue;
    yield waiting.length === 1 ? piece : Buffer.concat(waiting, length);
    [waiting, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(waiting, length);
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at);
  return bytes;
}

function wordsOf(bytes: Uint8Array): readonly number[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => view.readUInt32LE(4 * at));
}

const corrupt = (why: string): HeirloomError =>
  new HeirloomError("STORE_CORRUPT", `The saved index cannot be used: ${why}.`);
