import { crc32 } from "node:zlib";
import { HeirloomError } from "../../contract/errors.ts";

/** What a saved vector index holds. */
export interface VectorFile {
  readonly model: string;
  readonly dimensions: number;
  /** By vector, its row; vectors of one row stand next to each other. */
  readonly rows: Uint32Array;
  /** By vector, what its components are multiplied by. */
  readonly scales: Float32Array;
  /** One vector after the other. */
  readonly components: Int8Array;
}

const VERSION = 2;
/** "HLVX" read as a little-endian number. */
const MAGIC = 0x58564c48;
/** Words of the header: magic, version, length of the file, CRC-32 of what follows it, dimensions, vectors, bytes of the model's id. */
const HEADER = 7;
/** Bytes from here on are in the checksum. */
const SUMMED = 16;

/**
 * The header, the id of the model, the rows, the scales and the components, each starting at a multiple of four bytes. The components are read twice, some
 * at a time: first for the checksum.
 */
export function* writeVectorFile(
  { model, dimensions, rows, scales }: Omit<VectorFile, "components">,
  components: () => Iterable<Int8Array>,
): Generator<Uint8Array> {
  const name = new TextEncoder().encode(model);
  const id = new Uint8Array(aligned(name.length));
  id.set(name);
  const before = [id, bytesOf(rows), bytesOf(scales)];
  const header = new Uint32Array(HEADER);
  const length = header.byteLength + id.length + rows.length * (8 + dimensions);
  header.set([MAGIC, VERSION, length, 0, dimensions, rows.length, name.length]);
  let sum = crc32(bytesOf(header.subarray(SUMMED / 4)));
  for (const piece of before) sum = crc32(piece, sum);
  for (const piece of components()) sum = crc32(bytesOf(piece), sum);
  header[3] = sum;
  yield bytesOf(header);
  yield* before;
  for (const piece of components()) yield bytesOf(piece);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array | Int8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Rows, scales and components are views of `bytes` where they can be. UNSUPPORTED_VERSION, STORE_CORRUPT; EMBEDDING_FAILED where its vectors are
 * those of another model than is wanted; any, where none is.
 */
export function readVectorFile(bytes: Uint8Array, wanted?: Pick<VectorFile, "model" | "dimensions">): VectorFile {
  const source = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  if (source.length < 4 * HEADER) throw corrupt("it is too short");
  const header = new Uint32Array(source.buffer, source.byteOffset, HEADER);
  const [magic, version, length = 0, sum, dimensions = 0, count = 0, idLength = 0] = header;
  if (magic !== MAGIC) throw corrupt("they are no vectors");
  if (version !== VERSION)
    throw new HeirloomError(
      "UNSUPPORTED_VERSION",
      `The saved vectors have version ${version} and this program reads version ${VERSION}; build the index again.`,
    );
  const idEnd = 4 * HEADER + aligned(idLength);
  if (length !== source.length || length !== idEnd + count * (8 + dimensions)) throw corrupt("its length is wrong");
  if (sum !== crc32(source.subarray(SUMMED))) throw corrupt("its checksum does not match");
  const model = new TextDecoder().decode(source.subarray(4 * HEADER, 4 * HEADER + idLength));
  if (wanted !== undefined && (model !== wanted.model || dimensions !== wanted.dimensions))
    throw new HeirloomError("EMBEDDING_FAILED", `These vectors are of ${model}, and the model is ${wanted.model}.`);
  return {
    model,
    dimensions,
    rows: new Uint32Array(source.buffer, source.byteOffset + idEnd, count),
    scales: new Float32Array(source.buffer, source.byteOffset + idEnd + 4 * count, count),
    components: new Int8Array(source.buffer, source.byteOffset + idEnd + 8 * count, count * dimensions),
  };
}

const aligned = (length: number): number => (length + 3) & ~3;

const corrupt = (why: string): HeirloomError =>
  new HeirloomError("STORE_CORRUPT", `The saved vectors cannot be used: ${why}. Build the index again.`);
