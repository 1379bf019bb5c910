import { basename, dirname, sep } from "node:path";

/** One of several roots that are asked together. */
export interface NamedRoot<Root extends { readonly path: string }> {
  readonly root: Root;
  /** The name of its folder, with those above it as far as another has the same. */
  readonly name: string;
  /** Folders of it that belong to other roots, as it calls them. */
  readonly except: readonly string[];
}

/** A place as one root calls it. */
export interface AskedPlace<Root extends { readonly path: string }> extends NamedRoot<Root> {
  readonly place: string;
}

/** Each root once, and what of it belongs to those inside of it. */
export function nameRoots<Root extends { readonly path: string }>(roots: readonly Root[]): readonly NamedRoot<Root>[] {
  const byPath = new Map(roots.toReversed().map((root) => [root.path, root]));
  const all = [...byPath.values()].reverse();
  return all.map((root) => ({
    root,
    name: nameOf(root.path, all),
    except: all.flatMap(({ path }) => insideOf(root.path, path) ?? []),
  }));
}

/** A place in one of several roots, as answers name it and questions may: in the path of a file no two slashes follow each other. */
export const placeIn = (root: string, place: string): string => `${root}//${place}`;

/**
 * The roots that a place may be in, in their order, each with the place as it calls it: a name, a path, or a path with more behind it. Only one where the
 * place names its root, is absolute, or is in a folder of one root that is another root.
 */
export function rootsOfPlace<Root extends { readonly path: string }>(
  given: string,
  roots: readonly NamedRoot<Root>[],
): readonly AskedPlace<Root>[] {
  const named = roots.find(({ name }) => given.startsWith(placeIn(name, "")));
  if (named !== undefined) return [{ ...named, place: given.slice(placeIn(named.name, "").length) }];
  const around = roots
    .filter(({ root }) => insideOf(root.path, given) !== undefined)
    .toSorted((a, b) => b.root.path.length - a.root.path.length)[0];
  if (around !== undefined) return [{ ...around, place: insideOf(around.root.path, given) ?? given }];
  const path = given.replaceAll("\\", "/").replace(/^(?:\.\/)+/u, "");
  for (const outer of roots) {
    const { path: inner, root } = ownerOf(path, outer, roots);
    if (root !== outer) return [{ ...root, place: inner }];
  }
  return roots.map((one) => ({ ...one, place: given }));
}

/** The root that a file of `outer` belongs to, the innermost, and how that calls it. */
export function ownerOf<Root extends { readonly path: string }>(
  path: string,
  outer: NamedRoot<Root>,
  roots: readonly NamedRoot<Root>[],
): { readonly root: NamedRoot<Root>; readonly path: string } {
  const [folder] = outer.except.filter((one) => path.startsWith(`${one}/`)).toSorted((a, b) => b.length - a.length);
  const root = folder && roots.find((one) => insideOf(outer.root.path, one.root.path) === folder);
  return folder && root ? { root, path: path.slice(folder.length + 1) } : { root: outer, path };
}

function nameOf(path: string, all: readonly { readonly path: string }[]): string {
  let name = basename(path) || path;
  for (let above = dirname(path); ; above = dirname(above)) {
    const isShared = all.some(
      (other) => other.path !== path && other.path.endsWith(`${sep}${name.split("/").join(sep)}`),
    );
    if (!isShared || basename(above) === "") return name;
    name = `${basename(above)}/${name}`;
  }
}

/** The path `inner` as `outer` calls it, where it is inside of it. */
function insideOf(outer: string, inner: string): string | undefined {
  const start = outer.endsWith(sep) ? outer : outer + sep;
  return inner.startsWith(start) ? inner.slice(start.length).split(sep).join("/") : undefined;
}
