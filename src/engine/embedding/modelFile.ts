import { HeirloomError } from "../../contract/errors.ts";

/** A table of vectors, one a word piece. */
export interface ModelFile {
  readonly id: string;
  readonly dimensions: number;
  /** Pieces by their number; those that continue a word begin with `##`. */
  readonly vocabulary: readonly string[];
  /** By piece, what its components are multiplied by. */
  readonly scales: Float32Array;
  /** -8..7, one row a piece. */
  readonly components: Int8Array;
  /** Median length of a row, scale included. */
  readonly rowLength: number;
}

const VERSION = 1;
/** "HLSM" read as a little-endian number. */
const MAGIC = 0x4d534c48;
/** Words of the header: magic, version, dimensions, pieces, bytes of the vocabulary, bytes of the id; then the median row length as a float. */
const HEADER = 7;

/**
 * One buffer: the header, the id, the vocabulary with a line an entry, float32 scales, and the components as two signed nibbles a byte, value
 * + 8, low nibble first. Id, vocabulary and scales begin at multiples of four bytes.
 */
export function writeModelFile({ id, dimensions, vocabulary, scales, components, rowLength }: ModelFile): Uint8Array {
  const encoder = new TextEncoder();
  const [idBytes, words] = [encoder.encode(id), encoder.encode(vocabulary.join("\n"))];
  const wordsAt = 4 * HEADER + aligned(idBytes.length);
  const scalesAt = wordsAt + aligned(words.length);
  const componentsAt = scalesAt + scales.byteLength;
  const bytes = new Uint8Array(componentsAt + Math.ceil(components.length / 2));
  const header = [MAGIC, VERSION, dimensions, vocabulary.length, words.length, idBytes.length];
  new Uint32Array(bytes.buffer, 0, HEADER - 1).set(header);
  new Float32Array(bytes.buffer, 4 * (HEADER - 1), 1)[0] = rowLength;
  bytes.set(idBytes, 4 * HEADER);
  bytes.set(words, wordsAt);
  new Float32Array(bytes.buffer, scalesAt, scales.length).set(scales);
  for (let at = 0; at < components.length; at += 2)
    bytes[componentsAt + at / 2] = ((components[at] ?? 0) + 8) | (((components[at + 1] ?? 0) + 8) << 4);
  return bytes;
}

/** EMBEDDING_FAILED. */
export function readModelFile(bytes: Uint8Array): ModelFile {
  const source = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
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
  const componentsAt = scalesAt + 4 * pieces;
  if (source.length !== componentsAt + Math.ceil((pieces * dimensions) / 2)) throw unusable("its length is wrong");
  const decoder = new TextDecoder();
  const vocabulary = decoder.decode(source.subarray(wordsAt, wordsAt + wordsLength)).split("\n");
  if (vocabulary.length !== pieces) throw unusable("its vocabulary has another size than it says");
  return {
    id: decoder.decode(source.subarray(4 * HEADER, 4 * HEADER + idLength)),
    dimensions,
    vocabulary,
    scales: new Float32Array(buffer, byteOffset + scalesAt, pieces),
    components: fromNibbles(source.subarray(componentsAt), pieces * dimensions),
    rowLength: new Float32Array(buffer, byteOffset + 4 * (HEADER - 1), 1)[0] ?? 0,
  };
}

/** Components from two signed nibbles a byte, value + 8, low nibble first. */
export function fromNibbles(nibbles: Uint8Array, count: number): Int8Array {
  const components = new Int8Array(count);
  for (let at = 0; at < count; at += 2) {
    const pair = nibbles[at / 2] ?? 0;
    components[at] = (pair & 15) - 8;
    components[at + 1] = (pair >> 4) - 8;
  }
  return components;
}

const aligned = (length: number): number => (length + 3) & ~3;

const unusable = (why: string): HeirloomError =>
  new HeirloomError("EMBEDDING_FAILED", `The built-in model cannot be used: ${why}. Install Heirloom again.`);
