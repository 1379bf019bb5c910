import type { CodeFolder, FolderEntry } from "./codeFolder.ts";
import type { CodeListing } from "./codeListing.ts";
import { ListingBuilder, type ListingRules, OWN_IGNORE_FILE, regularFile } from "./listingRules.ts";
import { Pace } from "./pace.ts";
import { readIgnoreFile } from "./readIgnoreFile.ts";

/** Folders in which systems of version control keep their own. */
const VERSION_CONTROL: ReadonlySet<string> = new Set([".git", ".hg", ".svn", ".jj", "CVS"]);
/** Deeper folders are left out as unreadable: no project has them, and what makes them so deep may have no end. */
const MAXIMUM_DEPTH = 256;

/** The listing of a folder by walking it, for where git cannot be asked. */
export async function walkFolder(
  folder: CodeFolder,
  rules: ListingRules,
  signal?: AbortSignal,
): Promise<Pick<CodeListing, "files" | "leftOut">> {
  const builder = new ListingBuilder(rules);
  const pace = new Pace();
  const waiting = [{ path: "", depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (pace.isDue()) await pace.giveWay();
    signal?.throwIfAborted();
    const entries = listFolder(folder, builder, next.path);
    const prefix = next.path === "" ? "" : `${next.path}/`;
    if (entries.some(({ name }) => name === ".gitignore"))
      await readIgnoreFile(folder, `${prefix}.gitignore`, rules.ignored);
    if (entries.some(({ name }) => name === OWN_IGNORE_FILE))
      await readIgnoreFile(folder, `${prefix}${OWN_IGNORE_FILE}`, rules.ignored);
    for (const { name, kind } of entries) {
      const path = prefix + name;
      if (kind === "folder") {
        if (VERSION_CONTROL.has(name)) continue;
        const reason = next.depth < MAXIMUM_DEPTH ? rules.judgeFolder(path) : "unreadable";
        if (reason === undefined) waiting.push({ path, depth: next.depth + 1 });
        else builder.leaveOut(`${path}/`, reason);
      } else if (kind === "link") builder.leaveOut(path, "symbolic link");
      else if (kind === "other") builder.leaveOut(path, "no regular file");
      else builder.take(path, () => regularFile(folder.stat(path)));
    }
  }
  return builder.listing();
}

function listFolder(folder: CodeFolder, builder: ListingBuilder, path: string): readonly FolderEntry[] {
  try {
    return folder.list(path);
  } catch (error) {
    // A folder that vanished since it was named is no more.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT"))
      builder.leaveOut(`${path}/`, "unreadable");
    return [];
  }
}
