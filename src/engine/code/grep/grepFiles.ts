import { setImmediate } from "node:timers/promises";
import type { Clock, TextScan } from "../../ports.ts";
import { MAXIMUM_FILE_BYTES } from "../walk/codeListing.ts";
import { createReader } from "./readNow.ts";
import { widePattern } from "./widePattern.ts";

export interface GrepSearch {
  /** RE2, as `find` was made of it; the text itself where `literal` says so. */
  readonly pattern: string;
  readonly literal: boolean;
  readonly ignoreCase: boolean;
  /** Where the first match in a line begins, -1 where there is none. Linear in the line. */
  readonly find: (line: string) => number;
  /** Of matching lines, or of files where `onlyFiles` or `countLines` says so. */
  readonly limit: number;
  readonly mode: "lines" | "files" | "count";
}

export interface GrepParts {
  readonly clock: Clock;
  /** Tells quickly which files are worth a look; undefined where nothing does. */
  readonly scan?: TextScan;
  readonly signal?: AbortSignal;
}

export interface FileMatches {
  readonly path: string;
  /** Of the whole file. */
  readonly lines: readonly string[];
  /** Those of them that match, by index, with the index of the first match in each. Of the mode `files` the first only. */
  readonly found: readonly { readonly at: number; readonly column: number }[];
}

export interface GrepOutcome {
  readonly searched: number;
  readonly truncated?: "limit" | "time";
}

/** Milliseconds after which what was found is the answer. */
const MOST_MS = 10_000;
/** Milliseconds after which whoever else waits has a turn. */
const TURN_MS = 8;
/** Characters of a line that are looked at: with the worst of patterns these take a quarter of a second. */
const MOST_CHARACTERS = 10_000;
/** Fewer files are read sooner than a program is started. */
const FEWEST_SCANNED = 300;
/** Files that are scanned at once: the answer may be full after the first of them. */
const SCANNED_AT_ONCE = 4_000;

/**
 * Looks through files of a work tree line by line, in the order given, and tells each that matches. Ends when there is enough, and at the latest
 * after ten seconds. Throws what `signal` was aborted with.
 */
export async function grepFiles(
  root: string,
  paths: readonly string[],
  search: GrepSearch,
  { clock, scan, signal }: GrepParts,
  tell: (matches: FileMatches) => void,
): Promise<GrepOutcome> {
  const read = createReader(root, MAXIMUM_FILE_BYTES);
  const end = clock.monotonic() + MOST_MS;
  let turn = clock.monotonic();
  let [searched, taken] = [0, 0];
  const isLate = (): boolean => clock.monotonic() > end;
  for (let first = 0; first < paths.length; first += SCANNED_AT_ONCE) {
    const part = paths.slice(first, first + SCANNED_AT_ONCE);
    const worth = await worthALook(root, part, search, {
      scan: part.length < FEWEST_SCANNED ? undefined : scan,
      signal,
    });
    for (const path of part) {
      if (taken >= search.limit) return { searched, truncated: "limit" };
      searched++;
      if (worth?.has(path) === false) continue;
      const found = lookThrough(read(path), search, isLate);
      if (found !== undefined) {
        const shown = search.mode === "lines" ? found.found.slice(0, search.limit - taken) : found.found;
        taken += search.mode === "lines" ? shown.length : 1;
        tell({ path, lines: found.lines, found: shown });
        if (shown.length < found.found.length) return { searched, truncated: "limit" };
      }
      if (isLate()) return { searched, truncated: "time" };
      if (clock.monotonic() - turn < TURN_MS) continue;
      await setImmediate();
      signal?.throwIfAborted();
      turn = clock.monotonic();
    }
  }
  return { searched };
}

async function worthALook(
  root: string,
  paths: readonly string[],
  { pattern, literal, ignoreCase }: GrepSearch,
  { scan, signal }: { readonly scan: TextScan | undefined; readonly signal: AbortSignal | undefined },
): Promise<ReadonlySet<string> | undefined> {
  const wide = scan === undefined ? undefined : widePattern(literal ? escaped(pattern) : pattern);
  if (scan === undefined || wide === undefined) return undefined;
  return scan.filesWith(wide, { root, paths, ignoreCase, ...(signal === undefined ? {} : { signal }) });
}

function lookThrough(
  text: string | undefined,
  { pattern, literal, ignoreCase, find, mode }: GrepSearch,
  isLate: () => boolean,
): Omit<FileMatches, "path"> | undefined {
  if (text === undefined || (literal && !ignoreCase && !text.includes(pattern))) return undefined;
  const lines = text.includes("\r") ? text.split(/\r\n|\r|\n/u) : text.split("\n");
  // The end of the last line begins no other.
  if (lines.at(-1) === "") lines.pop();
  const found: { at: number; column: number }[] = [];
  for (const [at, line] of lines.entries()) {
    const column = find(line.length > MOST_CHARACTERS ? line.slice(0, MOST_CHARACTERS) : line);
    if (column >= 0) found.push({ at, column });
    if ((column >= 0 && mode === "files") || ((at & 63) === 63 && isLate())) break;
  }
  return found.length === 0 ? undefined : { lines, found };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
