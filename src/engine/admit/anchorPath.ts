import { HeirloomError } from "../../contract/errors.ts";

/**
 * An anchor's path as it is stored: relative to the workspace root, forward slashes, no `.` or `..` (the root itself is "."). Windows paths are
 * understood on every system. Decided from the text alone: no file is touched. FORBIDDEN_PATH when it leads out of the workspace.
 */
export function normaliseAnchorPath(path: string, workspace: string): string {
  if (UNSEEN.test(path)) throw forbidden("holds control or invisible characters");
  const given = withForwardSlashes(path);
  if (!isAbsolute(given)) {
    if (/^[A-Za-z][A-Za-z0-9+.-]*:/u.test(given))
      throw forbidden("is a drive or an address, not a path in the workspace");
    return joinSegments(resolveSegments(given.split("/")));
  }
  const root = withForwardSlashes(workspace);
  const windows = DRIVE.test(root) || root.startsWith("//");
  const same = windows
    ? (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
    : (a: string, b: string) => a === b;
  const rootSegments = resolveSegments(root.split("/"));
  const segments = resolveSegments(given.split("/"));
  const inside =
    DRIVE.test(given) === DRIVE.test(root) &&
    given.startsWith("//") === root.startsWith("//") &&
    rootSegments.length <= segments.length &&
    rootSegments.every((segment, index) => same(segment, segments[index] ?? ""));
  if (!inside) throw forbidden("is outside the workspace");
  return joinSegments(segments.slice(rootSegments.length));
}

const UNSEEN = /[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
const DRIVE = /^[A-Za-z]:\//u;

/** Also takes the `\\?\` prefix off that Windows writes before long paths. */
const withForwardSlashes = (path: string): string =>
  path
    .replaceAll("\\", "/")
    .replace(/^\/\/[?.]\/UNC\//iu, "//")
    .replace(/^\/\/[?.]\//u, "");

const isAbsolute = (path: string): boolean => path.startsWith("/") || DRIVE.test(path);

function resolveSegments(segments: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") resolved.push(segment);
    else if (resolved.pop() === undefined) throw forbidden("leads out of the workspace");
  }
  return resolved;
}

const joinSegments = (segments: readonly string[]): string => (segments.length === 0 ? "." : segments.join("/"));

/** FORBIDDEN_PATH, for a path that looks as if it were inside. */
export const leavesWorkspace = (): HeirloomError =>
  forbidden("leads out of the workspace through a symbolic link, or a link on it leads nowhere");

const forbidden = (why: string): HeirloomError =>
  new HeirloomError(
    "FORBIDDEN_PATH",
    `An anchor's path ${why}. Name a file inside the workspace, relative to its root.`,
  );
