import type { CodeImport } from "../../../contract/code.ts";
import { folderOf, joined, lastPart, stemOf } from "./modulePath.ts";

/**
 * Last parts of what an import of a file may lead to. A file is found again by what it, or its folder, is called: `keysOfFile` has one of them
 * where the import leads there.
 */
export function keysOfImport({ module, names = [] }: CodeImport, path: string): ReadonlySet<string> {
  const target = /^\.{1,2}(?:\/|$)/u.test(module) ? joined(folderOf(path), module) : module;
  const dots = /^(\.+)$/u.exec(module)?.[1];
  const end = dots === undefined ? lastOf(stemOf(target)) : lastPart(up(folderOf(path), dots.length - 1));
  const keys = new Set([end, lastOf(target)]);
  // Of Python, Java and Rust what is imported may be a file.
  if (!/[./]/u.test(module.slice(0, 1)) || dots !== undefined || /^\.\w/u.test(module))
    for (const { name } of names) keys.add(lastOf(name));
  return keys;
}

/** What an import may end with that leads to a file: its name, that of its folder or of the one above, and what it declares as its package. */
export function keysOfFile(path: string, packages: readonly string[]): ReadonlySet<string> {
  const folder = folderOf(path);
  return new Set([lastPart(stemOf(path)), lastPart(folder), lastPart(folderOf(folder)), ...packages.map(lastOf)]);
}

function up(folder: string, times: number): string {
  let at = folder;
  for (let left = times; left > 0; left--) at = folderOf(at);
  return at;
}

/** `Reader` of `io.Reader`, `std::io::Reader`, `io/Reader` and `IO\Reader`. */
export const lastOf = (name: string): string => /[^./:\\]*$/u.exec(name)?.[0] ?? name;
