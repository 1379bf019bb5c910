import { GitFailure, type GitRunner } from "../ports.ts";

/**
 * The commit that each document has its present text from: what it says holds wherever that commit is inherited, also on branches that are
 * older than HEAD. Only documents whose file is what HEAD has are in the answer; one that is modified or untracked, or whose history git
 * cannot tell (a partial clone, too much of it), is not. In a shallow clone a document that is older belongs to the oldest commit there.
 * `paths` are relative to `root`, the top of the work tree, and hold no line ends.
 */
export async function documentCommits(
  git: GitRunner,
  root: string,
  head: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (paths.length === 0) return found;
  try {
    const [modified, blobs] = await Promise.all([modifiedPaths(git, root), committedBlobs(git, root, head, paths)]);
    for (const path of modified) blobs.delete(path);
    while (blobs.size > 0) {
      const changes = await readChanges(git, root, head, [...blobs.keys()]);
      const before = blobs.size;
      for (const { commit, path, blob } of changes.listed) {
        if (blobs.get(path) !== blob) continue;
        found.set(path, commit);
        blobs.delete(path);
      }
      if (!changes.more || blobs.size === before) break;
    }
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
  }
  return found;
}

/** Commits that one call reads: the next one leaves out what was found, so that a busy changelog does not make all of its history be read. */
const PAGE = 500;

const STATUS = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=all"];

async function modifiedPaths(git: GitRunner, cwd: string): Promise<readonly string[]> {
  const listed = await git.run(STATUS, { cwd });
  // Two letters and a space stand before each path.
  return listed.split("\0").map((entry) => entry.slice(3));
}

/** What `head` has at each path; a path that it does not have is left out. */
async function committedBlobs(
  git: GitRunner,
  cwd: string,
  head: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const stdin = paths.map((path) => `${head}:${path}\n`).join("");
  const lines = (await git.run(["cat-file", "--batch-check"], { cwd, stdin })).split("\n");
  return new Map(
    paths.flatMap((path, index): [string, string][] => {
      const [blob = "", type] = (lines[index] ?? "").split(" ");
      return type === "blob" ? [[path, blob]] : [];
    }),
  );
}

/** A merge lists (-c) only what it has from none of its parents; the paths go by standard input, since there may be many. */
const LOG = ["log", "--stdin", "-z", "--raw", "-c", "--no-abbrev", "--no-renames", "--root"] as const;
const FORMAT = ["--no-show-signature", "--no-color", `--max-count=${PAGE}`, "--format=tformat:%x00%H"] as const;

interface Change {
  readonly commit: string;
  readonly path: string;
  /** What the commit made of it. */
  readonly blob: string;
}

/** Changes of these paths, the newest first. */
async function readChanges(
  git: GitRunner,
  cwd: string,
  head: string,
  paths: readonly string[],
): Promise<{ readonly listed: readonly Change[]; readonly more: boolean }> {
  const stdin = `${head}\n--\n${paths.map((path) => `:(top,literal)${path}\n`).join("")}`;
  const fields = (await git.run([...LOG, ...FORMAT], { cwd, stdin })).split("\0");
  const listed: Change[] = [];
  let commit = "";
  let commits = 0;
  for (let at = 0; at < fields.length; at++) {
    const field = (fields[at] ?? "").trim();
    if (field.startsWith(":")) {
      // `:modes ids letter`, a merge with a colon and a mode and an id more for each further parent; the path is the next field.
      const colons = /^:+/u.exec(field)?.[0].length ?? 1;
      const blob = field.slice(colons).split(" ")[2 * colons + 1] ?? "";
      listed.push({ commit, path: fields[++at] ?? "", blob });
    } else if (field !== "") {
      commit = field;
      commits++;
    }
  }
  return { listed, more: commits >= PAGE };
}
