import type { CodeListing } from "./walk/codeListing.ts";
import type { CodeState } from "./walk/findChanges.ts";

/** No more files than a person wants, the first by the alphabet. */
export function atMost(count: number, listing: CodeListing): CodeListing {
  if (listing.files.length <= count) return listing;
  const inOrder = [...listing.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const more = inOrder.slice(count).map(({ path }) => ({ path, leftOut: "too many files" as const }));
  return { ...listing, files: inOrder.slice(0, count), leftOut: [...listing.leftOut, ...more] };
}

/** A state in which these files are still to be found new. */
export function without(state: CodeState, paths: readonly string[]): CodeState {
  if (paths.length === 0) return state;
  const files = new Map(state.files);
  for (const path of paths) files.delete(path);
  return { ...state, files };
}

/** Every folder that holds one of these files, and those above it. */
export function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set([""]);
  for (const path of paths)
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  return folders;
}

/** Whether a path is the other one, or in that folder; "." is the root. */
export function isWithin(path: string, folder: string): boolean {
  const plain = folder.replace(/^\.\/|\/+$/gu, "");
  return plain === "" || plain === "." || path === plain || path.startsWith(`${plain}/`);
}

export function countsOf(reasons: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
