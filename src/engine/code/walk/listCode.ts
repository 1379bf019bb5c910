import type { GitRunner } from "../../ports.ts";
import { type CodeFolder, openCodeFolder } from "./codeFolder.ts";
import { type CodeListing, MAXIMUM_FILE_BYTES } from "./codeListing.ts";
import { collectFromGit } from "./gitWalk.ts";
import { walkFolder } from "./folderWalk.ts";
import { readGitIndex } from "./gitIndex.ts";
import { ListingRules } from "./listingRules.ts";

export interface ListCodeOptions {
  /** Undefined where there is no git, or it is not to be asked. */
  readonly git?: GitRunner;
  /** Globs of what is left out, as VS Code's files.exclude has them. */
  readonly exclude?: readonly string[];
  /** A file with more bytes is left out; `MAXIMUM_FILE_BYTES` unless given. */
  readonly maxBytes?: number;
  /** Whether other people's code is listed, marked as such. It is not unless asked for: it drowns what the repository itself says. */
  readonly vendored?: boolean;
  /** Whether what git ignores is named among what is left out, which costs git another look. Without git it always is. */
  readonly ignored?: boolean;
  readonly signal?: AbortSignal;
  /** Stands between the walk and the disk in tests that need a fault. */
  readonly folder?: CodeFolder;
}

/**
 * The code below `root`, an absolute path, without reading any file of it: what only content tells is left to `readCode`.
 *
 * In a work tree of git its own answer is taken of what is ignored and what is unchanged, and a tracked file is listed though a rule ignores
 * it, as git has it. A submodule, and an untracked repository inside, is left out: it has a root of its own. Elsewhere the folders are walked
 * and .gitignore files obeyed, those of repositories inside too. A .heirloomignore has the syntax of .gitignore, stands in any folder, and
 * also holds for tracked files. Links are never followed. Throws INVALID_INPUT for a bare repository, and what `signal` was aborted with.
 */
export async function listCode(root: string, options: ListCodeOptions = {}): Promise<CodeListing> {
  const startedAt = Date.now();
  const { signal } = options;
  const folder = options.folder ?? openCodeFolder(root);
  const rules = new ListingRules({
    exclude: options.exclude ?? [],
    maxBytes: options.maxBytes ?? MAXIMUM_FILE_BYTES,
    vendored: options.vendored ?? false,
  });
  const index =
    options.git === undefined
      ? undefined
      : await readGitIndex(options.git, root, {
          ignored: options.ignored ?? false,
          ...(signal === undefined ? {} : { signal }),
        });
  const walked =
    index === undefined ? await walkFolder(folder, rules, signal) : await collectFromGit(index, folder, rules, signal);
  return {
    ...walked,
    by: index === undefined ? "walk" : "git",
    objectFormat: index?.objectFormat ?? "sha1",
    startedAt,
  };
}
