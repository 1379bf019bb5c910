import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One move of HEAD: `old new name <mail> seconds zone TAB message`, as git-reflog(1) keeps it. */
export interface ReflogEntry {
  /** All zeros: HEAD was unborn. */
  readonly from: string;
  readonly to: string;
  /** Seconds since the epoch by the clock, or the committer date, of whoever moved it. */
  readonly seconds: number;
  readonly message: string;
  /** Bytes before it in the file. */
  readonly offset: number;
}

/** What is read of a long log: its end. */
const MAXIMUM_BYTES = 8 * 1_048_576;

/** The moves of HEAD that a log holds, oldest first; undefined when there is no log. Lines that are none are left out. */
export function readReflog(path: string): readonly ReflogEntry[] | undefined {
  const read = readEnd(path);
  if (read === undefined) return undefined;
  const entries: ReflogEntry[] = [];
  let offset = read.offset;
  for (const line of read.bytes.toString("latin1").split("\n")) {
    const parts = LINE.exec(line)?.groups as LineParts | undefined;
    if (parts !== undefined) {
      const message = Buffer.from(parts.message ?? "", "latin1").toString("utf8");
      entries.push({ from: parts.from, to: parts.to, seconds: Number(parts.seconds), message, offset });
    }
    offset += line.length + 1;
  }
  return entries;
}

const LINE = /^(?<from>[0-9a-f]{40,64}) (?<to>[0-9a-f]{40,64}) .*?(?<seconds>\d+) [+-]\d{4}(?:\t(?<message>.*))?$/;
interface LineParts {
  readonly from: string;
  readonly to: string;
  readonly seconds: string;
  readonly message?: string;
}

function readEnd(path: string): { readonly bytes: Buffer; readonly offset: number } | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = fstatSync(file);
    const offset = Math.max(0, size - MAXIMUM_BYTES);
    const bytes = Buffer.alloc(size - offset);
    const length = readSync(file, bytes, 0, bytes.length, offset);
    return { bytes: bytes.subarray(0, length), offset };
  } finally {
    closeSync(file);
  }
}
