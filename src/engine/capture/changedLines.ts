import type { GitRunner } from "../ports.ts";

/** A file that a commit changed. */
export interface ChangedFile {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** How many lines were put in or taken out; 0 for a binary file. */
  readonly lines: number;
  /** Lines of the file as the commit leaves it, 1-based and inclusive; where lines were only taken out, the one before them. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
  /** It is there no more. */
  readonly isGone: boolean;
}

/** Commits whose differences are asked for at once, and how much of them is looked at, in bytes. */
const BATCH = 20;
const MOST_BYTES = 16 * 1_048_576;

/** What each commit changed, against its only parent. One that changed too much has nothing, or only its first files. */
export async function changedLines(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, readonly ChangedFile[]>> {
  const found = new Map<string, readonly ChangedFile[]>();
  for (let at = 0; at < commits.length; at += BATCH) {
    const listed = await git.run([...DIFFERENCE], {
      cwd: root,
      stdin: `${commits.slice(at, at + BATCH).join("\n")}\n`,
      enough: MOST_BYTES,
    });
    const parts = listed.split(/^([0-9a-f]{40}|[0-9a-f]{64})$/mu);
    for (let part = 1; part < parts.length; part += 2) found.set(parts[part] ?? "", filesOf(parts[part + 1] ?? ""));
  }
  return found;
}

const DIFFERENCE = [
  ...["-c", "core.quotePath=false", "diff-tree", "--stdin", "--root", "-r", "-p", "-U0", "--no-renames", "--no-color"],
  ...["--src-prefix=a/", "--dst-prefix=b/"],
] as const;

function filesOf(difference: string): readonly ChangedFile[] {
  return difference
    .split(/^diff --git /mu)
    .slice(1)
    .flatMap((text): ChangedFile[] => {
      const end = text.indexOf("\n");
      // Both sides have one name, since renames are not looked for. One in quotes is no clean text.
      const names = text.slice(0, end < 0 ? undefined : end);
      const path = names.slice(2, (names.length - 1) / 2);
      if (!names.startsWith("a/") || names !== `a/${path} b/${path}`) return [];
      const body = text.slice(end);
      const hunks = [...body.matchAll(/^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gmu)];
      const ranges = hunks.map(([, , start = "1", count = "1"]) => {
        const first = Math.max(1, Number(start));
        return { start: first, end: first + Math.max(0, Number(count) - 1) };
      });
      const lines = hunks.reduce((sum, [, out = "1", , into = "1"]) => sum + Number(out) + Number(into), 0);
      return [{ path, lines, ranges, isGone: /^deleted file mode /mu.test(body.slice(0, 200)) }];
    });
}
