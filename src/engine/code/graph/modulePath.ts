/** A path without its ending: `src/url.ts` and `src/url.d.ts` are `src/url`. */
export const stemOf = (path: string): string => path.replace(/(\/|^)([^/]+?)(?:\.d)?\.\w+$/u, "$1$2");
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

export function joined(folder: string, relative: string): string {
  let base = folder;
  let rest = relative;
  while (rest.startsWith("./") || rest.startsWith("../")) {
    if (rest.startsWith("../")) base = folderOf(base);
    rest = rest.slice(rest.indexOf("/") + 1);
  }
  // As nearly every import is written; there are thousands of them.
  if (/^[^./][^/]*(?:\/[^./][^/]*)*$/u.test(rest)) return base === "" ? rest : `${base}/${rest}`;
  const parts = base === "" ? [] : base.split("/");
  for (const part of rest.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
