import { join, sep } from "node:path";

/** What is asked of the file system about where a path leads. */
export interface WorkspaceLinks {
  /** Where a path really leads, symbolic links resolved; undefined when that is nowhere. */
  readonly realPath: (absolutePath: string) => Promise<string | undefined>;
  /** Names of the symbolic links (and junctions) in a folder; undefined when there is no such folder. */
  readonly linksIn: (absolutePath: string) => Promise<readonly string[] | undefined>;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** Those of `paths`, which are relative to the workspace and without `..`, that symbolic links lead out of it. */
export type AnchorGuard = (workspace: string, paths: readonly string[]) => Promise<ReadonlySet<string>>;

/** How long what was read is trusted, in milliseconds: a history of 50,000 commits asks for each folder once a second, and for no file. */
const TRUSTED_MS = 1_000;

/** A path of which only the first part exists leads where that part does. A link that leads nowhere may lead anywhere: it counts as leading out. */
export function createAnchorGuard(links: WorkspaceLinks): AnchorGuard {
  let trustedUntil = -Infinity;
  const roots = new Map<string, Promise<string | undefined>>();
  const folders = new Map<string, Promise<ReadonlyMap<string, string> | undefined>>();
  const linksOf = (folder: string): Promise<ReadonlyMap<string, string> | undefined> => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const read = links.linksIn(folder).then((names) => names && new Map(names.map((name) => [alike(name), name])));
    folders.set(folder, read);
    return read;
  };
  const leadsOut = async (root: string, path: string): Promise<boolean> => {
    let folder = root;
    for (const segment of path.split("/")) {
      const there = await linksOf(folder);
      if (there === undefined) return false;
      folder = join(folder, segment);
      const link = there.get(alike(segment));
      if (link === undefined) continue;
      const target = await links.realPath(folder);
      // Another name that only differs in case or composition, on a file system that tells them apart.
      if (target === undefined && link !== segment) return false;
      if (target === undefined || (target !== root && !target.startsWith(root.endsWith(sep) ? root : root + sep)))
        return true;
      folder = target;
    }
    return false;
  };
  return async (workspace, paths) => {
    if (links.monotonic() >= trustedUntil) {
      roots.clear();
      folders.clear();
      trustedUntil = links.monotonic() + TRUSTED_MS;
    }
    const outside = new Set<string>();
    if (paths.length === 0) return outside;
    const known = roots.get(workspace) ?? links.realPath(workspace);
    roots.set(workspace, known);
    const root = await known;
    if (root === undefined) return outside;
    for (const path of new Set(paths)) if (await leadsOut(root, path)) outside.add(path);
    return outside;
  };
}

/** File systems differ in which names are the same; this takes for the same whatever is so on any. */
const alike = (name: string): string => name.normalize("NFC").toLowerCase();
