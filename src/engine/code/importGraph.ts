import type { IndexedFile } from "./codeIndex.ts";

/** A name that more files have says nothing of which of them is meant. */
const MOST_NAMESAKES = 3;

/** Which files import which, as far as the text tells: relative paths by the folder, everything else by the end of the name. */
export class ImportGraph {
  readonly #imports = new Map<IndexedFile, readonly IndexedFile[]>();
  readonly #importedBy = new Map<IndexedFile, IndexedFile[]>();

  constructor(files: Iterable<IndexedFile>) {
    const all = [...files];
    const byStem = new Map<string, IndexedFile>();
    const byEnd = new Map<string, IndexedFile[]>();
    for (const file of all) {
      const stem = stemOf(file.path);
      byStem.set(stem, file);
      // What a folder's index file holds is imported by the folder's name.
      const folder = /^(.*)\/(?:index|__init__|mod|main)$/u.exec(stem)?.[1];
      if (folder !== undefined && !byStem.has(folder)) byStem.set(folder, file);
      const end = lastPart(folder ?? stem);
      byEnd.set(end, [...(byEnd.get(end) ?? []), file]);
    }
    for (const file of all) {
      const targets = new Set<IndexedFile>();
      for (const { module } of file.parsed.imports)
        for (const target of resolve(module, file, byStem, byEnd)) if (target !== file) targets.add(target);
      this.#imports.set(file, [...targets]);
      for (const target of targets) {
        const known = this.#importedBy.get(target);
        if (known === undefined) this.#importedBy.set(target, [file]);
        else known.push(file);
      }
    }
  }

  importsOf(file: IndexedFile): readonly IndexedFile[] {
    return this.#imports.get(file) ?? [];
  }

  importersOf(file: IndexedFile): readonly IndexedFile[] {
    return this.#importedBy.get(file) ?? [];
  }
}

function resolve(
  module: string,
  from: IndexedFile,
  byStem: ReadonlyMap<string, IndexedFile>,
  byEnd: ReadonlyMap<string, readonly IndexedFile[]>,
): readonly IndexedFile[] {
  const folder = from.path.includes("/") ? from.path.slice(0, from.path.lastIndexOf("/")) : "";
  if (/^\.{1,2}\//u.test(module) || module === "." || module === "..") {
    const found = byStem.get(stemOf(joined(folder, module))) ?? byStem.get(joined(folder, module));
    return found === undefined ? [] : [found];
  }
  // Python: one dot is the package of the file, each more one folder up.
  const dotted = /^(\.+)([\w.]*)$/u.exec(module);
  if (dotted !== null) {
    const [, dots = ".", rest = ""] = dotted;
    const up = "../".repeat(dots.length - 1);
    const found = byStem.get(joined(folder, `${up}${rest.replaceAll(".", "/")}`));
    return found === undefined ? [] : [found];
  }
  const path = module
    .replace(/^[@~]\//u, "")
    .replaceAll("::", "/")
    .replace(/\\/gu, "/");
  const whole = byStem.get(stemOf(path)) ?? byStem.get(path.replaceAll(".", "/"));
  if (whole !== undefined) return [whole];
  const namesakes = byEnd.get(lastPart(/^[\w.]+$/u.test(path) ? path.replaceAll(".", "/") : stemOf(path))) ?? [];
  if (namesakes.length <= MOST_NAMESAKES) return namesakes;
  return namesakes.filter(({ path: other }) => other.slice(0, other.lastIndexOf("/")) === folder);
}

const stemOf = (path: string): string => path.replace(/(\/|^)([^/]+?)(?:\.d)?\.\w+$/u, "$1$2");
const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function joined(folder: string, relative: string): string {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
