import { HeirloomError } from "../../contract/errors.ts";

/** A table of vectors, one a word piece. */
export interface ModelFile {
  readonly id: string;
  readonly dimensions: number;
  /** Pieces by their number, ASCII in lower case, a line each; those that continue a word begin with `##`. */
  readonly vocabulary: Uint8Array;
  /** By piece, what its components are multiplied by. */
  readonly scales: Float32Array;
  /** Components -8..7, one row a piece: two a byte, value + 8, low nibble first. */
  readonly nibbles: Uint8Array;
  /** Median length of a row, scale included. */
  readonly rowLength: number;
}

const VERSION = 1;
/** "HLSM" read as a little-endian number. */
const MAGIC = 0x4d534c48;
/** Words of the header: magic, version, dimensions, pieces, bytes of the vocabulary, bytes of the id; then the median row length as a float. */
const HEADER = 7;

/** One buffer: the header, the id, the vocabulary with a line an entry, float32 scales, the nibbles. All but these begin at multiples of four bytes. */
export function writeModelFile({ id, dimensions, vocabulary, scales, nibbles, rowLength }: ModelFile): Uint8Array {
  const idBytes = new TextEncoder().encode(id);
  const wordsAt = 4 * HEADER + aligned(idBytes.length);
  const scalesAt = wordsAt + aligned(vocabulary.length);
  const nibblesAt = scalesAt + scales.byteLength;
  const bytes = new Uint8Array(nibblesAt + nibbles.length);
  const header = [MAGIC, VERSION, dimensions, scales.length, vocabulary.length, idBytes.length];
  new Uint32Array(bytes.buffer, 0, HEADER - 1).set(header);
  new Float32Array(bytes.buffer, 4 * (HEADER - 1), 1)[0] = rowLength;
  bytes.set(idBytes, 4 * HEADER);
  bytes.set(vocabulary, wordsAt);
  new Float32Array(bytes.buffer, scalesAt, scales.length).set(scales);
  bytes.set(nibbles, nibblesAt);
  return bytes;
}

/** Vocabulary, scales and nibbles are views of `bytes` where they can be. EMBEDDING_FAILED. */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const source = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  if (source.length < 4 * HEADER) throw unusable("it is too short");
  const { buffer, byteOffset } = source;
  const [magic, version, dimensions = 0, pieces = 0, wordsLength = 0, idLength = 0] = new Uint32Array(
    buffer,
    byteOffset,
    HEADER - 1,
  );
  if (magic !== MAGIC) throw unusable("it is no model");
  if (version !== VERSION) throw unusable(`it has version ${version}, and this program reads version ${VERSION}`);
  const wordsAt = 4 * HEADER + aligned(idLength);
  const scalesAt = wordsAt + aligned(wordsLength);
  const nibblesAt = scalesAt + 4 * pieces;
  if (source.length !== nibblesAt + Math.ceil((pieces * dimensions) / 2)) throw unusable("its length is wrong");
  const vocabulary = source.subarray(wordsAt, wordsAt + wordsLength);
  if (linesOf(vocabulary) !== pieces) throw unusable("its vocabulary has another size than it says");
  return {
    id: new TextDecoder().decode(source.subarray(4 * HEADER, 4 * HEADER + idLength)),
    dimensions,
    vocabulary,
    scales: new Float32Array(buffer, byteOffset + scalesAt, pieces),
    nibbles: source.subarray(nibblesAt),
    rowLength: new Float32Array(buffer, byteOffset + 4 * (HEADER - 1), 1)[0] ?? 0,
  };
}

function linesOf(text: Uint8Array): number {
  let lines = 1;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, at + 1)) lines++;
  return lines;
}

const aligned = (length: number): number => (length + 3) & ~3;

const unusable = (why: string): HeirloomError =>
  new HeirloomError("EMBEDDING_FAILED", `The built-in model cannot be used: ${why}. Install Heirloom again.`);
