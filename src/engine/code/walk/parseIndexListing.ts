/** One entry of `git ls-files -s -v -z --debug`. */
export interface TrackedFile {
  /** With U+FFFD where the name is no UTF-8. */
  readonly path: string;
  readonly kind: "file" | "link" | "submodule";
  readonly blob: string;
  /** Whether git says nothing of the file itself: it is in conflict, assumed unchanged, or left out of a sparse checkout. */
  readonly uncertain: boolean;
  /** As the file was when git last looked; undefined where this git does not print it. */
  readonly seen?: { readonly size: number; readonly modifiedMs: number };
}

/**
 * Reads the entries one after the other: a NUL ends a path, and five lines of details that begin with two spaces follow it. `output` holds
 * one byte a character.
 */
export function* parseIndexListing(output: string): Generator<TrackedFile> {
  // Bytes, so that what is cut out does not keep the whole output in memory.
  const bytes = Buffer.from(output, "latin1");
  for (let at = 0; at < bytes.length;) {
    const tab = bytes.indexOf(TAB, at);
    const end = bytes.indexOf(0, tab);
    if (tab < 0 || end < 0) return;
    const entry = {
      path: bytes.toString("utf8", tab + 1, end),
      kind: KINDS.get(bytes[at + 3]) ?? "file",
      blob: bytes.toString("latin1", at + 9, tab - 2),
      uncertain: bytes[at] !== CERTAIN || bytes[tab - 1] !== ZERO,
    };
    at = end + 1;
    if (bytes[at] !== SPACE) {
      yield entry;
      continue;
    }
    const mtime = bytes.indexOf(MTIME, at) + MTIME.length;
    const colon = bytes.indexOf(COLON, mtime);
    const size = bytes.indexOf(SIZE, colon) + SIZE.length;
    const modifiedMs = numberAt(bytes, mtime) * 1000 + numberAt(bytes, colon + 1) / 1e6;
    yield { ...entry, seen: { size: numberAt(bytes, size), modifiedMs } };
    const line = bytes.indexOf(LINE_FEED, size);
    if (line < 0) return;
    at = line + 1;
  }
}

const [TAB, LINE_FEED, SPACE, ZERO, COLON] = [0x09, 0x0a, 0x20, 0x30, 0x3a];
/** The tag of an entry that is in the index as it should be; small letters mean assumed unchanged, S a sparse checkout, M a conflict. */
const CERTAIN = "H".charCodeAt(0);
const MTIME = Buffer.from("  mtime: ");
const SIZE = Buffer.from("  size: ");
/** By the second digit of the mode: 100644 and 100755, 120000, 160000. */
const KINDS: ReadonlyMap<number | undefined, TrackedFile["kind"]> = new Map([
  [0x32, "link"],
  [0x36, "submodule"],
]);

function numberAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let digit = (bytes[at] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[++at] ?? 0) - ZERO)
    value = value * 10 + digit;
  return value;
}
