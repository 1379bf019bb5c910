import type { OpenFile } from "../ports.ts";
import { checkFrame, FRAME_OVERHEAD, nextValidFrame } from "./frame.ts";

/** A stretch of a file as it was found. Offsets are bytes, `end` exclusive. */
export type Piece =
  | { readonly state: "frame"; readonly offset: number; readonly end: number; readonly payload: unknown }
  /** Damaged, with valid frames after it. */
  | { readonly state: "bad"; readonly offset: number; readonly end: number }
  /** No valid frame starts in it, up to the end that was asked for. */
  | { readonly state: "tail"; readonly offset: number; readonly end: number };

const WINDOW = 1024 * 1024;

/** Reads the frames of `file` in [from, to), about 1 MB a step, so that the event loop breathes between steps. */
export async function* readPieces(file: OpenFile, from: number, to: number): AsyncGenerator<readonly Piece[], void> {
  let offset = from;
  let wanted = WINDOW;
  while (offset < to) {
    const length = Math.min(wanted, to - offset);
    const bytes = asBuffer(await file.read(offset, length));
    // Shorter than asked: the file was cut meanwhile, what is left is all there is.
    const last = offset + bytes.length >= to || bytes.length < length;
    const pieces: Piece[] = [];
    const used = parseWindow(bytes, offset, pieces);
    wanted = WINDOW;
    if (used < bytes.length) {
      const check = checkFrame(bytes, used);
      if (!last && check.state === "incomplete") wanted = Math.max(WINDOW, check.end - used);
      else {
        yield pieces;
        yield* resynchronise(file, offset + used, to);
        return;
      }
    }
    yield pieces;
    if (last) return;
    offset += used;
  }
}

/** Takes the frames from the start of `bytes` for as long as they are whole and valid; gives the length of what it took. */
function parseWindow(bytes: Buffer, base: number, pieces: Piece[]): number {
  let used = 0;
  while (used < bytes.length) {
    const check = checkFrame(bytes, used);
    if (check.state !== "valid") return used;
    pieces.push(pieceOf(bytes, used, check.end, base));
    used = check.end;
  }
  return used;
}

/** At `offset` stands no valid frame: searches the rest for the next one. Damage is rare, so the rest is taken into memory at once. */
async function* resynchronise(file: OpenFile, offset: number, to: number): AsyncGenerator<readonly Piece[], void> {
  const bytes = asBuffer(await file.read(offset, to - offset));
  const pieces: Piece[] = [];
  let at = 0;
  while (at < bytes.length) {
    at += parseWindow(bytes.subarray(at), offset + at, pieces);
    if (at >= bytes.length) break;
    const next = nextValidFrame(bytes, at + 1);
    if (next === undefined) {
      pieces.push({ state: "tail", offset: offset + at, end: offset + bytes.length });
      break;
    }
    pieces.push({ state: "bad", offset: offset + at, end: offset + next });
    at = next;
  }
  yield pieces;
}

function pieceOf(bytes: Buffer, start: number, end: number, base: number): Piece {
  try {
    const payload: unknown = JSON.parse(bytes.toString("utf8", start + FRAME_OVERHEAD, end));
    return { state: "frame", offset: base + start, end: base + end, payload };
  } catch {
    return { state: "bad", offset: base + start, end: base + end };
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
