import { HeirloomError } from "../../contract/errors.ts";
import { GitFailure, type GitRunner } from "../ports.ts";
import type { Candidate } from "../../contract/peer.ts";
import { type CommitMessage, mergeSaysSomething, readCommitMessage } from "./commitMessage.ts";
import { titleOf } from "./title.ts";

/** One commit as an event on its way to become a memory. */
export interface CommitCandidate {
  readonly candidate: Candidate;
  /** Full commit id. */
  readonly gitCommit: string;
  /** Author date, milliseconds since the epoch. */
  readonly timestamp: number;
  /** `Name <mail>`. */
  readonly author: string;
  readonly idempotencyKey: string;
}

export interface CommitOptions {
  /** Only the newest so many. */
  readonly limit?: number;
  /** Full id of a head whose history was captured before; one that is gone from the repository is ignored. */
  readonly since?: string;
  readonly signal?: AbortSignal;
}

/** Commits that are asked for in one git call: bounds what is held in memory, at some 5 ms of process start a page. */
const PAGE = 500;
const PATHS_SHOWN = 20;
const PATHS_ANCHORED = 10;

/**
 * The history of HEAD, oldest first, one event a commit; merges only if they say something themselves. `root` is the top of the work tree,
 * to which the paths are relative. Ids are listed first (41 bytes a commit) and read in pages, since paging by --skip walks all that is
 * skipped and one call would return the whole history at once. An unborn HEAD gives nothing.
 */
export async function* commitCandidates(
  git: GitRunner,
  root: string,
  options: CommitOptions = {},
): AsyncGenerator<CommitCandidate, void, undefined> {
  const commits = await listCommits(git, root, options);
  for (let from = 0; from < commits.length; from += PAGE) {
    for (const commit of await readCommits(git, root, commits.slice(from, from + PAGE), options)) {
      const message = readCommitMessage(commit.message);
      if (commit.parents < 2 || mergeSaysSomething(message)) yield candidateOf(commit, message);
    }
  }
}

interface RawCommit {
  readonly id: string;
  readonly parents: number;
  readonly timestamp: number;
  readonly author: string;
  readonly message: string;
  readonly paths: readonly string[];
}

async function listCommits(git: GitRunner, root: string, options: CommitOptions): Promise<readonly string[]> {
  const { limit, since } = options;
  if (since !== undefined && !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/u.test(since)) {
    throw new HeirloomError("INVALID_INPUT", `since must be a full commit id, not "${since.slice(0, 80)}"`);
  }
  const run = runOptions(root, options);
  let head: string;
  try {
    head = (await git.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], run)).trim();
  } catch (error) {
    // With --quiet, 1 says that HEAD names no commit yet.
    if (error instanceof GitFailure && error.exitCode === 1) return [];
    throw error;
  }
  const limited = limit === undefined ? [] : [`--max-count=${Math.max(0, Math.floor(limit))}`];
  const known = since === undefined ? [] : [`^${since}`];
  const listed = await git.run(["rev-list", "--ignore-missing", ...limited, head, ...known, "--"], run);
  // git has the newest first, which is also what --max-count keeps.
  return listed
    .split("\n")
    .filter((id) => id !== "")
    .reverse();
}

async function readCommits(
  git: GitRunner,
  root: string,
  ids: readonly string[],
  options: CommitOptions,
): Promise<readonly RawCommit[]> {
  const run = { ...runOptions(root, options), stdin: `${ids.join("\n")}\n` };
  try {
    return parseLog(await git.run([...LOG, "--name-only", "--root", "--no-renames", FORMAT], run));
  } catch (error) {
    // A partial clone may lack the trees, which are needed for the paths only.
    if (!(error instanceof GitFailure) || options.signal?.aborted === true) throw error;
    return parseLog(await git.run([...LOG, "--no-patch", FORMAT], run));
  }
}

const LOG = [
  "log",
  "--stdin",
  "--no-walk=unsorted",
  "-z",
  "--no-show-signature",
  "--no-color",
  "--encoding=UTF-8",
] as const;
/** The empty field in front ends the paths of the commit before: no path is empty. */
const FORMAT = "--format=tformat:%x00%H%x00%P%x00%at%x00%an%x00%ae%x00%B";

const runOptions = (cwd: string, { signal }: CommitOptions) => ({ cwd, ...(signal === undefined ? {} : { signal }) });

/** Reads fields by their position, which no text inside can shift: neither messages nor paths can hold a NUL. */
function parseLog(output: string): readonly RawCommit[] {
  const fields = output.split("\0");
  const commits: RawCommit[] = [];
  let at = 0;
  while (at + 6 < fields.length) {
    const [, id = "", parents = "", seconds = "", name = "", mail = "", message = ""] = fields.slice(at, at + 7);
    at += 7;
    const paths: string[] = [];
    for (let path = fields[at]; path !== undefined && path !== ""; path = fields[++at]) {
      paths.push(paths.length === 0 ? path.replace(/^\n/u, "") : path);
    }
    commits.push({
      id,
      parents: parents.split(" ").filter((parent) => parent !== "").length,
      timestamp: timestampOf(seconds),
      author: `${oneLine(name)} <${oneLine(mail)}>`,
      message,
      paths,
    });
  }
  return commits;
}

function candidateOf(commit: RawCommit, { subject, body }: CommitMessage): CommitCandidate {
  const title = titleOf(subject);
  const shown = commit.paths.slice(0, PATHS_SHOWN).map(oneLine);
  const more = commit.paths.length - shown.length;
  const touched = shown.length === 0 ? "" : `Files: ${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
  const content = [subject === "" ? "(no commit message)" : subject, body, touched]
    .filter((text) => text !== "")
    .join("\n\n");
  return {
    candidate: {
      content,
      eventType: "commit",
      kind: "event",
      scope: "lineage",
      ...(title === undefined ? {} : { title }),
      metadata: { commit: commit.id, paths: commit.paths.length },
      // A commit that touches more than a few files speaks of none of them in particular.
      anchors: commit.paths.length > PATHS_ANCHORED ? [] : commit.paths.filter(isAnchorPath).map((path) => ({ path })),
    },
    gitCommit: commit.id,
    timestamp: commit.timestamp,
    author: commit.author,
    idempotencyKey: `commit:${commit.id}`,
  };
}

/** A name that is no clean text, or leaves the tree as Windows reads it, is shown but not anchored to. */
export const isAnchorPath = (path: string): boolean =>
  path.length <= 4096 &&
  !/[\p{Cc}\\\ufffd]/u.test(path) &&
  !path.split("/").some((part) => part === "." || part === "..");

/** `%at` may be any number that somebody wrote into a commit object; the result is within the years 1970 to 9999. */
function timestampOf(seconds: string): number {
  const parsed = Number(seconds);
  return Number.isFinite(parsed) ? Math.min(Math.max(parsed, 0) * 1000, Date.UTC(9999, 11, 31)) : 0;
}

export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .slice(0, 1024)
    .trim();
