import type { Files, OpenFile } from "../ports.ts";
import { encodeHeader, type SegmentHeader } from "./fileHeader.ts";
import { inFolder, segmentName, type SegmentName, TURNS_FILE } from "./fileNames.ts";

/** A segment that this process writes. */
export interface LiveSegment {
  readonly file: string;
  readonly name: SegmentName;
  readonly open: OpenFile;
  readonly headerLength: number;
}

/**
 * Begins a segment: header, fsync, fsync of the folder, and then the turn that tells readers of it. When this throws, the file may exist all
 * the same and count as the newest; the caller must not write to the segment before it again, but begin one with a higher number.
 */
export async function beginSegment(
  files: Files,
  folder: string,
  name: SegmentName,
  begins: Pick<SegmentHeader, "firstSeq" | "predecessor" | "snapshot" | "purged">,
): Promise<LiveSegment> {
  const file = segmentName(name);
  const header: SegmentHeader = { holds: "segment", ...name, ...begins };
  const bytes = encodeHeader(header);
  const open = await files.open(inFolder(folder, file), "exclusive");
  try {
    await open.append(bytes);
    await open.datasync();
    await files.syncFolder(folder);
    await turn(files, folder);
    return { file, name, open, headerLength: bytes.length };
  } catch (thrown) {
    await open.close().catch(() => undefined);
    await files.remove(inFolder(folder, file)).catch(() => undefined);
    throw thrown;
  }
}

/** One byte more; it need not survive a crash, because no reader does. */
async function turn(files: Files, folder: string): Promise<void> {
  const turns = await files.open(inFolder(folder, TURNS_FILE), "append");
  try {
    await turns.append(Buffer.from("."));
  } finally {
    await turns.close();
  }
}
