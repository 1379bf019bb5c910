/** What a host must supply. Each port states the subset that the engine uses, and has an in-memory twin in test/support. */

export interface Clock {
  /** Milliseconds since the epoch; may jump, also backwards. */
  now(): number;
  /** Milliseconds that never go back, for durations. */
  monotonic(): number;
}

export type LogLevel = "debug" | "info" | "warn" | "error";
/** `message` is a constant text without user data; particulars go into `fields`, which the sink redacts. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** An open file. Positions and sizes are bytes. */
export interface OpenFile {
  /** Writes all of `bytes` at the end; on an error (ENOSPC, EIO) some of them may have been written. */
  append(bytes: Uint8Array): Promise<void>;
  /** fdatasync: what was appended, and the size, survive a crash once this resolves. */
  datasync(): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** Files and folders by absolute path. Errors are Node's, with `code` (ENOENT, EEXIST, EACCES, ENOSPC, …). */
export interface Files {
  /** `append` creates the file if it is missing, `exclusive` fails with EEXIST if it is there; mode 0600. */
  open(path: string, how: "read" | "append" | "exclusive"): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  /** Synchronous: one stat is cheaper than a turn of the event loop. Undefined when the file is missing. */
  sizeSync(path: string): number | undefined;
  /** When the file was last written, milliseconds since the epoch; undefined when it is missing. */
  modifiedSync(path: string): number | undefined;
  /** Names in a folder; empty when it is missing. */
  list(folder: string): Promise<readonly string[]>;
  /** Creates the folder and those above it, mode 0700. */
  makeFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Gives `existing` a second name in one atomic step; EEXIST when `name` is taken. */
  link(existing: string, name: string): Promise<void>;
  /** No error when it is missing. */
  remove(path: string): Promise<void>;
  /** fsync of a folder: names that were created, renamed or removed in it survive a crash once this resolves. */
  syncFolder(folder: string): Promise<void>;
}

export interface GitRunOptions {
  readonly cwd: string;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Standard input and output are bytes, one a character (Latin-1), so that text of any encoding passes unchanged. */
  readonly bytes?: true;
  /** As soon as git has printed this many bytes it is stopped, and what it printed so far is the result. */
  readonly enough?: number;
}
/** Runs the host's git, with everything switched off that would run a repository's own programs or reach the network. */
export interface GitRunner {
  /** Standard output. Throws `GitFailure` when git exits with another code than 0 or cannot be started. */
  run(args: readonly string[], options: GitRunOptions): Promise<string>;
}

export class GitFailure extends Error {
  override readonly name = "GitFailure";
  readonly exitCode: number | undefined;
  readonly stderr: string;
  constructor(message: string, exitCode: number | undefined, stderr: string) {
    super(message);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** Tells that code below a folder may have changed. Whoever is told looks for itself: an event may come late, twice, or for nothing. */
export interface CodeWatcher {
  /**
   * `changed` is given the paths of files and folders in which something may have changed, relative to `root` with forward slashes, or
   * undefined when anything may have: walk anew. Events that follow one another closely come as one.
   */
  subscribe(root: string, changed: (paths: readonly string[] | undefined) => void): CodeSubscription;
}
export interface CodeSubscription {
  /** False while changes may go unseen, as before `cover` or where the system gives no more watches: then walk anew before each answer. */
  isWatching(): boolean;
  /**
   * The folders that hold code, as the latest walk found them, "" for the root. Where each folder is watched by itself these are, and one
   * that was not watched before is told as changed: something may have happened in it since the walk.
   */
  cover(folders: ReadonlySet<string>): void;
  dispose(): void;
}

/** Texts that stand in editors of the host and are not saved. What anchors speak of is compared with them instead of with the files. */
export interface Drafts {
  /** Of the file at `path` below `root`; undefined where the file on disk holds. */
  at(root: string, path: string): Draft | undefined;
  /** `changed` is told, by its path below `root`, when a text comes, changes or goes. The returned function ends it. */
  subscribe(root: string, changed: (path: string) => void): () => void;
}
export interface Draft {
  readonly text: string;
  /** No two texts have the same. */
  readonly version: number;
}

/** Tells quickly which files of many may hold a line that matches. */
export interface TextScan {
  /**
   * Those of `paths`, relative to `root`, with a line that matches `pattern`, in the syntax of Rust's regex crate. Undefined where it cannot be
   * told: then each of them may. Throws what `signal` was aborted with.
   */
  filesWith(
    pattern: string,
    options: {
      readonly root: string;
      readonly paths: readonly string[];
      readonly ignoreCase: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<ReadonlySet<string> | undefined>;
}

/** How processes that share a data folder reach each other: the owner listens, followers and short-lived commands call. */
export interface Peers {
  /** Identity of this process, written into its claim. */
  readonly self: ProcessIdentity;
  /** Whether the process of a claim still runs; `stopped` when it lives but does not answer. */
  probe(identity: ProcessIdentity, address: PeerAddress | undefined): Promise<"alive" | "stopped" | "dead">;
  /** Sends one request to the process at `address`. Throws OWNER_UNREACHABLE, or the error that the owner answered. */
  call(address: PeerAddress, operation: string, body: unknown): Promise<unknown>;
  /** Where this process can be reached; resolves when it listens. */
  address(): Promise<PeerAddress>;
}

export interface ProcessIdentity {
  readonly pid: number;
  /** Tells two processes with one pid apart: boot id and start time where the platform has them. */
  readonly started: string;
}

export interface PeerAddress {
  readonly url: string;
  readonly token: string;
}
