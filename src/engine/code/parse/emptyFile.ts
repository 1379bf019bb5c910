import type { ParsedFile } from "../../../contract/code.ts";

/** A file of which nothing is known but its language. */
export function emptyFile(path: string, language?: string): ParsedFile {
  return {
    ...{ path, ...(language === undefined ? {} : { language }) },
    ...{ symbols: [], imports: [], calls: [], inherits: [], routes: [], configKeys: [], hasErrors: false },
  };
}

/** A file that could not be parsed, and why. */
export function failedFile(path: string, message: string): ParsedFile {
  return { ...emptyFile(path), unparsed: { reason: "failed", message } };
}
