import type { GitRunner } from "../../ports.ts";
import type { HistoryCommit } from "./codeHistory.ts";

/** Lines of a file as they are in the work tree. */
export interface FileLines {
  readonly path: string;
  /** Address of the file's content. */
  readonly blob: string;
  /** 1-based, both inclusive. */
  readonly startLine: number;
  readonly endLine: number;
}

export interface LineHistory {
  /** Commits that changed these lines, newest first. */
  readonly commits: readonly HistoryCommit[];
  /** They differ from what HEAD has. */
  readonly uncommitted: boolean;
}

interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
}
interface FileDiff {
  readonly commit: string;
  /** Address of the content after the change. */
  readonly after: string;
  readonly hunks: readonly Hunk[];
}
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Commits of a file that are looked into, the newest ones. */
export const MOST_DIFFS = 20;

/**
 * Which of the newest commits of a file changed some of its lines. The commits are known; git is asked once for what they changed, and walks no
 * history: it costs the same in a repository of any age. Lines are followed back from change to change.
 */
export async function lineHistory(
  git: GitRunner,
  root: string,
  lines: FileLines,
  known: readonly HistoryCommit[],
  signal?: AbortSignal,
): Promise<LineHistory> {
  const commits = known.slice(0, MOST_DIFFS);
  if (commits.length === 0) return { commits: [], uncommitted: false };
  const options = { cwd: root, ...(signal === undefined ? {} : { signal }) };
  const pathspec = ["--", `:(top,literal)${lines.path}`];
  const printed = await git.run(
    ["diff-tree", "--stdin", "--root", "-r", "-p", "-U0", "--full-index", "--no-renames", "--no-color", ...pathspec],
    { ...options, stdin: commits.map(({ id }) => `${id}\n`).join("") },
  );
  const diffs = readDiffs(printed);
  let range: Range | undefined = { start: lines.startLine, end: lines.endLine };
  let uncommitted = false;
  if (diffs[0]?.after !== lines.blob) {
    const [now] = readDiffs(
      await git.run(["diff", "-p", "-U0", "--full-index", "--no-renames", "--no-color", "HEAD", ...pathspec], options),
    );
    if (now !== undefined) {
      uncommitted = touches(now.hunks, range);
      range = before(now.hunks, range);
    }
  }
  const found: HistoryCommit[] = [];
  for (const { commit, hunks } of diffs) {
    if (range === undefined) break;
    const of = commits.find(({ id }) => id === commit);
    if (of !== undefined && touches(hunks, range)) found.push(of);
    range = before(hunks, range);
  }
  return { commits: found, uncommitted };
}

/** What `git diff-tree --stdin -p -U0` prints: the id of a commit, then its diff of the one file. */
function readDiffs(printed: string): readonly FileDiff[] {
  const diffs: { commit: string; after: string; hunks: Hunk[] }[] = [];
  let commit = "";
  for (const text of printed.split("\n")) {
    if (/^[0-9a-f]{40,64}$/u.test(text)) commit = text;
    else if (text.startsWith("diff --git ")) diffs.push({ commit, after: "", hunks: [] });
    const last = diffs.at(-1);
    if (last === undefined) continue;
    const after = /^index [0-9a-f]+\.\.([0-9a-f]+)/u.exec(text)?.[1];
    if (after !== undefined && last.hunks.length === 0) last.after = after;
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(text);
    if (hunk === null) continue;
    const [, oldStart = "0", oldCount = "1", newStart = "0", newCount = "1"] = hunk;
    last.hunks.push({
      oldStart: Number(oldStart),
      oldCount: Number(oldCount),
      newStart: Number(newStart),
      newCount: Number(newCount),
    });
  }
  return diffs;
}

/** Whether a change is in these lines. What is taken away between two of them counts. */
const touches = (hunks: readonly Hunk[], { start, end }: Range): boolean =>
  hunks.some(({ newStart, newCount }) =>
    newCount === 0 ? newStart >= start && newStart < end : newStart <= end && newStart + newCount - 1 >= start,
  );

/** Where the lines were before a change; undefined where it made all of them. */
function before(hunks: readonly Hunk[], { start, end }: Range): Range | undefined {
  const whole = hunks.some(
    ({ oldCount, newStart, newCount }) => oldCount === 0 && newStart <= start && newStart + newCount - 1 >= end,
  );
  if (whole) return undefined;
  return { start: lineBefore(hunks, start, "first"), end: Math.max(1, lineBefore(hunks, end, "last")) };
}

function lineBefore(hunks: readonly Hunk[], line: number, side: "first" | "last"): number {
  let shift = 0;
  for (const { oldStart, oldCount, newStart, newCount } of hunks) {
    const last = newCount === 0 ? newStart : newStart + newCount - 1;
    if (newCount > 0 && line >= newStart && line <= last)
      return side === "first"
        ? oldCount === 0
          ? oldStart + 1
          : oldStart
        : oldCount === 0
          ? oldStart
          : oldStart + oldCount - 1;
    if (last < line) shift += oldCount - newCount;
  }
  return Math.max(1, line + shift);
}
