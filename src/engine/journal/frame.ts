import { crc32c } from "./crc32c.ts";

/** `length u32 LE | CRC-32C of the payload u32 LE`, in front of every payload. */
export const FRAME_OVERHEAD = 8;
/**
 * The most that one payload may hold, in bytes. Below 2^24 * 4, so that the highest byte of a length is under 0x20: JSON text holds no such
 * byte, and a scan for the next frame never takes a piece of text for one.
 */
export const MAX_PAYLOAD = 64 * 1024 * 1024;
/** An empty payload would make eight zero bytes a valid frame, and file systems fill holes with zeros. */
const MIN_PAYLOAD = 2;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** The payload, JSON text of an object, in its frame. */
export function frameOf(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const frame = Buffer.allocUnsafe(FRAME_OVERHEAD + length);
  frame.write(json, FRAME_OVERHEAD);
  frame.writeUInt32LE(length, 0);
  frame.writeUInt32LE(crc32c(frame.subarray(FRAME_OVERHEAD)), 4);
  return frame;
}

export type FrameCheck =
  /** `end` is the offset after the frame. */
  | { readonly state: "valid"; readonly end: number }
  /** The bytes end before the frame does, if its length is right; `end` is where it would. */
  | { readonly state: "incomplete"; readonly end: number }
  | { readonly state: "bad" };

/** Judges the frame at `offset` of `bytes`. */
export function checkFrame(bytes: Buffer, offset: number): FrameCheck {
  if (offset + FRAME_OVERHEAD > bytes.length) return { state: "incomplete", end: offset + FRAME_OVERHEAD };
  const length = bytes.readUInt32LE(offset);
  if (length < MIN_PAYLOAD || length > MAX_PAYLOAD) return { state: "bad" };
  const start = offset + FRAME_OVERHEAD;
  const end = start + length;
  if (end > bytes.length) return { state: "incomplete", end };
  if (bytes[start] !== OPENING_BRACE || bytes[end - 1] !== CLOSING_BRACE) return { state: "bad" };
  if (crc32c(bytes.subarray(start, end)) !== bytes.readUInt32LE(offset + 4)) return { state: "bad" };
  return { state: "valid", end };
}

/** The first offset at or after `from` at which a valid frame starts. */
export function nextValidFrame(bytes: Buffer, from: number): number | undefined {
  for (let offset = from; offset + FRAME_OVERHEAD + MIN_PAYLOAD <= bytes.length; offset++) {
    // The highest byte of a length is 0..4; most bytes of a payload are ruled out by it alone.
    if ((bytes[offset + 3] ?? 255) > 4) continue;
    if (checkFrame(bytes, offset).state === "valid") return offset;
  }
  return undefined;
}
