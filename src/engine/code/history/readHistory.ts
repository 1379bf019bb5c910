import type { GitRunner } from "../../ports.ts";
import type { HistoryCommit } from "./codeHistory.ts";

/** The newest commits that are read. */
const MOST_COMMITS = 2_000;

/** Commits that one inherits, HEAD unless told, newest first, without merges; none on an unborn branch. Paths are relative to the root of the work tree. */
export async function readHistory(
  git: GitRunner,
  root: string,
  { commit = "HEAD", signal }: { readonly commit?: string; readonly signal?: AbortSignal } = {},
): Promise<readonly HistoryCommit[]> {
  const printed = await git.run(
    [
      "log",
      "--no-merges",
      `--max-count=${MOST_COMMITS}`,
      "--no-renames",
      "--name-only",
      "-z",
      "--format=%x01%H%x02%at%x02%an%x02%s",
      commit,
    ],
    { cwd: root, ...(signal === undefined ? {} : { signal }) },
  );
  const own = ownStrings();
  return printed
    .split("\u0001")
    .slice(1)
    .map((record) => {
      const [head = "", ...paths] = record.split("\0");
      const [id = "", at = "0", author = "", subject = ""] = head.split("\u0002");
      return {
        id: own(id),
        at: Number(at) * 1000,
        author: own(author),
        subject: own(subject),
        paths: paths.map((path) => own(path.replace(/^\n/u, ""))).filter((path) => path !== ""),
      };
    });
}

/** Makes strings that stand for themselves, each once: a part of what git printed would keep all of that in memory, and a path is in many commits. */
function ownStrings(): (part: string) => string {
  const known = new Map<string, string>();
  return (part) => {
    const before = known.get(part);
    if (before !== undefined) return before;
    const own = Buffer.from(part).toString();
    known.set(own, own);
    return own;
  };
}
