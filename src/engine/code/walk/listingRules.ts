import { SHARED_FOLDER } from "../../../contract/share.ts";
import type { CodeFile, CodeListing, KindReason, LeftOut, LeftOutReason, PathReason } from "./codeListing.ts";
import type { FileStat } from "./codeFolder.ts";
import { gitignorePatterns } from "./excludeGlobs.ts";
import { IgnoreRules } from "./ignoreRules.ts";
import { PathJudge } from "./judgePath.ts";

/** Rules of a person for this index alone, with the syntax of .gitignore. */
export const OWN_IGNORE_FILE = ".heirloomignore";

export interface ListingSettings {
  readonly exclude: readonly string[];
  readonly maxBytes: number;
  readonly vendored: boolean;
}

/** Every rule that needs no content, whoever found the path. */
export class ListingRules {
  /** Of .heirloomignore files, and of .gitignore files where git is not asked. */
  readonly ignored = new IgnoreRules();
  readonly #excluded = new IgnoreRules();
  readonly #judge = new PathJudge();
  readonly #settings: ListingSettings;

  constructor(settings: ListingSettings) {
    this.#settings = settings;
    if (settings.exclude.length > 0) this.#excluded.add("", gitignorePatterns(settings.exclude));
  }

  /** Why nothing below this folder is listed. */
  judgeFolder(path: string): PathReason | undefined {
    if (path.includes("\ufffd")) return "name not UTF-8";
    if (isShared(path) || this.#excluded.ignores(path, true)) return "excluded";
    if (this.ignored.ignores(path, true)) return "ignored";
    const reason = this.#judge.judgeFolder(path);
    return reason === "vendored" && this.#settings.vendored ? undefined : reason;
  }

  judgeFile(path: string): PathReason | "vendored but wanted" | undefined {
    if (path.includes("\ufffd")) return "name not UTF-8";
    if (isShared(path) || this.#excluded.ignores(path)) return "excluded";
    if (this.ignored.ignores(path)) return "ignored";
    const reason = this.#judge.judge(path);
    return reason === "vendored" && this.#settings.vendored ? "vendored but wanted" : reason;
  }

  isTooLarge(size: number): boolean {
    return size > this.#settings.maxBytes;
  }
}

/** Memories that came with the repository are no code: they are given to nobody before a person accepts them. */
function isShared(path: string): boolean {
  const lower = path.toLowerCase();
  return lower === SHARED_FOLDER || lower.startsWith(`${SHARED_FOLDER}/`);
}

/** A listing while it grows. */
export class ListingBuilder {
  readonly #files: CodeFile[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #rules: ListingRules;

  constructor(rules: ListingRules) {
    this.#rules = rules;
  }

  leaveOut(path: string, leftOut: LeftOutReason): void {
    this.#leftOut.push({ path, leftOut });
  }

  /** A file whose path was not judged yet. `stat` is called only for one that its path does not leave out. */
  take(path: string, stat: () => Omit<FileStat, "kind"> | KindReason | undefined, blob?: string): void {
    const reason = this.#rules.judgeFile(path);
    if (reason !== undefined && reason !== "vendored but wanted") {
      this.leaveOut(path, reason);
      return;
    }
    const found = stat();
    // It vanished since it was named.
    if (found === undefined) return;
    if (typeof found === "string") {
      this.leaveOut(path, found);
      return;
    }
    const { size, modifiedMs } = found;
    if (this.#rules.isTooLarge(size)) {
      this.leaveOut(path, "too large");
      return;
    }
    this.#files.push({
      path,
      size,
      modifiedMs,
      ...(blob === undefined ? {} : { blob }),
      ...(reason === undefined ? {} : { vendored: true }),
    });
  }

  listing(): Pick<CodeListing, "files" | "leftOut"> {
    return { files: this.#files, leftOut: this.#leftOut };
  }
}

/** What of `stat` keeps a thing from being listed as a file. */
export function regularFile(stat: FileStat | undefined): FileStat | KindReason | undefined {
  if (stat === undefined || stat.kind === "file") return stat;
  if (stat.kind === "link") return "symbolic link";
  return stat.kind === "folder" ? "nested repository" : "no regular file";
}
