import { HeirloomError } from "../../contract/errors.ts";

/** What is wrong at one place of a filter, as INVALID_INPUT: the path to it leads the message and is the key in `details.fields`. */
export function filterError(path: string, problem: string): HeirloomError {
  return new HeirloomError("INVALID_INPUT", `${path}: ${problem}`, { fields: { [path]: problem } });
}

/** `path` with one more key; a key that would not read as a name is quoted and cut. */
export function childPath(path: string, key: string): string {
  return /^[\w$.-]{1,80}$/u.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key.slice(0, 60))}]`;
}
