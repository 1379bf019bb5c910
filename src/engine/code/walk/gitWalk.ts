import type { CodeFolder } from "./codeFolder.ts";
import type { CodeListing } from "./codeListing.ts";
import type { GitIndex } from "./gitIndex.ts";
import { ListingBuilder, type ListingRules, OWN_IGNORE_FILE, regularFile } from "./listingRules.ts";
import { readIgnoreFile } from "./readIgnoreFile.ts";
import { Pace } from "./pace.ts";
import type { TrackedFile } from "./parseIndexListing.ts";

/** Entries between two looks at the clock. */
const ENTRIES_A_LOOK = 512;

/** The listing of a work tree by what git said of it. Only a file that git knows nothing certain of is looked at. */
export async function collectFromGit(
  index: GitIndex,
  folder: CodeFolder,
  rules: ListingRules,
  signal?: AbortSignal,
): Promise<Pick<CodeListing, "files" | "leftOut">> {
  const builder = new ListingBuilder(rules);
  const pace = new Pace();
  const paths = function* () {
    for (const { path } of index.tracked) yield path;
    yield* index.untracked;
  };
  for (const path of paths()) if (isOwnIgnoreFile(path)) await readIgnoreFile(folder, path, rules.ignored);
  // The one at the root counts even where a person keeps it out of git.
  await readIgnoreFile(folder, OWN_IGNORE_FILE, rules.ignored);
  let count = 0;
  const turn = async (): Promise<void> => {
    if (!pace.isDue()) return;
    await pace.giveWay();
    signal?.throwIfAborted();
  };
  let before: string | undefined;
  const throughLink = linkFinder(folder);
  for (const file of index.tracked) {
    if (file.path !== before) takeTracked(builder, folder, index, file, throughLink);
    before = file.path;
    if (++count % ENTRIES_A_LOOK === 0) await turn();
  }
  for (const path of index.untracked) {
    if (path.endsWith("/")) builder.leaveOut(path, "nested repository");
    else builder.take(path, () => regularFile(folder.stat(path)));
    if (++count % ENTRIES_A_LOOK === 0) await turn();
  }
  for (const path of index.ignored) builder.leaveOut(path, "ignored");
  return builder.listing();
}

function takeTracked(
  builder: ListingBuilder,
  folder: CodeFolder,
  index: GitIndex,
  file: TrackedFile,
  throughLink: (path: string) => boolean,
): void {
  const { path, kind, seen } = file;
  if (kind === "submodule") {
    builder.leaveOut(`${path}/`, "submodule");
    return;
  }
  const isKnown = !file.uncertain && !index.changed.has(path);
  if (isKnown && kind === "link") {
    builder.leaveOut(path, "symbolic link");
    return;
  }
  builder.take(
    path,
    () => {
      if (isKnown && seen !== undefined) return seen;
      return throughLink(path) ? undefined : regularFile(folder.stat(path));
    },
    isKnown ? file.blob : undefined,
  );
}

/** Whether a folder on the way to a path has become a link, behind which the file is another's. */
function linkFinder(folder: CodeFolder): (path: string) => boolean {
  const known = new Map<string, boolean>();
  const isBehindLink = (path: string): boolean => {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return false;
    const parent = path.slice(0, slash);
    const before = known.get(parent);
    if (before !== undefined) return before;
    const isBehind = isBehindLink(parent) || folder.stat(parent)?.kind === "link";
    known.set(parent, isBehind);
    return isBehind;
  };
  return isBehindLink;
}

function isOwnIgnoreFile(path: string): boolean {
  return path.endsWith(`/${OWN_IGNORE_FILE}`);
}
