import { GitFailure, type GitRunner } from "../ports.ts";

/** What became of the files of a commit. */
export interface MovedFiles {
  /** By the path in the commit, the path now. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Files that the commit does not have. */
  readonly added: readonly string[];
}

export const NOTHING_MOVED: MovedFiles = { renamed: new Map(), added: [] };

/** Files that are new since: more of them are no trace. */
const MOST_ADDED = 1_000;
/** Renames are looked for among so many files on each side: git compares each with each. */
const MOST_COMPARED = 1_000;
/** Bytes of a listing that are read. */
const MOST_BYTES = 4_000_000;
/** Commits that one process is asked for, and words: those may be long, and Windows takes 32,767 characters of a command. */
const MOST_AT_ONCE = 16;
const WORDS_AT_ONCE = 64;
const HOW = ["--name-status", "-z", "--find-renames", `-l${MOST_COMPARED}`, "--diff-filter=AR", "--no-color"] as const;

/** By commit, renames and additions from there to HEAD; a commit that is not here is left out. Throws `GitFailure`. */
export async function movedInHistory(
  git: GitRunner,
  root: string,
  commits: readonly string[],
): Promise<ReadonlyMap<string, MovedFiles>> {
  const named = [...commits, "HEAD"].map((commit) => `${commit}^{tree}\n`).join("");
  const told = await git.run(["cat-file", "--batch-check=%(objectname)"], { cwd: root, stdin: named });
  // Of one that is not here the name that it was asked by comes back, and that it is missing.
  const trees = told.split("\n").map((line) => (/^[0-9a-f]+$/u.test(line) ? line : undefined));
  const head = trees[commits.length];
  if (head === undefined) return new Map();
  const sought = [...new Set(trees.slice(0, commits.length).flatMap((tree) => tree ?? []))];
  const moved = new Map<string, MovedFiles>();
  for (let from = 0; from < sought.length; from += MOST_AT_ONCE) {
    const stdin = sought.slice(from, from + MOST_AT_ONCE).map((tree) => `${tree} ${head}\n`);
    const options = { cwd: root, stdin: stdin.join(""), enough: MOST_AT_ONCE * MOST_BYTES };
    const listed = await git.run(["diff-tree", "--stdin", "-r", ...HOW], options);
    // What each is told of begins with the names of both.
    const parts = listed.split(new RegExp(`([0-9a-f]+) ${head}\n`, "u"));
    for (let at = 1; at + 1 < parts.length; at += 2) moved.set(parts[at] ?? "", movedIn(parts[at + 1] ?? ""));
  }
  return new Map(
    commits.flatMap((commit, at) => {
      const files = moved.get(trees[at] ?? "");
      return files === undefined ? [] : [[commit, files] as const];
    }),
  );
}

/** Renames and additions of tracked files that are not committed. Throws `GitFailure` before the first commit. */
export async function movedInTree(git: GitRunner, root: string): Promise<MovedFiles> {
  return movedIn(await git.run(["diff", ...HOW, "HEAD", "--"], { cwd: root, enough: MOST_BYTES }));
}

function movedIn(listed: string): MovedFiles {
  const renamed = new Map<string, string>();
  const added: string[] = [];
  // What is cut off in the middle, as too much was listed, is none.
  const fields = listed.split("\0").slice(0, -1);
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [status = "", path = ""] = fields.slice(at, at + 2);
    if (!status.startsWith("R")) {
      added.push(path);
      continue;
    }
    const to = fields[at + 2] ?? "";
    renamed.set(path, to);
    added.push(to);
    at++;
  }
  return { renamed, added: added.slice(0, MOST_ADDED) };
}

/** The files of a commit that `first` says went there, and what became of those then. */
export function movedOn(first: MovedFiles, then: MovedFiles): MovedFiles {
  if (then.renamed.size === 0 && then.added.length === 0) return first;
  const renamed = new Map([
    ...then.renamed,
    ...[...first.renamed].map(([from, to]) => [from, then.renamed.get(to) ?? to] as const),
  ]);
  return { renamed, added: [...first.added, ...then.added] };
}

/** Files of the work tree that are neither tracked nor ignored. Throws `GitFailure`. */
export async function untrackedFiles(git: GitRunner, root: string): Promise<readonly string[]> {
  const told = await git.run(["ls-files", "-z", "--others", "--exclude-standard"], { cwd: root, enough: MOST_BYTES });
  return told
    .split("\0")
    .filter((path) => path !== "")
    .slice(0, MOST_ADDED);
}

/** By word of letters, digits, `_` and `$`, the files of the work tree with this extension that have it in them, untracked ones included. Throws `GitFailure`. */
export async function filesNaming(
  git: GitRunner,
  root: string,
  words: readonly string[],
  extension: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (let from = 0; from < words.length; from += WORDS_AT_ONCE) {
    const some = words.slice(from, from + WORDS_AT_ONCE);
    const together = await namedTogether(git, root, some, extension);
    for (const word of some) found.set(word, together?.get(word) ?? (await namedAlone(git, root, word, extension)));
  }
  return found;
}

/** Undefined where they are named too often to be listed. */
async function namedTogether(
  git: GitRunner,
  root: string,
  words: readonly string[],
  extension: string,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  // One pattern: git looks for several one after the other.
  const pattern = `(${words.map((word) => word.replaceAll("$", "[$]")).join("|")})`;
  const told = await grep(git, root, ["--only-matching", "--extended-regexp", "-e", pattern], extension);
  if (told.length >= MOST_BYTES) return undefined;
  const found = new Map(words.map((word) => [word, new Set<string>()]));
  for (const line of told.split("\n")) {
    const [path = "", word = ""] = line.split("\0");
    found.get(word)?.add(path);
  }
  return new Map([...found].map(([word, paths]) => [word, [...paths]]));
}

async function namedAlone(git: GitRunner, root: string, word: string, extension: string): Promise<readonly string[]> {
  const told = await grep(git, root, ["--files-with-matches", "--fixed-strings", "-e", word], extension);
  return told.split("\0").slice(0, -1);
}

async function grep(git: GitRunner, root: string, what: readonly string[], extension: string): Promise<string> {
  const how = ["--null", "--word-regexp", "-I", "--untracked", "--no-color", "--no-recurse-submodules"];
  const options = { cwd: root, enough: MOST_BYTES };
  return git.run(["grep", ...how, ...what, "--", `:(top)*${extension}`], options).catch((error: unknown) => {
    // 1: none has.
    if (error instanceof GitFailure && error.exitCode === 1) return "";
    throw error;
  });
}

/** Of files that are new those that may be what a path was: the same name first, then the same extension. */
export function likelyAmong(added: readonly string[], path: string, most: number): readonly string[] {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const extension = base.includes(".") ? base.slice(base.lastIndexOf(".")) : "";
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const rank = (one: string): number => {
    if (one === base || one.endsWith(`/${base}`)) return 0;
    if (!one.endsWith(extension)) return 3;
    return one.startsWith(folder) ? 1 : 2;
  };
  return added
    .map((one) => ({ one, rank: rank(one) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ one }) => one);
}
