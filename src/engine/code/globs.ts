import picomatch from "picomatch";

/** Whether a path matches a glob; one without a slash is of the file's name. Throws where it cannot be understood. */
export function globMatcher(glob: string): (path: string) => boolean {
  return picomatch(glob, { dot: true, basename: !glob.includes("/") });
}
