import type { RecordedEvent } from "../../contract/events.ts";
import type { Files, OpenFile } from "../ports.ts";
import { errorCode } from "./failures.ts";
import { encodeHeader, HEADER_WINDOW, parseHeader, type FileHeader } from "./fileHeader.ts";
import { frameOf } from "./frame.ts";
import { asBuffer, readPieces } from "./frameReader.ts";

/** The last frame of a snapshot. Without it, or with another count, the snapshot is not valid. */
interface ClosingFrame {
  readonly closes: { readonly events: number; readonly seq: number };
}

const CHUNK = 1024 * 1024;

/** Writes a whole snapshot to `file` and makes it durable; about 1 MB a step. Gives its size in bytes. */
export async function writeSnapshot(
  file: OpenFile,
  header: Extract<FileHeader, { holds: "snapshot" }>,
  state: Iterable<RecordedEvent>,
): Promise<number> {
  let waiting: Buffer[] = [encodeHeader(header)];
  let waitingBytes = 0;
  let total = waiting[0]?.length ?? 0;
  let events = 0;
  for (const { seq, event } of state) {
    const frame = frameOf(JSON.stringify({ seq, event }));
    waiting.push(frame);
    waitingBytes += frame.length;
    total += frame.length;
    events += 1;
    if (waitingBytes < CHUNK) continue;
    await file.append(Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  }
  const closing = frameOf(JSON.stringify({ closes: { events, seq: header.seq } } satisfies ClosingFrame));
  await file.append(Buffer.concat([...waiting, closing]));
  await file.datasync();
  return total + closing.length;
}

export type SnapshotRead =
  | {
      readonly state: "valid";
      readonly events: readonly RecordedEvent[];
      readonly seq: number;
      readonly damagedHeader: boolean;
    }
  | { readonly state: "missing" }
  /** `offset` of the first thing that is wrong; `events` are those that could be read all the same. */
  | {
      readonly state: "invalid";
      readonly offset: number;
      readonly bytes: number;
      readonly events: readonly RecordedEvent[];
    };

/** Reads and checks a whole snapshot. UNSUPPORTED_VERSION. */
export async function readSnapshot(files: Files, path: string, name: string): Promise<SnapshotRead> {
  let file: OpenFile;
  try {
    file = await files.open(path, "read");
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return { state: "missing" };
    throw thrown;
  }
  try {
    const size = await file.size();
    const header = parseHeader(asBuffer(await file.read(0, HEADER_WINDOW)), name);
    const start = header.state === "valid" ? header.start : 0;
    const events: RecordedEvent[] = [];
    let wrong: { offset: number; bytes: number } | undefined;
    let closing: ClosingFrame["closes"] | undefined;
    for await (const pieces of readPieces(file, start, size)) {
      for (const piece of pieces) {
        if (piece.state !== "frame") wrong ??= { offset: piece.offset, bytes: piece.end - piece.offset };
        else if (isClosing(piece.payload)) closing = piece.payload.closes;
        else if (isRecorded(piece.payload)) events.push(piece.payload);
      }
    }
    if (header.state !== "valid" || header.header.holds !== "snapshot") wrong ??= { offset: 0, bytes: start };
    if (closing?.events !== events.length) wrong ??= { offset: size, bytes: 0 };
    if (wrong !== undefined || closing === undefined) {
      return { state: "invalid", offset: wrong?.offset ?? size, bytes: wrong?.bytes ?? 0, events };
    }
    return { state: "valid", events, seq: closing.seq, damagedHeader: header.state === "valid" && header.damaged };
  } finally {
    await file.close();
  }
}

export function isRecorded(payload: unknown): payload is RecordedEvent {
  return typeof payload === "object" && payload !== null && "seq" in payload && "event" in payload;
}

function isClosing(payload: unknown): payload is ClosingFrame {
  return typeof payload === "object" && payload !== null && "closes" in payload;
}
