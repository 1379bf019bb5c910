import type { AnchorChange } from "../../contract/freshness.ts";
import type { GitRunner } from "../ports.ts";

/** Lines of a change that are shown, and characters of each. */
const MOST_LINES = 16;
const MOST_CHARACTERS = 200;
const MOST_BYTES = 1_000_000;

/**
 * What a file of the work tree has other lines than a commit, of the lines that are named where some are. Undefined where they are the same. Throws
 * `GitFailure` where the commit is not here.
 */
export async function changedLines(
  git: GitRunner,
  root: string,
  question: { readonly commit: string; readonly path: string; readonly startLine?: number; readonly endLine?: number },
): Promise<AnchorChange | undefined> {
  const { commit, path, startLine = 1, endLine = Infinity } = question;
  const args = ["diff", "-U0", "--no-color", "--no-renames", "--end-of-options", commit, "--", `:(top,literal)${path}`];
  const printed = await git.run(args, { cwd: root, enough: MOST_BYTES });
  let [added, removed, isWithin] = [0, 0, false];
  const lines: string[] = [];
  for (const line of printed.split("\n")) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/u.exec(line);
    if (hunk !== null) {
      const first = Number(hunk[1]);
      const last = first + Math.max(1, Number(hunk[2] ?? 1)) - 1;
      isWithin = first <= endLine && last >= startLine;
      continue;
    }
    if (!isWithin || !/^[+-]/u.test(line)) continue;
    if (line.startsWith("+")) added++;
    else removed++;
    if (lines.length < MOST_LINES) lines.push(line.slice(0, MOST_CHARACTERS));
  }
  return added + removed === 0 ? undefined : { added, removed, lines };
}
