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
  for (const file of index.tracked) {
    if (file.path !== before) takeTracked(builder, folder, index, file);
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

function takeTracked(builder: ListingBuilder, folder: CodeFolder, index: GitIndex, file: TrackedFile): void {
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
    () => (isKnown && seen !== undefined ? seen : regularFile(folder.stat(path))),
    isKnown ? file.blob : undefined,
  );
}

function isOwnIgnoreFile(path: string): boolean {
  return path.endsWith(`/${OWN_IGNORE_FILE}`);
}
