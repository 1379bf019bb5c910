import { HeirloomError } from "../../contract/errors.ts";
import { crc32c } from "./crc32c.ts";
import { checkFrame, FRAME_OVERHEAD, frameOf, nextValidFrame } from "./frame.ts";

/** How files are framed. Changes when the preamble's successor or the frames do. */
const FORMAT_VERSION = 1;
/** What the payloads mean: the shapes of contract/events.ts. */
const STORE_VERSION = 1;
const MAGIC = Buffer.from("HEIRLOOM");
/** `magic 8 bytes | format version u32 LE | CRC-32C of these 12 bytes u32 LE`; every version of the format keeps these 16 bytes. */
const PREAMBLE = 16;
/** More than any header takes. */
export const HEADER_WINDOW = 16 * 1024;

/** A place in the journal: everything up to `length` bytes of `segment`, which ends with the event `seq`. */
export interface Position {
  readonly segment: string;
  readonly length: number;
  readonly seq: number;
}

export type FileHeader =
  | {
      readonly holds: "segment";
      readonly generation: number;
      readonly epoch: number;
      readonly number: number;
      readonly firstSeq: number;
      /** What its writer had read when it began: bytes of that segment past this length are not history. Absent in a store's first. */
      readonly predecessor?: Position;
      /** File name of the snapshot that stands at the predecessor's position; set in the first segment of a generation. */
      readonly snapshot?: string;
      /** Nothing before the snapshot is kept: what still lies in the folder of it waits for its removal. */
      readonly purged?: true;
    }
  | { readonly holds: "snapshot"; readonly generation: number; readonly epoch: number; readonly seq: number };
export type SegmentHeader = Extract<FileHeader, { holds: "segment" }>;

/** The bytes a file starts with. The header stands there twice, so that one damaged byte never hides a segment's predecessor. */
export function encodeHeader(header: FileHeader): Buffer {
  const preamble = Buffer.alloc(PREAMBLE);
  MAGIC.copy(preamble);
  preamble.writeUInt32LE(FORMAT_VERSION, 8);
  preamble.writeUInt32LE(crc32c(preamble.subarray(0, 12)), 12);
  const frame = frameOf(JSON.stringify({ ...header, store: STORE_VERSION }));
  return Buffer.concat([preamble, frame, frame]);
}

export type HeaderRead =
  /** `start` is the offset of the first frame after it; `damaged` when a part of it could be done without. */
  | { readonly state: "valid"; readonly header: FileHeader; readonly start: number; readonly damaged: boolean }
  /** The file ends inside it: its writer is at work, or crashed before anything in the file was acknowledged. */
  | { readonly state: "incomplete" }
  | { readonly state: "unreadable" };

/**
 * Reads the header from the first `HEADER_WINDOW` bytes of a file (`bytes`; fewer only if the file is shorter).
 * UNSUPPORTED_VERSION for a format or store version that this program does not know.
 */
export function parseHeader(bytes: Buffer, file: string): HeaderRead {
  const intact =
    bytes.length >= PREAMBLE &&
    bytes.subarray(0, 8).equals(MAGIC) &&
    crc32c(bytes.subarray(0, 12)) === bytes.readUInt32LE(12);
  if (intact) requireVersion(file, "format", bytes.readUInt32LE(8), FORMAT_VERSION);
  if (bytes.length < PREAMBLE) return { state: "incomplete" };
  const first = headerAt(bytes, PREAMBLE, file);
  if (first !== undefined) {
    const copyEnd = first.end + (first.end - PREAMBLE);
    if (copyEnd > bytes.length) return { state: "incomplete" };
    const copy = headerAt(bytes, first.end, file);
    return { state: "valid", header: first.header, start: copyEnd, damaged: !intact || copy === undefined };
  }
  const found = nextValidFrame(bytes, PREAMBLE + FRAME_OVERHEAD);
  const second = found === undefined ? undefined : headerAt(bytes, found, file);
  if (second !== undefined) return { state: "valid", header: second.header, start: second.end, damaged: true };
  return intact && checkFrame(bytes, PREAMBLE).state === "incomplete"
    ? { state: "incomplete" }
    : { state: "unreadable" };
}

function headerAt(bytes: Buffer, offset: number, file: string): { header: FileHeader; end: number } | undefined {
  const check = checkFrame(bytes, offset);
  if (check.state !== "valid") return undefined;
  const payload = JSON.parse(bytes.toString("utf8", offset + FRAME_OVERHEAD, check.end)) as Partial<
    FileHeader & { store: number }
  >;
  if (payload.holds === undefined) return undefined;
  requireVersion(file, "store", payload.store, STORE_VERSION);
  return { header: payload as FileHeader, end: check.end };
}

function requireVersion(file: string, what: string, found: number | undefined, known: number): void {
  if (found === known) return;
  throw new HeirloomError(
    "UNSUPPORTED_VERSION",
    `${file} has ${what} version ${String(found)}, this program knows ${known}: update Heirloom. Nothing was changed.`,
    { file, version: found, supported: known },
  );
}
