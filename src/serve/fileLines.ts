import { open } from "node:fs/promises";
import { readLines } from "../engine/lifecycle/readLines.ts";
import { explainFileError } from "./explainFileError.ts";

/** The lines of a file, read as they are asked for. INVALID_INPUT for what is no file, FORBIDDEN_PATH. */
export async function* fileLines(path: string): AsyncGenerator<string, void, undefined> {
  try {
    const file = await open(path, "r");
    // It closes the file when its reader stops, wherever that is.
    yield* readLines(file.createReadStream());
  } catch (error) {
    throw explainFileError(error, path);
  }
}
