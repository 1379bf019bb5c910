import type { TrackedFile } from "./parseIndexListing.ts";

/**
 * Reads the entries of a git index of SHA-1, version 2 or 3 (gitformat-index(5)): what `git ls-files -s -v --debug` prints of it, at a fourth
 * of the cost. `isPlainIndex` has to hold for it.
 */
export function* parseIndexFile(bytes: Buffer): Generator<TrackedFile> {
  const count = bytes.readUInt32BE(COUNT_AT);
  let at = HEADER_BYTES;
  for (let entry = 0; entry < count; entry++) {
    const flags = bytes.readUInt16BE(at + FLAGS_AT);
    const isExtended = (flags & EXTENDED) !== 0;
    const isSparse = isExtended && (bytes.readUInt16BE(at + FLAGS_AT + 2) & SKIP_WORKTREE) !== 0;
    const pathAt = at + FLAGS_AT + (isExtended ? 4 : 2);
    const end = pathEnd(bytes, pathAt, flags);
    yield {
      path: bytes.toString("utf8", pathAt, end),
      kind: KINDS.get(bytes.readUInt32BE(at + MODE_AT) & TYPE_BITS) ?? "file",
      blob: bytes.toString("hex", at + ID_AT, at + FLAGS_AT),
      uncertain: isSparse || (flags & (ASSUME_UNCHANGED | STAGE)) !== 0,
      seen: {
        size: bytes.readUInt32BE(at + SIZE_AT),
        modifiedMs: bytes.readUInt32BE(at + MTIME_AT) * 1000 + bytes.readUInt32BE(at + MTIME_AT + 4) / 1e6,
      },
    };
    at = nextEntry(at, end);
  }
}

/**
 * Whether `parseIndexFile` can read it: every length in it leads to exactly its end. Not so for what only git should read, which is version 4
 * and a split or sparse index.
 */
export function isPlainIndex(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || bytes.toString("latin1", 0, 4) !== "DIRC") return false;
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return false;
  const count = bytes.readUInt32BE(COUNT_AT);
  const last = bytes.length - CHECKSUM_BYTES;
  let at = HEADER_BYTES;
  for (let entry = 0; entry < count; entry++) {
    if (at + FLAGS_AT + 4 > last) return false;
    const flags = bytes.readUInt16BE(at + FLAGS_AT);
    if (version === 2 && (flags & EXTENDED) !== 0) return false;
    const end = pathEnd(bytes, at + FLAGS_AT + ((flags & EXTENDED) !== 0 ? 4 : 2), flags);
    if (end < 0 || end >= last || bytes[end] !== 0) return false;
    at = nextEntry(at, end);
  }
  while (at < last) {
    if (at + 8 > last) return false;
    // Small letters mark an extension without which the entries cannot be understood.
    if ((bytes[at] ?? 0) >= FIRST_SMALL_LETTER) return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === last;
}

const HEADER_BYTES = 12;
const COUNT_AT = 8;
const CHECKSUM_BYTES = 20;
const FIRST_SMALL_LETTER = 0x61;
/** Within an entry. */
const [MTIME_AT, MODE_AT, SIZE_AT, ID_AT, FLAGS_AT] = [8, 24, 36, 40, 60];
const [ASSUME_UNCHANGED, EXTENDED, STAGE, LENGTH] = [0x8000, 0x4000, 0x3000, 0x0fff];
const SKIP_WORKTREE = 0x4000;
const TYPE_BITS = 0o170000;
const KINDS: ReadonlyMap<number, TrackedFile["kind"]> = new Map([
  [0o120000, "link"],
  [0o160000, "submodule"],
]);

/** The length of a longer path does not fit into its flags, and its NUL tells. */
function pathEnd(bytes: Buffer, pathAt: number, flags: number): number {
  const length = flags & LENGTH;
  return length < LENGTH ? pathAt + length : bytes.indexOf(0, pathAt);
}

/** One to eight NULs fill an entry to a multiple of eight bytes. */
function nextEntry(at: number, end: number): number {
  return at + ((end - at + 8) & ~7);
}
