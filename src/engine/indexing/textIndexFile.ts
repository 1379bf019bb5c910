import { crc32 } from "node:zlib";
import { HeirloomError } from "../../contract/errors.ts";
import { PackedPostings } from "./packedPostings.ts";
import { PassageTable } from "./passageTable.ts";
import { SEGMENT_PASSAGES } from "./postings.ts";
import { type PackedSegment, Segment } from "./segment.ts";
import { TermDictionary } from "./termDictionary.ts";

/** What a saved index holds. It has no removed passages. */
export interface TextIndexContent {
  readonly dictionary: TermDictionary;
  /** By term, the largest weighted frequency that it has. */
  readonly largest: Uint8Array;
  readonly segments: readonly PackedSegment[];
}

/** Goes up when the format changes, and when the analyser does: terms of another analyser would not be found. */
const VERSION = 1;
/** "HLTX" read as a little-endian number: on a big-endian machine, whose arrays differ, it is another. */
const MAGIC = 0x58544c48;
/** Words of the header: magic, version, length of the file, its CRC-32 with this word as 0, terms, bytes of characters, segments. */
const HEADER = 7;
/** Words that each segment adds to the header: passages, terms (its offsets less one), postings. */
const SEGMENT_HEADER = 3;

/**
 * The header, then every array, each starting at a multiple of four bytes: offsets and characters of the dictionary, the largest
 * frequencies, and by segment rows, lengths, offsets, passages, frequencies.
 */
export function encodeTextIndex({ dictionary, largest, segments }: TextIndexContent): readonly Uint8Array[] {
  const header = new Uint32Array(HEADER + SEGMENT_HEADER * segments.length);
  const arrays: (Uint8Array | Uint16Array | Uint32Array)[] = [
    header,
    dictionary.offsets,
    dictionary.characters,
    largest,
  ];
  for (const [index, { passages, postings }] of segments.entries()) {
    const count = passages.count;
    header.set([count, postings.offsets.length - 1, postings.count], HEADER + SEGMENT_HEADER * index);
    arrays.push(passages.rows.subarray(0, count), passages.lengths.subarray(0, count));
    arrays.push(postings.offsets, postings.passages, postings.frequencies);
  }
  const length = arrays.reduce((sum, array) => sum + aligned(array.byteLength), 0);
  header.set([MAGIC, VERSION, length, 0, dictionary.size, dictionary.characters.length, segments.length]);
  const pieces = arrays.flatMap(({ buffer, byteOffset, byteLength }) => [
    new Uint8Array(buffer, byteOffset, byteLength),
    new Uint8Array(aligned(byteLength) - byteLength),
  ]);
  header[3] = pieces.reduce((sum, piece) => crc32(piece, sum), 0);
  return pieces;
}

/** The arrays are views of `bytes`, which must not be changed after. UNSUPPORTED_VERSION, STORE_CORRUPT. */
export function decodeTextIndex(bytes: Uint8Array): TextIndexContent {
  const source = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const reader = new ArrayReader(source);
  const [magic, version, length, sum, terms, characters, segmentCount] = checkedHeader(reader, source);
  if (magic !== MAGIC) throw corrupt("it is no text index");
  if (version !== VERSION) {
    throw new HeirloomError(
      "UNSUPPORTED_VERSION",
      `The saved text index has version ${version} and this program reads version ${VERSION}; build the index again.`,
    );
  }
  if (length !== source.byteLength) throw corrupt("its length is not the one it names");
  if (sum !== sumOf(source)) throw corrupt("its checksum does not match");

  const heads = reader.words(SEGMENT_HEADER * segmentCount);
  const offsets = reader.words(terms + 1);
  const dictionary = new TermDictionary(offsets, reader.bytes(characters));
  const largest = reader.bytes(terms);
  const segments: PackedSegment[] = [];
  for (let index = 0; index < segmentCount; index++) {
    const [passages = 0, segmentTerms = 0, postings = 0] = heads.subarray(SEGMENT_HEADER * index);
    if (passages > SEGMENT_PASSAGES) throw corrupt("a segment is too large");
    const table = new PassageTable(reader.words(passages), reader.halves(passages), passages);
    segments.push(
      new Segment(
        table,
        new PackedPostings(reader.words(segmentTerms + 1), reader.halves(postings), reader.bytes(postings)),
      ),
    );
  }
  return { dictionary, largest, segments };
}

function checkedHeader(
  reader: ArrayReader,
  source: Uint8Array,
): [number, number, number, number, number, number, number] {
  if (source.byteLength < HEADER * 4) throw corrupt("it is too short");
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = reader.words(HEADER);
  return [a, b, c, d, e, f, g];
}

/** CRC-32 of the bytes with the word that holds it taken as 0. */
function sumOf(bytes: Uint8Array): number {
  const before = crc32(bytes.subarray(0, 12));
  return crc32(bytes.subarray(16), crc32(new Uint8Array(4), before));
}

const aligned = (length: number): number => (length + 3) & ~3;

const corrupt = (why: string): HeirloomError =>
  new HeirloomError("STORE_CORRUPT", `The saved text index cannot be used: ${why}. Build the index again.`);

/** Takes arrays off a buffer one after the other, as views. */
class ArrayReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  words(count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(4 * count), count);
  }
  halves(count: number): Uint16Array {
    return new Uint16Array(this.#bytes.buffer, this.#take(2 * count), count);
  }
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#take(count), count);
  }

  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.byteLength) throw corrupt("an array ends after the file");
    this.#at = start + aligned(length);
    return this.#bytes.byteOffset + start;
  }
}
