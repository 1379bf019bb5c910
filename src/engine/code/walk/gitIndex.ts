import { HeirloomError } from "../../../contract/errors.ts";
import { GitFailure, type GitRunner, type GitRunOptions } from "../../ports.ts";
import type { ObjectFormat } from "./codeListing.ts";
import { Pace } from "./pace.ts";
import { parseIndexFile } from "./parseIndexFile.ts";
import { readIndexFile } from "./readIndexFile.ts";
import { parseIndexListing, type TrackedFile } from "./parseIndexListing.ts";

/** What git says of a work tree. Paths are relative to the root that was asked about, with U+FFFD where a name is no UTF-8. */
export interface GitIndex {
  readonly objectFormat: ObjectFormat;
  /** One in conflict comes up to three times, one after the other. */
  readonly tracked: readonly TrackedFile[];
  /** Neither tracked nor ignored; a repository inside is one path with a slash at its end. */
  readonly untracked: readonly string[];
  /** Paths of tracked files that are not, or may not be, what the index holds. */
  readonly changed: ReadonlySet<string>;
  /** Ignored files and folders, a folder as one with a slash at its end. Empty unless asked for. */
  readonly ignored: readonly string[];
}

export interface GitIndexOptions {
  readonly ignored: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Asks git about the work tree that `root` is or lies in, with all questions under way at once. Undefined when it lies in none, or git cannot
 * say. INVALID_INPUT when `root` is a bare repository or a git directory, in which there is no code.
 */
export async function readGitIndex(
  git: GitRunner,
  root: string,
  options: GitIndexOptions,
): Promise<GitIndex | undefined> {
  const run = { cwd: root, bytes: true as const, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const others = ["ls-files", "-o", "--exclude-standard", "-z"];
  const answers = Promise.all([
    // Read while git still looks through the folders for the others.
    readTracked(git, run),
    git.run(others, run).then(pathsOf),
    git.run(["diff-files", "--relative", "--ignore-submodules=all", "--name-only", "-z"], run).then(pathsOf),
    options.ignored ? git.run([...others, "-i", "--directory"], run).then(pathsOf) : [],
  ]);
  try {
    const [tracked, untracked, changed, ignored] = await answers;
    const objectFormat = await formatOf(tracked, () => git.run(["rev-parse", "--show-object-format"], run));
    return { objectFormat, tracked, untracked, changed: new Set(changed), ignored };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof GitFailure)) throw error;
    // That git refuses, or is not there, leaves the walk that needs none.
    const place = await git.run(["rev-parse", "--is-bare-repository", "--is-inside-git-dir"], run).catch(() => "");
    if (place.includes("true")) throw noWorkTree(root);
    return undefined;
  }
}

/** From the index itself where that is simple, else from git: the difference is a third of a whole walk. */
async function readTracked(git: GitRunner, run: GitRunOptions): Promise<readonly TrackedFile[]> {
  const index = await readIndexFile(run.cwd);
  if (index !== undefined) return await collect(parseIndexFile(index));
  return await collect(parseIndexListing(await git.run(["ls-files", "-s", "-v", "-z", "--debug"], run)));
}

/** Every id in a repository is of one format, so that the first one tells. */
async function formatOf(tracked: readonly TrackedFile[], ask: () => Promise<string>): Promise<ObjectFormat> {
  const [first] = tracked;
  if (first !== undefined) return first.blob.length === SHA256_DIGITS ? "sha256" : "sha1";
  return (await ask()).trimEnd() === "sha256" ? "sha256" : "sha1";
}
const SHA256_DIGITS = 64;

/** Entries between two looks at the clock. */
const ENTRIES_A_LOOK = 512;

async function collect(found: Iterable<TrackedFile>): Promise<readonly TrackedFile[]> {
  const pace = new Pace();
  const entries: TrackedFile[] = [];
  for (const entry of found) {
    entries.push(entry);
    if (entries.length % ENTRIES_A_LOOK === 0 && pace.isDue()) await pace.giveWay();
  }
  return entries;
}

function pathsOf(output: string): readonly string[] {
  return Buffer.from(output, "latin1").toString("utf8").split("\0").filter(Boolean);
}

function noWorkTree(root: string): HeirloomError {
  return new HeirloomError(
    "INVALID_INPUT",
    `${root} is a bare repository or a git directory, and holds no code; open a work tree of it instead`,
    { root },
  );
}
