/** What a walk finds below a root. Paths are relative to it, with forward slashes. */
export interface CodeListing {
  readonly files: readonly CodeFile[];
  readonly leftOut: readonly LeftOut[];
  /** Who told what is ignored: git, or the walk that reads the ignore files itself. */
  readonly by: "git" | "walk";
  /** Of the repository, and so of every blob id here; sha1 where there is no repository. */
  readonly objectFormat: ObjectFormat;
  /** Milliseconds since the epoch when the walk began: what was written since may be missing. */
  readonly startedAt: number;
}

export interface CodeFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch, with the fraction that the system gives. */
  readonly modifiedMs: number;
  /** Git's id of the content, where git knows that the file is unchanged since it was taken into the index. */
  readonly blob?: string;
  /** Somebody else's code, listed because a setting wants it. */
  readonly vendored?: true;
}

/** Ends in a slash where a whole folder is left out. */
export interface LeftOut {
  readonly path: string;
  readonly leftOut: LeftOutReason;
}

export type LeftOutReason = PathReason | KindReason | ContentReason | ReadReason;
/** Told by the path: a rule of .gitignore or .heirloomignore, a setting, or the tables of `pathRules.ts`. */
export type PathReason =
  "secret" | "ignored" | "excluded" | "vendored" | "generated" | "minified" | "binary" | "name not UTF-8";
/** Told by what is there. A link is never followed: what it leads to inside the root is listed where it is. */
export type KindReason =
  "symbolic link" | "no regular file" | "submodule" | "nested repository" | "too large" | "too many files";
export type ContentReason = "binary" | "minified" | "generated";
/** Told by trying: `outside` when a folder on the way has become a link that leads out of the root. */
export type ReadReason = "missing" | "unreadable" | "outside";

export type ObjectFormat = "sha1" | "sha256";

/**
 * The most bytes of a file that is read, unless a setting says otherwise. Of 45,265 text files of 23 repositories 18 are larger, and none
 * of those was written by hand: bundles, change logs, recordings, translated Fortran.
 */
export const MAXIMUM_FILE_BYTES = 1_048_576;
