import type { AnchorState, Fingerprint } from "../../contract/freshness.ts";
import type { GitRunner } from "../ports.ts";
import { readBlobs } from "./blobs.ts";
import { CodeFile } from "./codeFile.ts";
import { strongHash } from "./hashes.ts";
import { exactSpan } from "./refindRange.ts";
import { likeness, sketchOf, unpackSketch } from "./sketch.ts";
import { SAME_FILE } from "./refind.ts";

export interface ChangedSinceQuestion {
  readonly root: string;
  /** HEAD when the anchor was captured. */
  readonly commit: string;
  /** The commit up to which it is asked. */
  readonly head: string;
  /** Where it was, and where it is now if that is elsewhere. */
  readonly paths: readonly string[];
  readonly print: Fingerprint;
  /** Bytes of a file as text; undefined for what is none. */
  readonly decode: (bytes: Uint8Array) => string | undefined;
}

/** Commits of a file that are looked at, the newest of those since the capture. */
const MOST_COMMITS = 40;
const ENTRY = "%x01%H%x00%ct%x00%s";

/**
 * The first commit after the capture in which the file does not hold what the anchor speaks of; `uncommitted` where every one of them does. Undefined
 * where git does not know: the commit is not here, or the change is older than the commits that are looked at. Throws `GitFailure`.
 */
export async function changedSince(git: GitRunner, question: ChangedSinceQuestion): Promise<AnchorState["since"]> {
  const { root, commit, head, paths, print, decode } = question;
  const printed = await git.run(
    [
      ...[
        "log",
        `--max-count=${MOST_COMMITS + 1}`,
        `--format=${ENTRY}`,
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--no-color",
      ],
      ...["--end-of-options", `${commit}..${head}`, "--", ...paths.map((path) => `:(top,literal)${path}`)],
    ],
    { cwd: root },
  );
  const entries = printed.split("\x01").slice(1).map(readEntry);
  if (entries.length > MOST_COMMITS) return undefined;
  const oldestFirst = entries.reverse();
  const blobs = await readBlobs(
    git,
    root,
    oldestFirst.flatMap(({ blob }) => blob ?? []),
  );
  for (const { id, at, subject, blob } of oldestFirst) {
    const bytes = blob === undefined ? undefined : blobs.get(blob);
    // What was too large to be read says nothing.
    if (blob !== undefined && bytes === undefined) continue;
    const text = bytes === undefined ? undefined : decode(bytes);
    if (text === undefined || !holds(print, new CodeFile(paths.at(-1) ?? "", "", text)))
      return { commit: id, subject, at };
  }
  return "uncommitted";
}

interface LogEntry {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly subject: string;
  /** Of the file after the commit; absent where the commit removed it. */
  readonly blob?: string;
}

function readEntry(entry: string): LogEntry {
  const [head = "", ...rest] = entry.split("\n");
  const [id = "", seconds = "", ...subject] = head.split("\0");
  // A rename takes it from one path and gives it to the other.
  const blob = rest
    .map((line) => /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) /u.exec(line)?.[1])
    .find((one) => one !== undefined && !/^0+$/u.test(one));
  return { id, at: Number(seconds) * 1000, subject: subject.join(" "), ...(blob === undefined ? {} : { blob }) };
}

function holds(print: Fingerprint, file: CodeFile): boolean {
  if (print.startLine !== undefined) return exactSpan(print, file) !== undefined;
  const { hashes } = file.tokens;
  return print.hash === strongHash(hashes) || likeness(unpackSketch(print.sketch), sketchOf(hashes)) >= SAME_FILE;
}
