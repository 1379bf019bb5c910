import { readFileSync } from "node:fs";

/** The text of a small file of a repository; undefined when it is missing or cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
