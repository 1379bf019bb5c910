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

/** One buffer: the header, the id of the model, the rows, the scales and the components, each starting at a multiple of four bytes. */
export function writeVectorFile({ model, dimensions, rows, scales, components }: VectorFile): Uint8Array {
  const id = new TextEncoder().encode(model);
  const idEnd = 4 * HEADER + aligned(id.length);
  const [scalesAt, componentsAt] = [idEnd + rows.byteLength, idEnd + rows.byteLength + scales.byteLength];
  const bytes = new Uint8Array(componentsAt + components.byteLength);
  bytes.set(id, 4 * HEADER);
  bytes.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength), idEnd);
  bytes.set(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength), scalesAt);
  bytes.set(new Uint8Array(components.buffer, components.byteOffset, components.byteLength), componentsAt);
  const header = new Uint32Array(bytes.buffer, 0, HEADER);
  header.set([MAGIC, VERSION, bytes.length, 0, dimensions, rows.length, id.length]);
  header[3] = crc32(bytes.subarray(SUMMED));
  return bytes;
}

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
