import { HeirloomError } from "../../../contract/errors.ts";

/** A path of the work tree as its files are called there: relative to the root, forward slashes, no `.` or `..`. FORBIDDEN_PATH when it leads out. */
export function insidePath(given: string, root: string): string {
  const path = given.replaceAll("\\", "/");
  const from = root.replaceAll("\\", "/").replace(/\/+$/u, "");
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:\//u.test(path);
  if (isAbsolute && !path.startsWith(`${from}/`)) throw forbidden(given);
  const parts: string[] = [];
  for (const part of (isAbsolute ? path.slice(from.length) : path).split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) throw forbidden(given);
  }
  return parts.join("/");
}

const forbidden = (given: string): HeirloomError =>
  new HeirloomError(
    "FORBIDDEN_PATH",
    `${JSON.stringify(given.slice(0, 200))} is outside of the workspace: give a path inside of it, relative to its root.`,
  );
